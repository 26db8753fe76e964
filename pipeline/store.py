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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from pipeline.engines import shift
from pipeline.engines.base import Clip, Voice
from pipeline.errors import StoreError

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, fmt and the head of data
_SEAL = struct.Struct("<4sI32s")
_TEMPORARY = ".part"


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
    return hashlib.sha256(json.dumps(sound).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a store holds: a number of clips and their size in bytes."""

    clips: int
    size: int


class Store:
    """Clips under `root/clips`, by key. Safe to share between processes: files only ever appear."""

    def __init__(self, root: Path):
        self.root = root
        self._clips = root / "clips"
        try:
            self._clips.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failed("cannot be made", self._clips, error) from error

    def has(self, key: str) -> bool:
        """Whether there is a clip of that key; `read` alone says whether it is sound."""
        return self._path(key).exists()

    def seconds(self, key: str) -> float | None:
        """Length of the clip in seconds, from its header and size alone; None if there is none."""
        try:
            with self._path(key).open("rb") as file:
                head = file.read(_HEADER.size)
        except OSError:
            return None
        if len(head) < _HEADER.size:
            return None
        *_, rate, _, _, _, _, size = _HEADER.unpack(head)
        return size / 2 / rate if rate else None

    def read(self, key: str) -> Clip | None:
        """Read the clip; None when it is not there or damaged, and then it is removed."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed("cannot be read", path, error) from error
        clip = _decode(content)
        if clip is None:
            path.unlink(missing_ok=True)
        return clip

    def write(self, key: str, clip: Clip) -> None:
        """Write the clip; StoreError when the disk is full or forbids it."""
        path = self._path(key)
        temporary: str | None = None
        try:
            path.parent.mkdir(exist_ok=True)
            handle, temporary = tempfile.mkstemp(suffix=_TEMPORARY, dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(_encode(clip))
            os.replace(temporary, path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise _failed("cannot be written", path, error) from error

    def usage(self) -> Usage:
        """Count the clips and their bytes."""
        sizes = [status.st_size for _, status in self._files()]
        return Usage(len(sizes), sum(sizes))

    def prune(self, older_than: float = 0.0) -> Usage:
        """Remove the clips that were written more than `older_than` seconds ago; say which."""
        before = time.time() - older_than
        removed = 0
        freed = 0
        for path, status in self._files(temporary=True):
            if status.st_mtime <= before:
                Path(path).unlink(missing_ok=True)
                removed += 1
                freed += status.st_size
        return Usage(removed, freed)

    def _path(self, key: str) -> Path:
        return self._clips / key[:2] / f"{key[2:]}.wav"

    def _files(self, temporary: bool = False) -> Iterator[tuple[str, os.stat_result]]:
        endings = (".wav", _TEMPORARY) if temporary else (".wav",)
        for shard in sorted(self._clips.iterdir()):
            for entry in os.scandir(shard) if shard.is_dir() else ():
                if entry.name.endswith(endings):
                    try:
                        yield entry.path, entry.stat()
                    except FileNotFoundError:
                        continue  # pruned by another process at the same time


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
    body, seal = content[: -_SEAL.size], content[-_SEAL.size :]
    if seal != _SEAL.pack(b"sha2", 32, hashlib.sha256(body).digest()):
        return None
    rate = _HEADER.unpack_from(body)[7]
    return Clip(body[_HEADER.size :], rate)


def _failed(what: str, path: Path, error: OSError) -> StoreError:
    return StoreError.of(
        f"the clip store {what} ({error.strerror or error})",
        file=path,
        remedy="choose another folder with --cache, or make room with `fullcast cache --prune`",
    )
