"""The drawings of a report."""

import math
from collections.abc import Callable, Mapping, Sequence

from pipeline.app.report.statistics import BINS, ChapterTotals, Statistics
from pipeline.core.messages import count
from pipeline.model.characters import NARRATOR, UNKNOWN
from pipeline.pages.svg import (
    Drawing,
    curve_commands,
    isolated,
    line_commands,
    rectangle_commands,
)

_WIDTH, _NETWORK_WIDTH = 960, 720
_NAME_WIDTH, _MAX_NAME = 180, 22  # pixels, characters
_ROW, _BAR = 26, 20
_MAX_ROWS = 24
_MAX_NODES = 14
_HUES = 8
_LABEL_WIDTH = 26  # of the number of a chapter
_TICKS = 4

Classes = Mapping[str, str]
"""The class of each role, by which it has the colour that it has in the proof page."""


def role_classes(names: Sequence[str]) -> Classes:
    """Return the class of each role, by its place among those that a line can be given to."""
    return {
        name: "h8" if name in (NARRATOR, UNKNOWN) else f"h{number % _HUES}"
        for number, name in enumerate(names)
    }


def timeline(statistics: Statistics, classes: Classes) -> Drawing:
    """Draw a row for each role, with a bar wherever in the book it speaks."""
    names = list(statistics.roles.speakers)[:_MAX_ROWS]
    top, width = 28, _WIDTH - _NAME_WIDTH - 10
    drawing = Drawing(_WIDTH, top + _ROW * len(names) + 8)
    bottom = drawing.height - 4
    starts = [_NAME_WIDTH + start * width for start in statistics.chapter_starts]
    drawing.path((line_commands(x, top - 4, x, bottom) for x in starts), "grid")
    last = -math.inf
    for number, x in enumerate(starts, 1):
        if x - last >= _LABEL_WIDTH:
            drawing.text(x, 16, str(number), "soft")
            last = x
    densest = max(
        (max(statistics.appearances[name].bins.values(), default=1) for name in names), default=1
    )
    for row, name in enumerate(names):
        middle = top + _ROW * (row + 0.5)
        own = statistics.appearances[name]
        drawing.text(
            _NAME_WIDTH - 12, middle + 5, isolated(name, _MAX_NAME), f"own {classes[name]}", "end",
            isolated(name),
        )  # fmt: skip
        bars = (
            _bar(_NAME_WIDTH + bin_ * width / BINS, middle, width / BINS, words / densest)
            for bin_, words in sorted(own.bins.items())
        )
        chapters = count(len(own.chapters), "chapter")
        about = f"{isolated(name)}: {chapters}, from {min(own.chapters)} to {max(own.chapters)}"
        drawing.path(bars, f"bar {classes[name]}", about)
    return drawing


def _bar(x: float, middle: float, width: float, share: float) -> str:
    height = max(3.0, _BAR * math.sqrt(share))
    return rectangle_commands(x, middle - height / 2, max(width, 1.0), height)


def shares(statistics: Statistics, classes: Classes) -> Drawing:
    """Draw a bar for each role, as long as its share of the words."""
    speakers = list(statistics.roles.speakers.items())[:_MAX_ROWS]
    drawing = Drawing(_WIDTH, _ROW * len(speakers) + 8)
    total = statistics.words or 1
    most = max((totals.words for _, totals in speakers), default=0) or 1
    for row, (name, totals) in enumerate(speakers):
        y = 4 + _ROW * row
        length = (_WIDTH - _NAME_WIDTH - 150) * totals.words / most
        figures = f"{totals.words / total:.1%}, {totals.seconds / 60:,.1f} min"
        drawing.text(
            _NAME_WIDTH - 12, y + 18, isolated(name, _MAX_NAME), f"own {classes[name]}", "end",
            isolated(name),
        )  # fmt: skip
        title = f"{isolated(name)}: {figures}"
        drawing.rectangle(_NAME_WIDTH, y + 3, max(1, length), _BAR, f"bar {classes[name]}", title)
        drawing.text(_NAME_WIDTH + max(1, length) + 8, y + 18, figures, "soft")
    return drawing


def network(statistics: Statistics, classes: Classes) -> Drawing:
    """Draw the roles on a circle, with a line between two that talk, as thick as they often do."""
    pairs = statistics.exchanges
    often = {name: sum(n for pair, n in pairs.items() if name in pair) for name in classes}
    names = sorted((name for name in often if often[name]), key=lambda name: -often[name])
    names = sorted(names[:_MAX_NODES], key=list(classes).index)
    if not names:
        return _nothing("Nobody talks with anybody.")
    width, height, radius = _NETWORK_WIDTH, 500, 170
    drawing = Drawing(width, height)
    angles = {name: 2 * math.pi * i / len(names) - math.pi / 2 for i, name in enumerate(names)}
    places = {
        name: (width / 2 + radius * math.cos(angle), height / 2 + radius * math.sin(angle))
        for name, angle in angles.items()
    }
    most = max(pairs.values())
    for (one, other), number in sorted(pairs.items(), key=lambda item: item[1]):
        if one in places and other in places:
            x, y = places[one]
            curve = curve_commands(x, y, width / 2, height / 2, *places[other])
            title = f"{isolated(one)} and {isolated(other)}: {count(number, 'exchange')}"
            drawing.path([curve], "link", title, 1 + 13 * number / most)
    busiest = max(often.values())
    for name, (x, y) in places.items():
        size = 6 + 14 * math.sqrt(often[name] / busiest)
        title = f"{isolated(name)}: {count(often[name], 'exchange')}"
        drawing.circle(x, y, size, f"bar {classes[name]}", title)
        _label_outside(drawing, name, angles[name], radius + size + 8, classes[name])
    return drawing


def _label_outside(drawing: Drawing, name: str, angle: float, radius: float, hue: str) -> None:
    across, down = math.cos(angle), math.sin(angle)
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    x = drawing.width / 2 + radius * across
    y = drawing.height / 2 + radius * down + 5 + 6 * down
    drawing.text(x, y, isolated(name, _MAX_NAME), f"own {hue}", anchor, isolated(name))


def lengths(statistics: Statistics) -> Drawing:
    """Draw a column for each chapter, as high as it has minutes: speeches and narration."""
    return _columns(
        statistics.chapters,
        (
            ("minutes of speeches", "c0", lambda chapter: chapter.spoken_seconds / 60),
            ("minutes of narration", "c1", lambda c: (c.seconds - c.spoken_seconds) / 60),
        ),
    )


def doubts(statistics: Statistics) -> Drawing:
    """Draw a column for each chapter, as high as it has doubtful speeches."""
    if not any(chapter.doubts for chapter in statistics.chapters):
        return _nothing("No speech is doubtful.")
    layer = "doubtful speeches", "c2", lambda chapter: chapter.doubts
    return _columns(statistics.chapters, (layer,))


def _nothing(why: str) -> Drawing:
    """Return a drawing of nothing but a reason."""
    drawing = Drawing(_WIDTH, 40)
    drawing.text(0, 24, why, "soft")
    return drawing


Layer = tuple[str, str, Callable[[ChapterTotals], float]]
"""A part of each column: what it counts, its class, and its height in units of the axis."""


def _columns(chapters: Sequence[ChapterTotals], layers: Sequence[Layer]) -> Drawing:
    left, top, height = 64, 40, 200
    drawing = Drawing(_WIDTH, top + height + 34)
    base, pitch = top + height, (_WIDTH - left - 10) / max(1, len(chapters))
    highest = max((sum(of(c) for _, _, of in layers) for c in chapters), default=0.0)
    step = _step(highest)
    scale = height / (step * max(1, math.ceil(highest / step)))
    for tick in range(math.ceil(highest / step) + 1):
        y = base - tick * step * scale
        drawing.path([line_commands(left, y, _WIDTH - 10, y)], "grid")
        drawing.text(left - 8, y + 5, f"{tick * step:,g}", "soft", "end")
    _legend(drawing, layers, left)
    every = math.ceil(_LABEL_WIDTH / pitch)
    for index, chapter in enumerate(chapters):
        x = left + index * pitch + pitch * 0.1
        y = base
        for name, hue, of in layers:
            tall = of(chapter) * scale
            y -= tall
            about = f"{index + 1} {isolated(chapter.title, 60)}: {round(of(chapter), 1):,g} {name}"
            if tall > 0:
                drawing.rectangle(x, y, min(pitch * 0.8, 60), tall, hue, about)
        if index % every == 0:
            drawing.text(x + min(pitch * 0.8, 60) / 2, base + 20, str(index + 1), "soft", "middle")
    return drawing


def _legend(drawing: Drawing, layers: Sequence[Layer], x: float) -> None:
    for name, hue, _ in layers:
        drawing.rectangle(x, 6, 14, 14, hue)
        drawing.text(x + 20, 18, name, "soft")
        x += 40 + 8 * len(name)


def _step(highest: float) -> float:
    """Return the distance of the ticks of an axis: 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    rough = highest / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
