"""The lines of a PDF's pages, as they are printed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text, its places in points from the bottom left corner of the page.

    `y` is the baseline, `size` the height of the type. `divided`: a hyphen ends it.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False
    divided: bool = False


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page and its lines, in the order in which they are drawn."""

    height: float
    lines: tuple[PdfLine, ...]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its level from 0, the index of its page, and a height there."""

    title: str
    level: int
    page: int
    y: float | None = None


@dataclass(frozen=True, slots=True)
class PdfText:
    """What is read of a document; `unmapped` is the share of letters that are not known."""

    pages: tuple[PdfPage, ...]
    outline: tuple[Bookmark, ...]
    information: dict[str, str]
    unmapped: float = 0.0


def usual_size(lines: Iterable[PdfLine]) -> float:
    """Return the height of type in which most of the text is set."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def usual_leading(pages: Iterable[PdfPage]) -> float:
    """Return the distance that most lines have from the next; 0 if there are no two."""
    gaps = Counter(
        round(before.y - line.y, 1)
        for page in pages
        for before, line in pairwise(page.lines)
        if before.y - line.y > 0.5 * line.size
    )
    return gaps.most_common(1)[0][0] if gaps else 0.0
