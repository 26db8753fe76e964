"""What the figures of a book show, counted from its script and cast."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.app.cast_report import CastReport, cast_report
from pipeline.app.forecast import line_seconds
from pipeline.model.cast import Cast
from pipeline.model.characters import UNKNOWN
from pipeline.model.script import Kind, Line, Pause, Script

BINS = 240
"""Stretches of equal length, in words, that a book is divided into."""
_APART = 4
"""Paragraphs without a speech after which the next one is no answer."""
_SCENE_ENDS = (Pause.SCENE, Pause.CHAPTER)
_PARAGRAPH_ENDS = (Pause.PARAGRAPH, *_SCENE_ENDS)


@dataclass(slots=True)
class ChapterTotals:
    """The totals of a chapter; `doubts` of its `speeches` have a doubtful speaker."""

    title: str
    words: int = 0
    seconds: float = 0.0
    spoken_seconds: float = 0.0
    speeches: int = 0
    doubts: int = 0

    def add(self, line: Line, seconds: float) -> None:
        """Count a line of a length in seconds."""
        self.words += _words(line)
        self.seconds += seconds
        if line.kind is Kind.SPEECH:
            self.spoken_seconds += seconds
            self.speeches += 1
            self.doubts += line.is_doubtful


@dataclass(frozen=True, slots=True)
class Appearances:
    """When a role speaks: its words in each bin of the book, and the chapters, counted from 1."""

    bins: Counter[int] = field(default_factory=Counter)
    chapters: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Totals of the roles, in the order of the cast report, and of the chapters.

    `chapter_starts` are where in the book chapters begin, from 0 to 1; `exchanges` has how often
    one of two speaks after the other.
    """

    roles: CastReport
    chapters: Sequence[ChapterTotals]
    chapter_starts: Sequence[float]
    appearances: Mapping[str, Appearances]
    exchanges: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, script: Script, cast: Cast) -> "Statistics":
        """Count the lines of a script."""
        chapters: dict[int, ChapterTotals] = {}
        starts: list[float] = []
        appearances: dict[str, Appearances] = {}
        total = sum(map(_words, script)) or 1
        before = 0
        for line in script:
            if line.chapter not in chapters:
                title = script.chapters.get(line.chapter, "")
                chapters[line.chapter] = ChapterTotals(title)
                starts.append(before / total)
            chapters[line.chapter].add(line, line_seconds(line, cast))
            own = appearances.setdefault(line.speaker, Appearances())
            own.chapters[len(chapters)] += 1
            for bin_, words in _binned(before, _words(line), total):
                own.bins[bin_] += words
            before += _words(line)
        exchanges = Counter(_exchanges(script))
        roles = cast_report(script, cast)
        return cls(roles, tuple(chapters.values()), starts, appearances, exchanges)

    @property
    def words(self) -> int:
        """The number of words in the book."""
        return sum(chapter.words for chapter in self.chapters)


def _words(line: Line) -> int:
    return len(line.text.split())


def _binned(before: int, words: int, total: int) -> Iterator[tuple[int, int]]:
    """Yield the bins that a line of some words is in, and its words in each."""
    yield from Counter((before + n) * BINS // total for n in range(words)).items()


def _exchanges(script: Script) -> Iterator[tuple[str, str]]:
    """Yield a pair of names, in alphabetical order, for each speech that follows another's."""
    last, chapter, apart = "", -1, 0
    for line in script:
        if line.chapter != chapter or apart >= _APART:
            last, apart = "", 0
        chapter = line.chapter
        if line.kind is Kind.SPEECH:
            speaker = "" if line.speaker == UNKNOWN else line.speaker
            if last and speaker and speaker != last:
                yield min(last, speaker), max(last, speaker)
            last, apart = speaker, 0
        elif line.pause in _PARAGRAPH_ENDS:
            apart += 1
        if line.pause in _SCENE_ENDS:
            last = ""
