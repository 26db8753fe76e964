"""What encoders have in common: runs of ffmpeg that are fed, and ended when something fails."""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

from pipeline.core import ffmpeg
from pipeline.core.ffmpeg import Ffmpeg
from pipeline.export.encoding.formats import Format

_SAMPLES = ("-f", "s16le", "-ac", "1")
"""ffmpeg's options for the PCM that comes in, but for its rate."""


class FfmpegRuns:
    """Runs of ffmpeg that make `form` of PCM at `rate` Hz."""

    def __init__(self, form: Format, rate: int, more: Sequence[str] = ()):
        given = [*_SAMPLES, "-ar", str(rate), "-i", "pipe:0"]
        made = ["-af", form.filters, *form.codec, *more, "-f", form.muxer]
        self._arguments = [*given, *made]
        self._under_way: set[Ffmpeg] = set()
        self._lock = threading.Lock()
        self._ended = False

    def key(self, key: str) -> str:
        """Give the key of what is made here of the PCM of that key."""
        how = [ffmpeg.version(), *self._arguments, key]
        return hashlib.sha256("\0".join(how).encode()).hexdigest()

    def encode(self, pcm: Iterable[bytes], out: Path, doing: str) -> None:
        """Encode to a file, from any thread.

        Raises EncodeError when ffmpeg fails while `doing` so, CancelledError after the end.
        """
        with Ffmpeg([*self._arguments, str(out)], doing) as run:
            with self._lock:
                self._under_way.add(run)
            try:
                for piece in pcm:
                    if self._ended:  # before this run was there to be killed
                        raise CancelledError
                    run.write(piece)
            finally:
                with self._lock:
                    self._under_way.discard(run)

    def end(self) -> None:
        """Kill what is under way, and let nothing more begin."""
        with self._lock:
            self._ended = True
            for run in self._under_way:
                run.kill()
