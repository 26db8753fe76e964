"""What an encoder is."""

from collections.abc import Iterable
from typing import Protocol, Self

SAMPLES = ("-f", "s16le", "-ac", "1")
"""ffmpeg's options for the PCM that comes in, but for its rate."""


class Encoder(Protocol):
    """Writes one audio file from parts of PCM; leaving it by an exception ends its processes.

    As many parts may be encoded at once as the format has lanes; with one lane they come in order.
    """

    def encode(self, number: int, pcm: Iterable[bytes]) -> None:
        """Encode part `number` (from 0); EncodeError when ffmpeg fails."""
        ...

    def finish(self, chapters: str) -> None:
        """Write the file; `chapters` is an FFMETADATA1 text, used where the format has a place."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
