"""The encoder interface, and the choice of an encoder for a format."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, Self

from pipeline.export.encoding.file_encoder import FileEncoder
from pipeline.export.encoding.formats import Format
from pipeline.export.encoding.parts_encoder import PartsEncoder
from pipeline.model.chapter_marks import ChapterMark


class Encoder(Protocol):
    """Writes one audio file from parts of PCM; an exception that leaves it kills its processes.

    A format that joins parts has several of them encoded at once, each a whole number of packets
    that ends with the seam (`mix/parts.py`); any other takes the whole file as its only part. The
    `key` of a part identifies its PCM: a part of a cached key and format is not encoded again. Its
    timings, bytes that only the caller interprets, are cached with it.
    """

    @property
    def caches(self) -> bool:
        """Whether encoded audio is cached, with its timings."""
        ...

    def has(self, key: str) -> bool:
        """Return whether a part with this key is cached; it may turn out to be damaged."""
        ...

    def restore(self, number: int, key: str) -> bytes | None:
        """Use a cached part as part `number` (from 0) of the file, and return its timings.

        Returns None if it is missing or damaged, and so has to be encoded.
        """
        ...

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], timings: Callable[[], bytes]
    ) -> None:
        """Encode part `number`; `timings` is called once all its PCM has been consumed.

        Raises EncodeError if ffmpeg fails, StoreError if the part cannot be cached.
        """
        ...

    def finish(self, chapters: Sequence[ChapterMark], padding: int = 0) -> None:
        """Write the file.

        In a format whose chapters are written with the audio, `chapters` are written, with titles
        that a container can hold, and `padding` bytes are left free for tags.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def open_encoder(audio_format: Format, rate: int, out: Path, cache: Path) -> Encoder:
    """Return the encoder of PCM at `rate` Hz to the file `out`; `cache` is the cache folder."""
    if audio_format.joins_parts:
        return PartsEncoder(audio_format, rate, out, cache)
    return FileEncoder(audio_format, rate, out, cache)
