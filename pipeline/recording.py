"""A script into an encoder: parts mixed and encoded side by side while their clips are spoken."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future

from pipeline.assemble import Cue, Mixer, Part, parts, timeline
from pipeline.encode import Encoder
from pipeline.script import Line
from pipeline.workers import outcome


class Recording:
    """Records parts with `recorder`, a whole number of `grain` frames each.

    `laid` is told each line once it is in the book and its seconds, pause included; it is called
    from the threads that encode.
    """

    def __init__(
        self, mixer: Mixer, recorder: Encoder, grain: int, laid: Callable[[Line, float], None]
    ):
        self._mixer = mixer
        self._recorder = recorder
        self._grain = grain
        self._laid = laid

    def record(
        self, lines: Iterable[Line], order: Callable[[Line], None], threads: Executor
    ) -> tuple[Cue, ...]:
        """Record all lines and give their cues; `order` asks for a line's clips ahead of time."""
        recorded: list[Future[list[Cue]]] = []
        for part in parts(lines):
            recorded.append(threads.submit(self._record, part))
            for line in part.lines:
                order(line)
            _raise_failures(recorded)
        return tuple(timeline(map(outcome, recorded)))

    def _record(self, part: Part) -> list[Cue]:
        cues: list[Cue] = []
        rate = self._mixer.rate

        def laid(cue: Cue) -> None:
            cues.append(cue)
            self._laid(cue.line, (cue.end - cue.start + cue.pause) / rate)

        self._recorder.encode(part.number, self._mixer.mix(part, laid, self._grain))
        return cues


def _raise_failures(recorded: Iterable[Future[list[Cue]]]) -> None:
    """Give up as soon as a part has failed, and not after everything else was spoken."""
    for future in recorded:
        if future.done():
            future.result()
