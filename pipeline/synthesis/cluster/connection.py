"""Connecting to a dask cluster, and checking that its versions match those here."""

import asyncio
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

from pipeline.core.errors import EngineError, Problem
from pipeline.core.install_hint import PACKAGE, pip_install

_TIMEOUT = 5.0  # seconds, for the scheduler to answer and then for a first worker to register


@contextmanager
def dask_silenced() -> Iterator[None]:
    """Keep dask's logs and warnings off stderr: our own messages say what is wrong."""
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions, which `version_mismatches` checks
        yield


def connect(address: str) -> Any:
    """Return a dask client; raise EngineError if there is no scheduler, or dask is missing."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError.of(
            f"dask.distributed is not fully installed ({error})",
            remedy=f"install it with: {pip_install('dask')}",
        ) from error
    try:
        with dask_silenced():
            asyncio.run(asyncio.wait_for(_probe(address), _TIMEOUT))
            return Client(address, timeout=_TIMEOUT, set_as_default=False, name="fullcast")
    except Exception as error:  # of many types, depending on what else listens there
        raise EngineError.of(
            f"no dask scheduler answers at {address!r} ({type(error).__name__})",
            remedy="check the address and that it is running; `dask scheduler` starts one",
        ) from error


async def _probe(address: str) -> None:
    """Check that a dask process listens at the address.

    A client would wait for ever for something else that accepts the connection and sends nothing,
    and leaves threads behind if the address is invalid.
    """
    from distributed.core import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415 - an extra

    comm = await connect(address, timeout=_TIMEOUT, **Security().get_connection_args("client"))
    await comm.close()


def version_mismatches(client: Any) -> list[Problem]:
    """Wait for a first worker, then return a problem for each version that differs from ours.

    Raises EngineError if there is no worker, or the cluster goes away.
    """
    address = client.scheduler.address
    try:
        client.wait_for_workers(1, timeout=_TIMEOUT)
        ours = metadata.version("distributed")
        versions = client.get_versions()
        problems = _mismatches(
            "distributed", ours, {address: _distributed_version(versions["scheduler"])}
        )
        workers = {name: _distributed_version(info) for name, info in versions["workers"].items()}
        problems += _mismatches("distributed", ours, workers)
        # A function of the standard library, which even a worker without fullcast can run.
        answers = client.run(metadata.version, PACKAGE, on_error="return")
    except TimeoutError:
        raise no_workers(address) from None
    except Exception as error:  # a cluster that goes away meanwhile
        raise EngineError.of(
            f"the dask cluster at {address} does not answer ({error})",
            remedy="check that its scheduler is still running",
        ) from error
    theirs = {worker: _version(answer) for worker, answer in answers.items()}
    return problems + _mismatches(PACKAGE, metadata.version(PACKAGE), theirs)


def _distributed_version(info: dict[str, Any]) -> str | None:
    version: str | None = info["packages"]["distributed"]
    return version


def _version(answer: object) -> str | None:
    """Return a worker's answer, or None for the exception of one that lacks the package."""
    return answer if isinstance(answer, str) else None


def _mismatches(package: str, ours: str, theirs: dict[str, str | None]) -> list[Problem]:
    command = pip_install() if package == PACKAGE else f"pip install {package}=={ours}"
    remedy = f"install the same there: {command}"
    return [
        Problem(f"{machine} has {package} {version or '(none)'}, not {ours}", remedy=remedy)
        for machine, version in theirs.items()
        if version != ours
    ]


def no_workers(address: str) -> EngineError:
    """Return the error for a cluster without workers."""
    return EngineError.of(
        f"no worker is connected to the dask scheduler {address}",
        remedy=f"start one on each machine: dask worker {address}",
    )
