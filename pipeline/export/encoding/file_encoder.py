"""The encoder of formats that take a whole file as one part."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from pipeline.export.encoding.cache import FileCache
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import Format
from pipeline.model.chapter_marks import ChapterMark


class FileEncoder:
    """Implements `Encoder`; chapters are left to the tags, which these formats keep them in."""

    def __init__(self, audio_format: Format, rate: int, out: Path, cache: Path):
        self._ffmpeg = FfmpegRuns(audio_format, rate)
        self._out = out
        self._cache = FileCache(cache) if audio_format.cached else None

    @property
    def caches(self) -> bool:
        """Whether the format is worth caching."""
        return self._cache is not None

    def has(self, key: str) -> bool:
        """Return whether a file with this key is cached; it may turn out to be damaged."""
        return self._cache is not None and self._cache.has(self._ffmpeg.cache_key(key))

    def restore(self, number: int, key: str) -> bytes | None:
        """Copy a cached file to the output; None if it is missing or damaged."""
        if self._cache is None:
            return None
        return self._cache.copy_to(self._ffmpeg.cache_key(key), self._out)

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], timings: Callable[[], bytes]
    ) -> None:
        """Encode the file, and cache it."""
        self._ffmpeg.encode(pcm, self._out, "encoding")
        if self._cache is not None:
            self._cache.write(self._ffmpeg.cache_key(key), self._out, timings())

    def finish(self, chapters: Sequence[ChapterMark], padding: int = 0) -> None:
        """Do nothing: ffmpeg has written the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ffmpeg.kill_all()
