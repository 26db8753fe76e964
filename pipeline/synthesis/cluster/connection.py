"""Joining a dask cluster: is it there, and is everything on it as it is here."""

import asyncio
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

from pipeline.core.errors import EngineError, Problem

_TIMEOUT = 5.0  # seconds, for the scheduler to answer and then for a first worker to be there


@contextmanager
def silence() -> Iterator[None]:
    """Keep what dask has to say from stderr: we put it into words."""
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions, which are looked at one by one
        yield


def connect(address: str) -> Any:
    """Give dask's client; EngineError when there is no scheduler or no dask."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError.of(
            f"dask.distributed is not fully installed ({error})",
            remedy="install it with: pip install 'fullcast[dask]'",
        ) from error
    try:
        with silence():
            asyncio.run(asyncio.wait_for(_knock(address), _TIMEOUT))
            return Client(address, timeout=_TIMEOUT, set_as_default=False, name="fullcast")
    except Exception as error:  # of many kinds, by what else may listen there
        raise EngineError.of(
            f"no dask scheduler answers at {address!r} ({type(error).__name__})",
            remedy="look at its address and that it runs; `dask scheduler` starts one",
        ) from error


async def _knock(address: str) -> None:
    """See that it is dask that listens there.

    A client waits for ever for the first word of who listens and says nothing, and leaves threads
    behind when the address is none.
    """
    from distributed.core import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415 - an extra

    comm = await connect(address, timeout=_TIMEOUT, **Security().get_connection_args("client"))
    await comm.close()


def unfit(client: Any) -> list[Problem]:
    """Wait for a first worker, and tell of everything that is not as it is here."""
    address = client.scheduler.address
    try:
        client.wait_for_workers(1, timeout=_TIMEOUT)
        ours = metadata.version("distributed")
        found = client.get_versions()
        problems = _others("distributed", ours, {address: _distributed(found["scheduler"])})
        workers = {worker: _distributed(told) for worker, told in found["workers"].items()}
        problems += _others("distributed", ours, workers)
        # A function of the standard library, which a worker without fullcast has, too.
        answered = client.run(metadata.version, "fullcast", on_error="return")
    except TimeoutError:
        raise nobody(address) from None
    except Exception as error:  # a cluster that goes away while it is asked
        raise EngineError.of(f"the dask cluster at {address} cannot be asked ({error})") from error
    versions = {worker: _version(answer) for worker, answer in answered.items()}
    return problems + _others("fullcast", metadata.version("fullcast"), versions)


def _distributed(told: dict[str, Any]) -> str | None:
    version: str | None = told["packages"]["distributed"]
    return version


def _version(answer: object) -> str | None:
    return answer if isinstance(answer, str) else None


def _others(package: str, ours: str, theirs: dict[str, str | None]) -> list[Problem]:
    """Tell of machines that have another version of a package than we have, or none."""
    remedy = f"install the same there: pip install {package}=={ours}"
    return [
        Problem(f"{machine} has {package} {version or '(none)'}, not {ours}", remedy=remedy)
        for machine, version in theirs.items()
        if version != ours
    ]


def nobody(address: str) -> EngineError:
    """Give the error that there is no worker."""
    return EngineError.of(
        f"no worker is at the dask scheduler {address}",
        remedy=f"start one on each machine: dask worker {address}",
    )
