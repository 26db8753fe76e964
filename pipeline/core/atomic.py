"""Replacing a file atomically: at any moment its path holds the old content or the new, whole.

The cache and voices.yaml are written this way. What a render writes goes through `core.output`,
which also keeps two commands from writing the same output.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TEMPORARY_SUFFIX = ".part"
"""The suffix of files that are being written; a kill leaves one behind."""


@contextmanager
def atomic_write(
    path: Path, *, mode: int = 0o600, durable: bool = False
) -> Iterator[tuple[Path, IO[bytes]]]:
    """Yield a hidden temporary file beside `path`, by its path and open; on success it replaces it.

    On an exception the temporary file is removed and `path` is left as it was. A symbolic link is
    followed, and an existing file keeps its permissions; a new one gets `mode`. With `durable` the
    content is on the disk before `path` refers to it, so that it survives a power failure.
    Raises OSError.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".", suffix=TEMPORARY_SUFFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield temporary, file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else mode)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
