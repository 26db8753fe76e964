"""Timelines of finished audio files: where each line stands in them, and how it was spoken.

Pruning spares the timeline of a file that still exists: its lines can be heard without their clips.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.core.cache import JsonCache
from pipeline.core.errors import PipelineError
from pipeline.core.ffmpeg import Ffmpeg
from pipeline.core.fingerprint import cache_key
from pipeline.model.cast import Cast
from pipeline.model.cues import Cue
from pipeline.model.script import Line
from pipeline.synthesis.clip_source import ClipSource


class Extent(NamedTuple):
    """Where a line stands in a file: `[start, end)` in frames, and a pause after it."""

    start: int
    end: int
    pause: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines of a finished file by their `sound_key`; `rate` is that of the frames."""

    path: Path
    rate: int
    lines: Mapping[str, Extent]


class TimelineCache(JsonCache):
    """Timelines under `root/timelines`, one for each finished file, by its path."""

    def __init__(self, root: Path, create: bool = True):
        super().__init__(root, create, folder="timelines")

    def remember(self, made: Path, path: Path, rate: int, lines: Mapping[str, Cue]) -> None:
        """Record the lines of the file `made`, which will stand at `path`. Raises StoreError."""
        extents = {key: (cue.start, cue.end, cue.pause) for key, cue in lines.items()}
        version, sound = file_version(made), _sound_of(made)
        entry = {"file": str(_place(path)), "version": version, "sound": sound, "rate": rate}
        self.write(_key(path), {**entry, "lines": extents})

    def timeline(self, path: Path) -> Timeline | None:
        """Return the timeline of a file; None if there is none, or the sound is another by now.

        Whoever changes the tags leaves the sound as it is.
        """
        entry = self.read(_key(path))
        if not isinstance(entry, dict):
            return None
        if entry.get("version") != file_version(path) and entry.get("sound") != _sound_of(path):
            return None
        lines = {key: Extent(*extent) for key, extent in entry["lines"].items()}
        return Timeline(_place(path), entry["rate"], lines)

    def outlives_pruning(self, key: str) -> bool:
        """Return whether the file of a timeline still exists."""
        entry: Any = self.read(key)
        return isinstance(entry, dict) and os.path.isfile(entry.get("file", ""))


def file_version(path: Path) -> Sequence[int] | None:
    """Return the size of a file and when it was written; None if it cannot be asked about."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return [status.st_size, status.st_mtime_ns]


def _sound_of(path: Path) -> str:
    """Return a hash of the encoded sound in a file, which is the same with other tags."""
    encoded = ["-i", str(path), "-map", "0:a:0", "-c", "copy"]
    arguments = [*encoded, "-f", "hash", "-hash", "sha256", "-"]
    try:
        with Ffmpeg(arguments, f"reading {path.name}", capture_output=True) as run:
            answer = "".join(run.lines())
            run.finish()
    except PipelineError:
        answer = ""
    return answer.strip() or f"unreadable {os.urandom(16).hex()}"


def sound_key(line: Line, cast: Cast, clips: ClipSource) -> str:
    """Return a hash of everything that determines how a line sounds in a file."""
    return cache_key([*clips.recipe(line), cast.role(line.speaker).voice.volume])[:20]


def _place(path: Path) -> Path:
    return path.parent.resolve() / path.name


def _key(path: Path) -> str:
    return cache_key(["timeline", str(_place(path))])
