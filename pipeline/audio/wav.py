"""Clips as WAV files that any player opens, with a checksum of their own.

The last chunk, `sha2`, holds the SHA-256 of everything before it, so a truncated or damaged file is
recognised when it is read.
"""

import hashlib
import struct

from pipeline.model.clip import Clip

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, the fmt chunk and the head of data
_CHECKSUM = struct.Struct("<4sI32s")  # a chunk: name, size, SHA-256

HEADER_SIZE = _HEADER.size
"""Bytes before the samples."""


def encode(clip: Clip) -> bytes:
    """Return the content of a WAV file."""
    size = len(clip.pcm)
    riff = _HEADER.size - 8 + size + _CHECKSUM.size
    header = _HEADER.pack(
        *(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, clip.rate, clip.rate * 2, 2, 16),
        *(b"data", size),
    )
    body = header + clip.pcm
    return body + _checksum(body)


def decode(content: bytes) -> Clip | None:
    """Return the clip in a file that `encode` made; None if the checksum does not match."""
    body, checksum = memoryview(content)[: -_CHECKSUM.size], content[-_CHECKSUM.size :]
    if checksum != _checksum(body):
        return None
    rate = _HEADER.unpack_from(body)[7]
    return Clip(bytes(body[_HEADER.size :]), rate)


def seconds(header: bytes) -> float | None:
    """Return the length in seconds from the first `HEADER_SIZE` bytes of a file.

    None if the header is truncated. Whether the rest is intact is not checked.
    """
    if len(header) < _HEADER.size:
        return None
    *_, rate, _, _, _, _, size = _HEADER.unpack(header)
    return size / 2 / rate if rate else None


def _checksum(body: bytes | memoryview) -> bytes:
    return _CHECKSUM.pack(b"sha2", 32, hashlib.sha256(body).digest())
