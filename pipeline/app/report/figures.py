"""The figures of a report: each a drawing with a title, a description and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from markupsafe import Markup

from pipeline.app.report import drawings
from pipeline.app.report.statistics import Statistics
from pipeline.core.messages import count, duration
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.pages.svg import Drawing, isolated

_MAX_PAIRS = 200
"""Pairs of roles in a table; a long novel has thousands that exchange two words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `name` is that of its file, `heading` and `rows` are its table.

    The first `texts` columns are text, the others numbers.
    """

    name: str
    title: str
    about: str
    drawing: Drawing
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1

    @property
    def svg(self) -> Markup:
        """The drawing as it stands in a page."""
        return self.drawing.markup(self.title, self.about)


def figures(script: Script, cast: Cast, names: Sequence[str]) -> list[Figure]:
    """Return the figures about a book; `names` are its roles in the order of their colours."""
    statistics = Statistics.of(script, cast)
    classes = drawings.role_classes(names)
    return [
        _timeline(statistics, drawings.timeline(statistics, classes)),
        _network(statistics, drawings.network(statistics, classes)),
        _shares(statistics, drawings.shares(statistics, classes)),
        _lengths(statistics, drawings.lengths(statistics)),
        _doubts(statistics, drawings.doubts(statistics)),
    ]


def _timeline(statistics: Statistics, drawing: Drawing) -> Figure:
    about = (
        "From left to right the book, a thin line at the beginning of each chapter; a bar where a "
        "role speaks, the higher the more."
    )
    rows = [
        [isolated(name), str(min(own.chapters)), str(max(own.chapters)), str(len(own.chapters))]
        for name in statistics.roles.speakers
        if (own := statistics.appearances[name])
    ]
    heading = ("role", "first chapter", "last chapter", "chapters")
    return Figure("timeline", "Who speaks when", about, drawing, heading, rows)


def _network(statistics: Statistics, drawing: Drawing) -> Figure:
    about = (
        "A line joins two roles that speak one after the other; it is the thicker the more often "
        "they do. Shown are those who do so most."
    )
    pairs = nlargest(_MAX_PAIRS, statistics.exchanges.items(), key=lambda item: item[1])
    rows = [[isolated(one), isolated(other), f"{n:,}"] for (one, other), n in pairs]
    heading = ("role", "with", "exchanges")
    return Figure("network", "Who talks with whom", about, drawing, heading, rows, texts=2)


def _shares(statistics: Statistics, drawing: Drawing) -> Figure:
    total = statistics.words or 1
    rows = [
        [
            isolated(name),
            isolated(statistics.roles.cast.role(name).voice.settings),
            f"{own.lines:,}",
            f"{own.words:,}",
            f"{own.words / total:.1%}",
            f"{own.seconds / 60:,.1f}",
            f"{own.doubts:,}",
        ]
        for name, own in statistics.roles.speakers.items()
    ]
    heading = ("role", "voice", "lines", "words", "share", "minutes", "doubts")
    about = "Each role's share of the words, and its minutes, as estimated from its text."
    return Figure("shares", "Each role's share", about, drawing, heading, rows, texts=2)


def _lengths(statistics: Statistics, drawing: Drawing) -> Figure:
    seconds = sum(chapter.seconds for chapter in statistics.chapters)
    about = (
        f"{count(len(statistics.chapters), 'chapter')}, {count(statistics.words, 'word')}, about "
        f"{duration(seconds)}, as estimated from the text."
    )
    rows = [
        [
            str(number),
            isolated(chapter.title),
            f"{chapter.words:,}",
            f"{chapter.seconds / 60:,.1f}",
            f"{chapter.spoken_seconds / max(chapter.seconds, 0.001):.0%}",
        ]
        for number, chapter in enumerate(statistics.chapters, 1)
    ]
    heading = ("chapter", "title", "words", "minutes", "speeches")
    return Figure("lengths", "Length of the chapters", about, drawing, heading, rows, texts=2)


def _doubts(statistics: Statistics, drawing: Drawing) -> Figure:
    speeches = count(sum(own.speeches for own in statistics.chapters), "speech", "speeches")
    doubtful = sum(own.doubts for own in statistics.chapters)
    about = f"Of {speeches}, {doubtful:,} with a doubtful speaker."
    rows = [
        [str(number), isolated(chapter.title), f"{chapter.speeches:,}", f"{chapter.doubts:,}"]
        for number, chapter in enumerate(statistics.chapters, 1)
    ]
    heading = ("chapter", "title", "speeches", "doubtful")
    return Figure("doubts", "Doubts by chapter", about, drawing, heading, rows, texts=2)
