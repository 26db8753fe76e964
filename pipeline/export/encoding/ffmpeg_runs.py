"""Runs of ffmpeg that encode PCM, all killed together when a render fails."""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

from pipeline.core import ffmpeg
from pipeline.core.ffmpeg import Ffmpeg
from pipeline.export.encoding.formats import Format

_PCM_INPUT = ("-f", "s16le", "-ac", "1")
"""ffmpeg's options for the PCM that it reads, except for the rate."""


class FfmpegRuns:
    """Encodes PCM at `rate` Hz to `audio_format`, in any number of ffmpeg processes at once."""

    def __init__(self, audio_format: Format, rate: int, extra_options: Sequence[str] = ()):
        source = [*_PCM_INPUT, "-ar", str(rate), "-i", "pipe:0"]
        filters = ["-af", audio_format.filters]
        codec = [*audio_format.codec, *extra_options, "-f", audio_format.muxer]
        self._arguments = [*source, *filters, *codec]
        self._running: set[Ffmpeg] = set()
        self._lock = threading.Lock()
        self._killed = False

    def cache_key(self, pcm_key: str) -> str:
        """Return the cache key of the encoded audio whose PCM has the key `pcm_key`."""
        inputs = [ffmpeg.version(), *self._arguments, pcm_key]
        return hashlib.sha256("\0".join(inputs).encode()).hexdigest()

    def encode(self, pcm: Iterable[bytes], out: Path, doing: str) -> None:
        """Encode PCM to the file `out`; may be called from any thread.

        Raises EncodeError, which says what ffmpeg was `doing`, when it fails, and CancelledError
        after `kill_all`.
        """
        with Ffmpeg([*self._arguments, str(out)], doing) as run:
            with self._lock:
                self._running.add(run)
            try:
                for block in pcm:
                    if self._killed:  # this run may have started too late to be killed
                        raise CancelledError
                    run.write(block)
            finally:
                with self._lock:
                    self._running.discard(run)

    def kill_all(self) -> None:
        """Kill all runs, and let no other start."""
        with self._lock:
            self._killed = True
            for run in self._running:
                run.kill()
