"""Records the parts of one file: they are mixed and encoded in parallel while clips are spoken.

A part whose words, voices and pauses are all as they were when it was last encoded is neither
spoken nor mixed nor encoded again.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

from pipeline.core import memory
from pipeline.core.workers import result_of
from pipeline.export.encoding.encoder import Encoder
from pipeline.export.part_source import PartSource
from pipeline.mix.parts import Part
from pipeline.model.cues import Cue, timeline
from pipeline.model.script import Line

_MEMORY_INTERVAL = 1_000
"""Lines of a part after which free memory is returned; a part may be a whole book."""

OnLine = Callable[[Line, float], None]
"""Called with each line that has been recorded, and its seconds with the pause after it; from the
threads that encode."""


@dataclass(frozen=True, slots=True)
class RecordedParts:
    """The cues of all parts on one timeline, and how many parts had to be encoded."""

    cues: tuple[Cue, ...]
    encoded: int


@dataclass(frozen=True, slots=True)
class _RecordedPart:
    cues: Sequence[Cue]
    encoded: bool


class PartRecorder:
    """Records parts with an encoder.

    Cues keep the silences of their lines only if `keep_silences`: those of a hundred hours take
    some ten megabytes.
    """

    def __init__(
        self, source: PartSource, encoder: Encoder, on_line: OnLine, *, keep_silences: bool = False
    ):
        self._source = source
        self._encoder = encoder
        self._on_line = on_line
        self._keep_silences = keep_silences

    def record(self, parts: Iterable[Part], threads: Executor) -> RecordedParts:
        """Record all parts; the first one that fails ends it."""
        recordings: list[Future[_RecordedPart]] = []
        checked = 0
        for part in parts:
            key = self._source.key(part)
            cached = self._encoder.has(key)
            recordings.append(threads.submit(self._record, part, key, requested=not cached))
            if not cached:
                for line in part.lines:
                    self._source.speech.request(line)
                    checked = _raise_first_failure(recordings, checked)
        cues = timeline(result_of(recording).cues for recording in recordings)
        return RecordedParts(tuple(cues), sum(part.result().encoded for part in recordings))

    def _record(self, part: Part, key: str, *, requested: bool) -> _RecordedPart:
        """Record a part; request its clips if it has to be encoded and they are not `requested`."""
        timings = self._encoder.restore(part.number, key)
        if timings is not None:
            cues = _unpacked(part, timings)
            for cue in cues:
                self._report(cue)
            return _RecordedPart(self._without_unused_silences(cues), encoded=False)
        if not requested:  # the cached part turned out to be damaged
            for line in part.lines:
                self._source.speech.request(line)
        return _RecordedPart(self._without_unused_silences(self._encode(part, key)), encoded=True)

    def _encode(self, part: Part, key: str) -> Sequence[Cue]:
        cues: list[Cue] = []

        def on_cue(cue: Cue) -> None:
            keep = self._encoder.caches or self._keep_silences
            cues.append(cue if keep else replace(cue, silences=()))
            self._report(cue)
            if len(cues) % _MEMORY_INTERVAL == 0:
                memory.trim_heap()

        pcm = self._source.pcm(part, on_cue)
        self._encoder.encode(part.number, key, pcm, lambda: _packed(cues))
        memory.trim_heap()
        return cues

    def _without_unused_silences(self, cues: Sequence[Cue]) -> Sequence[Cue]:
        return cues if self._keep_silences else [replace(cue, silences=()) for cue in cues]

    def _report(self, cue: Cue) -> None:
        self._on_line(cue.line, (cue.end - cue.start + cue.pause) / self._source.mixer.rate)


def _packed(cues: Iterable[Cue]) -> bytes:
    """Return the timings of a part's lines as the encoder caches them."""
    return json.dumps([(cue.start, cue.end, cue.pause, [*cue.silences]) for cue in cues]).encode()


def _unpacked(part: Part, timings: bytes) -> list[Cue]:
    """Return the cues of a part from its cached timings."""
    return [
        Cue(line, start, end, pause, array("I", silences))
        for line, (start, end, pause, silences) in zip(part.lines, json.loads(timings), strict=True)
    ]


def _raise_first_failure(recordings: Sequence[Future[_RecordedPart]], checked: int) -> int:
    """Raise what has failed by now, rather than after everything else was spoken.

    The first `checked` recordings are known to have succeeded; returns how many are now.
    """
    while checked < len(recordings) and recordings[checked].done():
        recordings[checked].result()
        checked += 1
    return checked
