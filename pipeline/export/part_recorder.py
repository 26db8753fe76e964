"""A script into an encoder: parts mixed and encoded side by side while their clips are spoken.

A part whose every word, voice and pause is as it was when it was encoded once is neither spoken
nor mixed nor encoded again.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace

from pipeline.core import memory
from pipeline.core.workers import result_of
from pipeline.export.encoding.encoder import Encoder
from pipeline.mix.mixer import Mixer
from pipeline.mix.parts import Part
from pipeline.model.cues import Cue, timeline
from pipeline.model.script import Line

_OFTEN = 1_000
"""Lines of one part after which memory is given back; a whole book may be one."""


class PartRecorder:
    """Records parts with `recorder`, a whole number of `grain` frames each; `key` gives their keys.

    `laid` is told each line once it is in the book and its seconds, pause included; it is called
    from the threads that encode. `encoded` counts the parts that had to be encoded. Cues tell their
    rests if `rested`: those of a hundred hours take some ten megabytes.
    """

    def __init__(
        self,
        mixer: Mixer,
        recorder: Encoder,
        grain: int,
        key: Callable[[Part], str],
        laid: Callable[[Line, float], None],
        rested: bool = False,
    ):
        self.encoded = 0
        self._mixer = mixer
        self._recorder = recorder
        self._grain = grain
        self._key = key
        self._laid = laid
        self._rested = rested

    def record(
        self, parts: Iterable[Part], order: Callable[[Line], None], threads: Executor
    ) -> tuple[Cue, ...]:
        """Record all parts and give their cues; `order` asks for a line's clips ahead of time."""
        recorded: list[Future[Sequence[Cue]]] = []
        heard = 0
        for part in parts:
            key = self._key(part)
            kept = self._recorder.has(key)
            recorded.append(threads.submit(self._record, part, key, order if kept else None))
            if not kept:
                for line in part.lines:
                    order(line)
                    heard = _raise_failures(recorded, heard)
        return tuple(timeline(map(result_of, recorded)))

    def _record(self, part: Part, key: str, order: Callable[[Line], None] | None) -> Sequence[Cue]:
        """Record a part; `order` its lines where nobody has, if it has to be encoded."""
        notes = self._recorder.recall(part.number, key)
        if notes is not None:
            cues = _cues(part, notes)
            for cue in cues:
                self._lay(cue)
            return self._told(cues)
        if order is not None:  # what was kept of it is damaged
            for line in part.lines:
                order(line)
        return self._encode(part, key)

    def _encode(self, part: Part, key: str) -> Sequence[Cue]:
        cues: list[Cue] = []

        def laid(cue: Cue) -> None:
            cues.append(cue if self._recorder.keeps or self._rested else replace(cue, silences=()))
            self._lay(cue)
            if len(cues) % _OFTEN == 0:
                memory.trim_heap()

        pcm = self._mixer.mix(part, laid, self._grain)
        self._recorder.encode(part.number, key, pcm, lambda: _notes(cues))
        self.encoded += 1
        memory.trim_heap()
        return self._told(cues)

    def _told(self, cues: Sequence[Cue]) -> Sequence[Cue]:
        return cues if self._rested else [replace(cue, silences=()) for cue in cues]

    def _lay(self, cue: Cue) -> None:
        self._laid(cue.line, (cue.end - cue.start + cue.pause) / self._mixer.rate)


def _notes(cues: Iterable[Cue]) -> bytes:
    """Write down when the lines of a part sound."""
    return json.dumps([(cue.start, cue.end, cue.pause, [*cue.silences]) for cue in cues]).encode()


def _cues(part: Part, notes: bytes) -> list[Cue]:
    times = json.loads(notes)
    return [
        Cue(line, start, end, pause, array("I", rests))
        for line, (start, end, pause, rests) in zip(part.lines, times, strict=True)
    ]


def _raise_failures(recorded: Sequence[Future[Sequence[Cue]]], heard: int) -> int:
    """Give up as soon as a part has failed, and not after everything else was spoken.

    The first `heard` are known to be well; give how many are now.
    """
    while heard < len(recorded) and recorded[heard].done():
        recorded[heard].result()
        heard += 1
    return heard
