"""What a render would cost, without rendering."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pipeline.app.order import RenderOrder
from pipeline.app.render import at_desk, chosen, hired, read_book, rehearse
from pipeline.core import disk
from pipeline.core.messages import count, duration, size
from pipeline.export.sections import sampled, sections
from pipeline.mix.parts import Part
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.delivery_spec import SAMPLE
from pipeline.model.script import Line, Script
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.takes import Take, estimated_seconds
from pipeline.synthesis.voice_measurements import VoiceMeasurements

SPOKEN_RATE = 22_050
"""Frames a second of clips that are still to be spoken, where no voice has told its own yet."""


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """What a render would do. Seconds are measured for clips in the store, else estimated.

    `parts_anew` of `parts`, each such a `unit`, are encoded anew; they lie in `chapters_anew`, by
    title. Bytes: `output` is the size of the book, `clips_size` and `parts_size` are what is added
    to the cache, and `free` is what the disks of the output and of the cache have left.
    """

    out: Path
    lines: int
    lines_anew: int
    clips: int
    clips_anew: int
    seconds: float
    seconds_anew: float
    parts: int
    parts_anew: int
    chapters_anew: tuple[str, ...]
    output: float
    clips_size: float
    parts_size: float
    free: tuple[int, int]
    unit: str = "part"

    def told(self) -> str:
        """Tell it in words."""
        out, cache = map(size, self.free)
        return (
            f"{self.out}: about {duration(self.seconds)} in {count(self.lines, 'line')}\n"
            f"to be spoken anew: {count(self.lines_anew, 'line')}, {self.clips_anew:,} of "
            f"{count(self.clips, 'clip')}, about {duration(self.seconds_anew)}\n"
            f"to be encoded anew: {self._encoded()}\n"
            f"on disk: about {size(self.output)} for the book ({out} free), "
            f"{size(self.clips_size + self.parts_size)} more in the cache ({cache} free)"
        )

    def _encoded(self) -> str:
        if not self.chapters_anew:
            return "nothing"
        first = ", ".join(map(repr, self.chapters_anew[:_NAMED]))
        more = len(self.chapters_anew) - _NAMED
        named = f"{first} and {count(more, 'other chapter')}" if more > 0 else first
        return f"{self.parts_anew:,} of {count(self.parts, self.unit)}, in {named}"


_NAMED = 3


def survey(order: RenderOrder) -> RenderPlan:
    """Say what rendering this order would speak and encode; nothing is spoken or written."""
    book = read_book(order)
    store = ClipCache(order.cache)
    with hired(replace(order, jobs=1)) as workers:
        cast, whole = rehearse(book, order.voices, workers, order.cache, keep=False)
        script = chosen(whole, book, order.chapters)
        files = _files(order, book, script)
        said = Script(tuple(chain.from_iterable(files)), script.chapters)
        studio = ClipSource(book, cast, said, store, workers)
        levels = VoiceMeasurements(cast, said, studio).cached_levels(order.spec.aim.lufs)
        desk = at_desk(order, studio, cast, levels, 0)

        counted = _Count(store, cast, studio.takes)
        for lines in files:
            for part, kept in desk.forecast(lines, levels.has):
                counted.add(part, kept)
    a_second = desk.form.bytes_a_second(desk.rate or SPOKEN_RATE)
    anew = sum(counted.anew.values())
    sample = sampled(counted.seconds, SAMPLE) if order.split else 0.0
    encoded = counted.seconds_encoded + sample if counted.parts_anew else 0.0
    return RenderPlan(
        out=order.out,
        lines=len(script.lines),
        lines_anew=counted.lines_anew,
        clips=counted.clips,
        clips_anew=len(counted.anew),
        seconds=counted.seconds,
        seconds_anew=anew,
        parts=counted.parts,
        parts_anew=counted.parts_anew,
        chapters_anew=tuple(script.chapters.get(n, "credits") for n in counted.chapters_anew),
        output=a_second * (counted.seconds + sample),
        clips_size=2.0 * (levels.rate or SPOKEN_RATE) * anew,
        parts_size=a_second * encoded if desk.form.kept else 0.0,
        free=(disk.free_bytes(order.out.parent), disk.free_bytes(order.cache)),
        unit="part" if desk.form.grain else "file",
    )


def _files(order: RenderOrder, book: Book, script: Script) -> list[tuple[Line, ...]]:
    """Give the lines of each file that is going to be made."""
    if not order.split:
        return [script.lines]
    return [section.lines for section in sections(script, book.metadata)]


class _Count:
    """Counts part by part; a text that one voice says twice is spoken once."""

    def __init__(self, store: ClipCache, cast: Cast, takes: Callable[[Line], Iterator[Take]]):
        self.lines_anew = self.clips = self.parts = self.parts_anew = 0
        self.seconds = self.seconds_encoded = 0.0
        self.anew: dict[str, float] = {}
        self.chapters_anew: dict[int, None] = {}
        self._store = store
        self._cast = cast
        self._takes = takes

    def add(self, part: Part, kept: bool) -> None:
        """Count a part; of one that is kept nothing is spoken, mixed or encoded."""
        lasting = sum(self._line(line, kept) for line in part.lines)
        self.seconds += lasting
        self.parts += 1
        if not kept:
            self.parts_anew += 1
            self.seconds_encoded += lasting
            self.chapters_anew |= dict.fromkeys(line.chapter for line in part.lines)

    def _line(self, line: Line, kept: bool) -> float:
        lasting = self._cast.pauses[line.pause]
        missing = False
        for take in self._takes(line):
            known = self._store.seconds(take.key)
            seconds = estimated_seconds(take.text, take.voice) if known is None else known
            if known is None and not kept:
                missing = True
                self.anew[take.key] = seconds
            self.clips += 1
            lasting += seconds
        self.lines_anew += missing
        return lasting
