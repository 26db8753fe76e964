"""The store of clips: what was spoken once is not spoken again.

A clip's file is named after its key, the SHA-256 of all that decides how it sounds, and is a WAV
file that any player opens, with a chunk `sha2` at its end that holds the SHA-256 of the rest. It
is written to a temporary name and then moved, and checked whenever it is read, so neither a kill
nor a bad disk ever puts half a clip into a book.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from platformdirs import user_cache_path

from pipeline.core.errors import StoreError

_TEMPORARY = ".part"
_ABANDONED = 60 * 60.0
"""Seconds after which nobody writes to a temporary file any more: a kill has left it behind."""


def default_root() -> Path:
    """The user's cache folder, or what FULLCAST_CACHE names."""
    chosen = os.environ.get("FULLCAST_CACHE")
    return Path(chosen) if chosen else user_cache_path("fullcast", appauthor=False)


@dataclass(frozen=True, slots=True)
class CacheUsage:
    """What is kept: a number of files and their size in bytes."""

    files: int
    size: int


class CacheFolder:
    """Files by key, all of one kind, in a folder. Safe to share: files only ever appear, whole.

    The folder is made, unless it is only to be read from; StoreError when it cannot be.
    """

    def __init__(self, folder: Path, suffix: str, make: bool = True):
        self._folder = folder
        self._suffix = suffix
        try:
            if make:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failed("cannot be made", folder, error) from error

    def path(self, key: str) -> Path:
        """Where the file of a key lies, or would."""
        return self._folder / key[:2] / f"{key[2:]}{self._suffix}"

    def has(self, key: str) -> bool:
        """Whether there is a file of that key, sound or not."""
        return self.path(key).exists()

    def opened(self, key: str) -> IO[bytes] | None:
        """Open a file; None when there is none. StoreError when the disk will not give it."""
        path = self.path(key)
        try:
            return path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise failed("cannot be read", path, error) from error

    def content(self, key: str) -> bytes | None:
        """Read a file; None when there is none. StoreError when the disk will not give it."""
        file = self.opened(key)
        if file is None:
            return None
        try:
            with file:
                return file.read()
        except OSError as error:
            raise failed("cannot be read", self.path(key), error) from error

    def remove(self, key: str) -> None:
        """Remove a file, if it is there and can be removed."""
        with suppress(OSError):
            self.path(key).unlink()

    @contextmanager
    def writing(self, key: str) -> Iterator[tuple[Path, IO[bytes]]]:
        """Give a file to write, open and by its path; it becomes that of the key on success.

        Raises StoreError when the disk is full or forbids it.
        """
        path = self.path(key)
        temporary: str | None = None
        try:
            path.parent.mkdir(exist_ok=True)
            handle, temporary = tempfile.mkstemp(suffix=_TEMPORARY, dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                yield Path(temporary), file
            os.replace(temporary, path)
        except BaseException as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise failed("cannot be written", path, error) from error
            raise

    def usage(self) -> CacheUsage:
        """Count the files and their bytes."""
        sizes = [status.st_size for _, status in self._files((self._suffix,))]
        return CacheUsage(len(sizes), sum(sizes))

    def prune(self, older_than: float = 0.0) -> CacheUsage:
        """Remove what was written more than `older_than` seconds ago; say how much that was."""
        now, removed, freed = time.time(), 0, 0
        for path, status in self._files((self._suffix, _TEMPORARY)):
            least = max(older_than, _ABANDONED) if path.endswith(_TEMPORARY) else older_than
            if status.st_mtime <= now - least:
                try:
                    Path(path).unlink(missing_ok=True)
                except OSError as error:
                    raise failed("cannot be pruned", Path(path), error) from error
                removed += 1
                freed += status.st_size
        return CacheUsage(removed, freed)

    def _files(self, endings: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
        for shard in sorted(self._folder.iterdir()):
            for entry in os.scandir(shard) if shard.is_dir() else ():
                if entry.name.endswith(endings):
                    try:
                        yield entry.path, entry.stat()
                    except FileNotFoundError:
                        continue  # pruned by another process at the same time


class JsonCache(CacheFolder):
    """What was measured once, as JSON under `root/notes`, by key; a seal is its first line."""

    def __init__(self, root: Path, make: bool = True):
        super().__init__(root / "notes", ".json", make)

    def read(self, key: str) -> Any:
        """Read what was noted; None when nothing was, or it is damaged."""
        seal, _, noted = (self.content(key) or b"").partition(b"\n")
        if seal != hashlib.sha256(noted).hexdigest().encode():
            return None
        return json.loads(noted)

    def known(self, key: str, find: Callable[[], Any]) -> Any:
        """Give what was noted; else what `find` finds, and note that."""
        noted = self.read(key)
        if noted is None:
            noted = find()
            self.write(key, noted)
        return noted

    def write(self, key: str, noted: object) -> None:
        """Note what JSON can hold; StoreError when the disk is full or forbids it."""
        told = json.dumps(noted).encode()
        with self.writing(key) as (_, file):
            file.write(hashlib.sha256(told).hexdigest().encode() + b"\n" + told)


def failed(what: str, path: Path, error: OSError) -> StoreError:
    """Give the error of a folder or file of the cache, with what to do about it."""
    return StoreError.of(
        f"the cache {what} ({error.strerror or error})",
        file=path,
        remedy="choose another folder with --cache, or make room with `fullcast cache --prune`",
    )
