"""An encoder that takes all parts one after another through one ffmpeg."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from pipeline.encode.base import SAMPLES
from pipeline.encode.formats import Format
from pipeline.ffmpeg import Ffmpeg
from pipeline.marks import Mark


class StreamEncoder:
    """See `pipeline.encode.base.Encoder`; chapters are left to the tags."""

    def __init__(self, form: Format, rate: int, out: Path):
        arguments = [*SAMPLES, "-ar", str(rate), "-i", "pipe:0", "-af", form.filters, *form.codec]
        self._run = Ffmpeg([*arguments, "-f", form.muxer, str(out)], f"writing {out.name}")

    def has(self, key: str) -> bool:
        """Nothing is kept."""
        return False

    def recall(self, number: int, key: str) -> bytes | None:
        """Nothing is kept."""
        return None

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], notes: Callable[[], bytes]
    ) -> None:
        """Feed the part to ffmpeg."""
        for piece in pcm:
            self._run.write(piece)

    def finish(self, chapters: Sequence[Mark], room: int = 0) -> None:
        """Wait until the file is written."""
        self._run.finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.close()
