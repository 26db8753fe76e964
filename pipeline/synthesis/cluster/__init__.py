"""Workers on other machines: those of a dask.distributed cluster."""
