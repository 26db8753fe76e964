"""From the lines of a script to their clips."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.core.cache import JsonCache
from pipeline.core.errors import EngineError, Problem
from pipeline.core.messages import quoted
from pipeline.core.workers import Workers
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.clip import Clip
from pipeline.model.script import Line, Script
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_requests import ClipRequests, OnClip
from pipeline.synthesis.retakes import Retakes
from pipeline.synthesis.takes import Take, TakeMaker, estimated_seconds
from pipeline.synthesis.voice_queries import fingerprints, voices_by_speaker

_GAP_RATE = 24_000  # Hz
MAX_REMEMBERED = 3_000
"""Requested lines whose takes are kept in memory until they are mixed."""


class ClipSource:
    """The clips of a script's lines: cached ones, and others synthesised by the workers.

    Raises EngineError if a voice or its engine is not available on all workers. With `keep_going`,
    a line that cannot be spoken becomes silence, and its error one of `gaps`. `requests`,
    `take_maker` and `measurements` (the cache of what was measured) serve `VoiceMeasurements`.
    """

    def __init__(
        self,
        book: Book,
        cast: Cast,
        script: Script,
        cache: ClipCache,
        workers: Workers,
        *,
        keep_going: bool = False,
        on_clip: OnClip | None = None,
    ):
        self.gaps: list[Problem] = []
        self._keep_going = keep_going
        # What is encoded may have gaps, so it must not be found again.
        self._salt = [os.urandom(16).hex()] if keep_going else []
        self.requests = ClipRequests(cache, workers, on_clip)
        self.measurements = JsonCache(cache.root)
        voices = voices_by_speaker(cast, script).values()
        language = book.metadata.language or "en"
        self.take_maker = TakeMaker(cast, fingerprints(workers, voices), language)
        self._book = book
        self._script = script
        self._retakes = Retakes(self.measurements)
        self._requested: dict[int, tuple[Line, tuple[Take, ...]]] = {}

    @property
    def spoken(self) -> int:
        """The number of clips that had to be synthesised so far."""
        return self.requests.spoken

    def takes(self, line: Line) -> Iterator[Take]:
        """Yield the takes of a line in order."""
        return self.take_maker.takes_of(line)

    def recipe(self, line: Line) -> Sequence[object]:
        """Return everything that determines the sound of a line, as JSON values."""
        return [*self._retakes.recipe(self.take_maker.recipe(line)), *self._salt]

    def mark_retaken(self, keys: Collection[str]) -> None:
        """Change the recipe of every line with a clip of these keys: it is being replaced."""
        lines = (line for line in self._script if any(t.key in keys for t in self.takes(line)))
        self._retakes.add(map(self.take_maker.recipe, lines))

    def request(self, line: Line) -> None:
        """Have the missing clips of a line synthesised ahead of time."""
        takes = tuple(self.takes(line))
        if len(self._requested) < MAX_REMEMBERED:  # synthesis may be many hours ahead of the mix
            self._requested[id(line)] = line, takes
        self.requests.request(takes)

    def clips(self, line: Line) -> Iterator[Clip]:
        """Yield the clips of a line; an EngineError names the line and its place in the source."""
        _, takes = self._requested.pop(id(line), (line, None))
        takes = tuple(self.takes(line)) if takes is None else takes
        clips = self._locating_errors(line, self.requests.clips(takes))
        return self._with_gap(takes, clips) if self._keep_going else clips

    def _with_gap(self, takes: Sequence[Take], clips: Iterator[Clip]) -> Iterator[Clip]:
        """Yield the clips of a line; from the first that fails, silence of the length of the rest.

        An EngineError is kept in `gaps`.
        """
        spoken = 0
        try:
            for clip in clips:
                yield clip
                spoken += 1
        except EngineError as error:
            self.gaps += (replace(problem, remedy=None) for problem in error.problems)
            seconds = sum(estimated_seconds(take.text, take.voice) for take in takes[spoken:])
            yield Clip(bytes(2 * round(seconds * _GAP_RATE)), _GAP_RATE)

    def _locating_errors(self, line: Line, clips: Iterable[Clip]) -> Iterator[Clip]:
        try:
            yield from clips
        except EngineError as error:
            reasons = "; ".join(problem.what for problem in error.problems)
            path, row = self._book.place(line)
            problem = Problem(
                f"{line.speaker} cannot say {quoted(line.text)}: {reasons}",
                path,
                row,
                error.problems[0].remedy,
            )
            raise EngineError(problem) from error
