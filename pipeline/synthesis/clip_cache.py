"""The cache of clips."""

import hashlib
import struct
from pathlib import Path

from pipeline.core.cache import CacheFolder
from pipeline.core.fingerprint import cache_key
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines import pitch_shift

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, fmt and the head of data


_SEAL = struct.Struct("<4sI32s")


def clip_key(fingerprint: str, voice: Voice, text: str) -> str:
    """The key of a clip: 64 hexadecimal digits.

    Volume takes no part: it is a gain, applied when the book is assembled. Nor does a shift of 0.
    """
    sound: list[object] = [fingerprint, voice.engine, voice.id, voice.rate, voice.pitch, text]
    sound += [voice.shift, pitch_shift.fingerprint(voice)] if voice.shift else []
    return cache_key(sound)


class ClipCache(CacheFolder):
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
        content = self.read_bytes(key)
        clip = None if content is None else _decode(content)
        if clip is None:
            self.remove(key)
        return clip

    def write(self, key: str, clip: Clip) -> None:
        """Write the clip; StoreError when the disk is full or forbids it."""
        with self.writing(key) as (_, file):
            file.write(_encode(clip))


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
