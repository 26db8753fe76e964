"""An encoder that takes all of a file as one part, and keeps files that cost more than room."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from pipeline.export.encoding.cache import FileCache
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import Format
from pipeline.model.chapter_marks import ChapterMark


class FileEncoder:
    """See `pipeline.encode.base.Encoder`; chapters are left to the tags."""

    def __init__(self, form: Format, rate: int, out: Path, cache: Path):
        self._running = FfmpegRuns(form, rate)
        self._out = out
        self._kept = FileCache(cache) if form.kept else None

    @property
    def keeps(self) -> bool:
        """Whether files are kept."""
        return self._kept is not None

    def has(self, key: str) -> bool:
        """Whether a file of that key is kept, sound or not."""
        return self._kept is not None and self._kept.has(self._running.key(key))

    def recall(self, number: int, key: str) -> bytes | None:
        """Take a file that is kept; None when there is none, or it is damaged."""
        if self._kept is None:
            return None
        return self._kept.give(self._running.key(key), self._out)

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], notes: Callable[[], bytes]
    ) -> None:
        """Encode the file, and keep it."""
        self._running.encode(pcm, self._out, "encoding")
        if self._kept is not None:
            self._kept.keep(self._running.key(key), self._out, notes())

    def finish(self, chapters: Sequence[ChapterMark], room: int = 0) -> None:
        """All is written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.end()
