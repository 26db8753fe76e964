"""Failures of the machine, in words: memory, disks, permissions and the like.

They can happen anywhere, so they are recognised in one place, where everything else has failed to
expect them. They are no bugs.
"""

import errno
import os
from pathlib import Path

from pipeline.core.errors import Problem

_PACKAGE = str(Path(__file__).resolve().parents[1])
_NO_MEMORY = (
    "can't start new thread",
    "cannot allocate memory",
    "failed to map segment",
    "bad_alloc",
    "unable to allocate",
)
"""What libraries say, in any letter case, when they get no memory."""
_OF_THE_MACHINE = frozenset(
    (
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EIO, errno.ELOOP),
        *(errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EMFILE, errno.ENFILE),
        *(errno.EAGAIN, errno.EFBIG, errno.ENXIO, errno.ENODEV, errno.EBUSY),
    )
)


def explain(error: BaseException) -> Problem | None:
    """Return what of the machine has failed, and what to do; None if the error is another one."""
    if _is_out_of_memory(error):
        return Problem(
            "not enough memory",
            remedy="close other programs, allow more memory (ulimit -v), or use fewer --jobs",
        )
    if not isinstance(error, OSError) or error.errno is None:
        return None
    name = os.fspath(error.filename) if isinstance(error.filename, (str, bytes, Path)) else None
    path = os.fsdecode(name) if name is not None else None
    of_ours = path is not None and path.startswith(_PACKAGE)
    if error.errno in _OF_THE_MACHINE or (path is not None and not of_ours):
        what = f"the system says: {(error.strerror or str(error)).lower()}"
        return Problem(what, path, remedy="check the disk and the permissions there")
    return None


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    said = str(error).lower()
    library = isinstance(error, (RuntimeError, ImportError, OSError))
    return library and any(phrase in said for phrase in _NO_MEMORY)
