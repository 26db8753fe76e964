"""Paths that a producer names: asked about and read without waiting, and without surprises.

Whatever the system says of a path (a folder that may not be entered, a name that is too long, a
loop of symbolic links) becomes an error in words. Only regular files are read, and never more of
them than they had when they were opened: a pipe, a device or a file of the kernel has no end.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import PathError, PipelineError
from pipeline.core.messages import printable, size

_PROC = Path("/proc")
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def status(path: Path, error: type[PipelineError] = PathError) -> os.stat_result | None:
    """Return what the system knows of a path, its links followed; None if nothing is there.

    Raises `error` if the system refuses to say.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as refusal:  # ValueError: NUL in the name
        if isinstance(refusal, NotADirectoryError):
            return None
        raise unusable(path, refusal, error) from refusal


def is_file(path: Path, error: type[PipelineError] = PathError) -> bool:
    """Return whether a path is a regular file. Raises `error` as `status` does."""
    found = status(path, error)
    return found is not None and stat.S_ISREG(found.st_mode)


def is_folder(path: Path, error: type[PipelineError] = PathError) -> bool:
    """Return whether a path is a folder. Raises `error` as `status` does."""
    found = status(path, error)
    return found is not None and stat.S_ISDIR(found.st_mode)


def exists(path: Path, error: type[PipelineError] = PathError) -> bool:
    """Return whether there is anything at a path. Raises `error` as `status` does."""
    return status(path, error) is not None


def resolved(path: Path, error: type[PipelineError] = PathError) -> Path:
    """Return the absolute path without links. Raises `error` for a loop of links."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as refusal:  # RuntimeError: a loop, before 3.13
        if isinstance(refusal, RuntimeError):
            refusal = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        raise unusable(path, refusal, error) from refusal


def refuse_special(path: Path, error: type[PipelineError] = PathError) -> None:
    """Raise `error` if a path is there and is neither a file nor a folder."""
    found = status(path, error)
    if found is None:
        return
    kind = next((name for is_kind, name in _KINDS if is_kind(found.st_mode)), None)
    if kind is None and _is_kernels(found):
        kind = "a file of the kernel"
    if kind is not None:
        raise error.of(
            f"is not a regular file but {kind}",
            file=printable(path),
            remedy="copy its content to a file first, or name a file",
        )


def _is_kernels(found: os.stat_result) -> bool:
    """Return whether a file is one of Linux's `/proc`: it may have no end, or wait for events."""
    try:
        return stat.S_ISREG(found.st_mode) and found.st_dev == _PROC.stat().st_dev
    except OSError:
        return False


def read_bytes(
    path: Path,
    limit: int,
    error: type[PipelineError] = PathError,
    most: int | None = None,
    remedy: str = "name another file",
) -> bytes:
    """Return the content of a regular file of at most `limit` bytes, or its first `most` bytes.

    Raises FileNotFoundError, IsADirectoryError or another OSError as opening it does, and `error`
    for anything but a file, and for one that is larger than `limit`.
    """
    refuse_special(path, error)
    with _opened(path) as file:
        length = os.fstat(file.fileno()).st_size
        if length > limit:
            what = f"is too large: {size(length)}, and {size(limit)} is the most"
            raise error.of(what, file=printable(path), remedy=remedy)
        wanted = length if most is None else min(most, length)
        return file.read(wanted)


def _opened(path: Path) -> BinaryIO:
    """Open a file without waiting for a writer, should it have become a pipe by now."""
    no_wait = getattr(os, "O_NONBLOCK", 0)
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | no_wait))


def unusable(
    path: Path, refusal: OSError | ValueError, error: type[PipelineError] = PathError
) -> PipelineError:
    """Return the error for a path about which the system says no more than `refusal`."""
    reason = (getattr(refusal, "strerror", None) or str(refusal)).lower()
    return error.of(
        f"cannot be used: {reason}",
        file=printable(path),
        remedy="check the path and the permissions of its folders, or name another",
    )
