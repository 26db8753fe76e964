"""From the lines of a script to their clips."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from pipeline.core.cache import JsonCache
from pipeline.core.errors import EngineError, Problem
from pipeline.core.messages import quoted
from pipeline.core.workers import Workers
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.clip import Clip
from pipeline.model.script import Line, Script
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_requests import ClipRequests
from pipeline.synthesis.retakes import Retakes
from pipeline.synthesis.takes import Take, TakeMaker
from pipeline.synthesis.voice_queries import fingerprints, voices_by_speaker

MAX_REMEMBERED = 3_000
"""Requested lines whose takes are kept in memory until they are mixed."""


class ClipSource:
    """The clips of a script's lines: cached ones, and others synthesised by the workers.

    Raises EngineError if a voice or its engine is not available on all workers. `requests`,
    `take_maker` and `measurements` (the cache of what was measured) serve `VoiceMeasurements`.
    """

    def __init__(self, book: Book, cast: Cast, script: Script, cache: ClipCache, workers: Workers):
        self.requests = ClipRequests(cache, workers)
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
        return self._retakes.recipe(self.take_maker.recipe(line))

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
        clips = self.requests.clips(self.takes(line) if takes is None else takes)
        return self._locating_errors(line, clips)

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
