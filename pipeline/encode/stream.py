"""An encoder that takes all parts one after another through one ffmpeg."""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pipeline.encode.base import SAMPLES
from pipeline.encode.formats import LIMIT, Format
from pipeline.ffmpeg import Ffmpeg


class StreamEncoder:
    """See `pipeline.encode.base.Encoder`; chapters are left to the tags."""

    def __init__(self, form: Format, rate: int, out: Path):
        arguments = [*SAMPLES, "-ar", str(rate), "-i", "pipe:0", "-af", LIMIT, *form.codec]
        self._run = Ffmpeg([*arguments, "-f", form.muxer, str(out)], f"writing {out.name}")

    def encode(self, number: int, pcm: Iterable[bytes]) -> None:
        """Feed the part to ffmpeg."""
        for piece in pcm:
            self._run.write(piece)

    def finish(self, chapters: str) -> None:
        """Wait until the file is written."""
        self._run.finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.close()
