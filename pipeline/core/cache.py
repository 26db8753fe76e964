"""Folders of cached files, addressed by the SHA-256 of everything that decides their content.

Files appear atomically and carry a checksum that is verified on reading, so neither a kill nor a
failing disk puts damaged content into a book, and commands can share a cache without locks.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from platformdirs import user_cache_path

from pipeline.core.atomic import TEMPORARY_SUFFIX, atomic_write
from pipeline.core.errors import StoreError

_ABANDONED_AFTER = 60 * 60.0
"""Seconds since the last write after which a temporary file was left behind by a kill."""


def default_cache_folder() -> Path:
    """Return the folder that FULLCAST_CACHE names, else the user's cache folder.

    Raises StoreError if the user has no home folder.
    """
    return chosen_folder("FULLCAST_CACHE", user_cache_path)


def chosen_folder(variable: str, usual: Callable[..., Path]) -> Path:
    """Return the folder that an environment variable names, else the `usual` one of the user.

    Raises StoreError if the user has no home folder: no HOME, and no entry among the users.
    """
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    try:
        folder = usual("fullcast", appauthor=False)
    except (RuntimeError, KeyError, OSError):
        folder = Path("~")
    if not folder.is_absolute():
        what = "this user has no home folder"
        raise StoreError.of(what, remedy=f"set HOME, or {variable} to a folder")
    return folder


@dataclass(frozen=True, slots=True)
class CacheUsage:
    """A number of cached files and their total size in bytes."""

    files: int
    size: int


class CacheFolder:
    """Cached files of one kind, by key, in a folder that several processes may use at once.

    Raises StoreError if the folder cannot be made. With `create=False` it is not made, for a cache
    that is only read.
    """

    def __init__(self, folder: Path, suffix: str, create: bool = True):
        self._folder = folder
        self._suffix = suffix
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cache_error("created", folder, error) from error

    def path(self, key: str) -> Path:
        """Return the path of a key's file, which may not exist."""
        return self._folder / key[:2] / f"{key[2:]}{self._suffix}"

    def has(self, key: str) -> bool:
        """Return whether a key's file exists, without verifying it. Raises StoreError."""
        path = self.path(key)
        try:
            return path.exists()
        except OSError as error:
            raise cache_error("read", path, error) from error

    def open(self, key: str) -> IO[bytes] | None:
        """Open a key's file; return None if there is none. Raises StoreError."""
        path = self.path(key)
        try:
            return path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise cache_error("read", path, error) from error

    def read_bytes(self, key: str) -> bytes | None:
        """Read a key's file; return None if there is none. Raises StoreError."""
        file = self.open(key)
        if file is None:
            return None
        try:
            with file:
                return file.read()
        except OSError as error:
            raise cache_error("read", self.path(key), error) from error

    def remove(self, key: str) -> None:
        """Remove a key's file if possible."""
        with suppress(OSError):
            self.path(key).unlink()

    @contextmanager
    def writing(self, key: str) -> Iterator[tuple[Path, IO[bytes]]]:
        """Yield a temporary file, by its path and open, that becomes the key's file on success.

        Raises StoreError if the disk is full or not writable.
        """
        path = self.path(key)
        try:
            path.parent.mkdir(exist_ok=True)
            with atomic_write(path) as (temporary, file):
                yield temporary, file
        except OSError as error:
            raise cache_error("written", path, error) from error

    def usage(self) -> CacheUsage:
        """Count the files and their bytes."""
        sizes = [status.st_size for _, status in self._files((self._suffix,))]
        return CacheUsage(len(sizes), sum(sizes))

    def prune(self, older_than: float = 0.0) -> CacheUsage:
        """Remove the files written more than `older_than` seconds ago; return what was removed.

        Files of keys that outlive pruning stay, and so do those that are being written.
        """
        now, removed, freed = time.time(), 0, 0
        for path, status in self._files((self._suffix, TEMPORARY_SUFFIX)):
            temporary = path.suffix == TEMPORARY_SUFFIX
            min_age = max(older_than, _ABANDONED_AFTER) if temporary else older_than
            if status.st_mtime > now - min_age:
                continue
            if not temporary and self.outlives_pruning(path.parent.name + path.stem):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise cache_error("pruned", path, error) from error
            removed += 1
            freed += status.st_size
        return CacheUsage(removed, freed)

    def outlives_pruning(self, key: str) -> bool:
        """Return whether `prune` must spare a key's file whatever its age."""
        return False

    def _files(self, suffixes: tuple[str, ...]) -> Iterator[tuple[Path, os.stat_result]]:
        try:
            yield from self._listed(suffixes)
        except OSError as error:
            raise cache_error("read", self._folder, error) from error

    def _listed(self, suffixes: tuple[str, ...]) -> Iterator[tuple[Path, os.stat_result]]:
        for shard in sorted(self._folder.iterdir()):
            for entry in os.scandir(shard) if shard.is_dir() else ():
                if entry.name.endswith(suffixes):
                    try:
                        yield Path(entry.path), entry.stat()
                    except FileNotFoundError:
                        continue  # another process has just pruned it


class JsonCache(CacheFolder):
    """JSON values by key, in a folder under `root`; the first line of a file is its SHA-256."""

    def __init__(self, root: Path, create: bool = True, *, folder: str = "notes"):
        super().__init__(root / folder, ".json", create)

    def read(self, key: str) -> Any:
        """Return a key's value; None if there is none or it is damaged."""
        checksum, _, content = (self.read_bytes(key) or b"").partition(b"\n")
        if checksum != hashlib.sha256(content).hexdigest().encode():
            return None
        return json.loads(content)

    def get_or_compute(self, key: str, compute: Callable[[], Any]) -> Any:
        """Return a key's value, computing and caching it if there is none."""
        value = self.read(key)
        if value is None:
            value = compute()
            self.write(key, value)
        return value

    def write(self, key: str, value: object) -> None:
        """Cache a JSON-serialisable value; raise StoreError if the disk is full or not writable."""
        content = json.dumps(value).encode()
        with self.writing(key) as (_, file):
            file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def cache_error(action: str, path: Path, error: OSError) -> StoreError:
    """Return the error for a file or folder of the cache that cannot be `action` (a participle)."""
    return StoreError.of(
        f"the cache cannot be {action} ({error.strerror or error})",
        file=path,
        remedy="choose another folder with --cache, or free space with `fullcast cache --prune`",
    )
