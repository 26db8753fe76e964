"""The sound of lines out of the finished files of a book."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.app.timelines import Extent, Timeline, TimelineCache, file_version
from pipeline.core.errors import PipelineError
from pipeline.core.ffmpeg import Ffmpeg
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.clip import Clip

_LEAD = 0.5
"""Seconds decoded before a line: a decoder needs some packets before its output is right."""
_TAIL = 0.1  # seconds after a line, if its pause is as long


class FinishedSounds:
    """Plays lines from the finished files of a book, as long as they are as a render left them.

    `out` is the path of one of them; those in other formats, and of a folder of chapters, stand
    beside it under the same name.
    """

    def __init__(self, out: Path, cache: Path):
        self._out = out
        self._timelines = TimelineCache(cache, create=False)
        self._known: dict[Path, tuple[Sequence[int] | None, Timeline | None]] = {}

    def clip(self, key: str) -> Clip | None:
        """Return the sound of the line with this `sound_key`; None if no file has it intact."""
        for path in self._files():
            timeline = self._timeline(path)
            if timeline is not None and key in timeline.lines:
                clip = _cut(timeline, timeline.lines[key])
                if clip is not None:
                    return clip
        return None

    def _files(self) -> Iterator[Path]:
        yield from (self._out.with_suffix(f".{name}") for name in FORMATS)
        folder = self._out.with_suffix("")
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.suffix[1:] in FORMATS)

    def _timeline(self, path: Path) -> Timeline | None:
        """Return the timeline of a file, which is read once for each version of the file."""
        version = file_version(path)
        if version is None:
            return None
        if path not in self._known or self._known[path][0] != version:
            self._known[path] = version, self._timelines.timeline(path)
        return self._known[path][1]


def _cut(timeline: Timeline, extent: Extent) -> Clip | None:
    """Return a piece of a file; None if it cannot be decoded as a whole and without an error.

    ffmpeg seeks to some packet before the line; what is cut goes by the time stamps of the samples.
    """
    rate = timeline.rate
    frames = extent.end - extent.start + min(extent.pause, round(_TAIL * rate))
    start, end = extent.start / rate, (extent.start + frames) / rate
    cut = f"aresample={rate},atrim=start={start:.9f}:end={end:.9f}"
    arguments = ["-copyts", "-start_at_zero", "-ss", f"{max(0.0, start - _LEAD):.6f}"]
    arguments += ["-i", str(timeline.path), "-map", "0:a:0", "-af", cut]
    arguments += ["-ac", "1", "-f", "s16le", "-"]
    try:
        with Ffmpeg(arguments, f"decoding {timeline.path.name}", capture_output=True) as run:
            pcm = run.read(2 * frames)
            errors = run.finish()
    except PipelineError:
        return None
    return None if errors or len(pcm) < 2 * frames else Clip(pcm, rate)
