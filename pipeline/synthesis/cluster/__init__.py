"""Synthesis on other machines: the workers of a dask.distributed cluster.

No disk is shared: a text and a voice go out, a clip comes back. Every machine must run the same
versions, or it would be chance which of two sounds a line gets.
"""
