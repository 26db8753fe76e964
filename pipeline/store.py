"""The store of clips: what was spoken once is not spoken again.

A clip's file is named after its key, the SHA-256 of all that decides how it sounds, and is a WAV
file that any player opens, with a chunk `sha2` at its end that holds the SHA-256 of the rest. It
is written to a temporary name and then moved, and checked whenever it is read, so neither a kill
nor a bad disk ever puts half a clip into a book.
"""

import hashlib
import json
import os
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from platformdirs import user_cache_path

from pipeline.engines import shift
from pipeline.engines.base import Clip, Voice
from pipeline.errors import StoreError
from pipeline.identity import key_of

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, fmt and the head of data
_SEAL = struct.Struct("<4sI32s")
_TEMPORARY = ".part"
_ABANDONED = 60 * 60.0
"""Seconds after which nobody writes to a temporary file any more: a kill has left it behind."""


def default_root() -> Path:
    """The user's cache folder, or what FULLCAST_CACHE names."""
    chosen = os.environ.get("FULLCAST_CACHE")
    return Path(chosen) if chosen else user_cache_path("fullcast", appauthor=False)


def clip_key(fingerprint: str, voice: Voice, text: str) -> str:
    """The key of a clip: 64 hexadecimal digits.

    Volume takes no part: it is a gain, applied when the book is assembled. Nor does a shift of 0.
    """
    sound: list[object] = [fingerprint, voice.engine, voice.id, voice.rate, voice.pitch, text]
    sound += [voice.shift, shift.fingerprint(voice)] if voice.shift else []
    return key_of(sound)


@dataclass(frozen=True, slots=True)
class Usage:
    """What is kept: a number of files and their size in bytes."""

    files: int
    size: int


class Shelf:
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

    def usage(self) -> Usage:
        """Count the files and their bytes."""
        sizes = [status.st_size for _, status in self._files((self._suffix,))]
        return Usage(len(sizes), sum(sizes))

    def prune(self, older_than: float = 0.0) -> Usage:
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
        return Usage(removed, freed)

    def _files(self, endings: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
        for shard in sorted(self._folder.iterdir()):
            for entry in os.scandir(shard) if shard.is_dir() else ():
                if entry.name.endswith(endings):
                    try:
                        yield entry.path, entry.stat()
                    except FileNotFoundError:
                        continue  # pruned by another process at the same time


class Store(Shelf):
    """Clips under `root/clips`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "clips", ".wav")
        self.root = root

    def seconds(self, key: str) -> float | None:
        """Length of the clip in seconds, from its header and size alone; None if there is none."""
        try:
            with self.path(key).open("rb") as file:
                head = file.read(_HEADER.size)
        except OSError:
            return None
        if len(head) < _HEADER.size:
            return None
        *_, rate, _, _, _, _, size = _HEADER.unpack(head)
        return size / 2 / rate if rate else None

    def read(self, key: str) -> Clip | None:
        """Read the clip; None when it is not there or damaged, and then it is removed."""
        content = self.content(key)
        clip = None if content is None else _decode(content)
        if clip is None:
            self.remove(key)
        return clip

    def write(self, key: str, clip: Clip) -> None:
        """Write the clip; StoreError when the disk is full or forbids it."""
        with self.writing(key) as (_, file):
            file.write(_encode(clip))


class Notes(Shelf):
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


def _encode(clip: Clip) -> bytes:
    size = len(clip.pcm)
    riff = _HEADER.size - 8 + size + _SEAL.size
    head = _HEADER.pack(
        *(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, clip.rate, clip.rate * 2, 2, 16),
        *(b"data", size),
    )
    body = head + clip.pcm
    return body + _SEAL.pack(b"sha2", 32, hashlib.sha256(body).digest())


def _decode(content: bytes) -> Clip | None:
    body, seal = memoryview(content)[: -_SEAL.size], content[-_SEAL.size :]
    if seal != _SEAL.pack(b"sha2", 32, hashlib.sha256(body).digest()):
        return None
    rate = _HEADER.unpack_from(body)[7]
    return Clip(bytes(body[_HEADER.size :]), rate)


def failed(what: str, path: Path, error: OSError) -> StoreError:
    """Give the error of a folder or file of the cache, with what to do about it."""
    return StoreError.of(
        f"the cache {what} ({error.strerror or error})",
        file=path,
        remedy="choose another folder with --cache, or make room with `fullcast cache --prune`",
    )
