"""Drop what is printed on page after page: page numbers, running heads and feet."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from pipeline.core import numerals
from pipeline.ingest import headings
from pipeline.ingest.pdf.lines import PdfLine, PdfPage, usual_leading, usual_size

_PER_EDGE = 2
"""Lines at the top and at the bottom of a page that may be furniture."""
_PLACE = 4.0
"""Points by which the same head may lie higher or lower."""
_ESTABLISHED = 3
"""Pages with a running head at a height, from which any line at that height is one."""
_LARGEST = 1.1
"""Size of furniture, in that of the text: a heading is larger."""
_LONGEST = 90  # characters
_APART, _UNLIKE = 1.25, 0.04
"""Distance from the text in that of its lines, and difference in size, that keep a line apart."""
_MANY = 0.25
"""Of the pages."""
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(
    r"(?:page\s+|p\.\s*)?(\d{1,5}|[ivxlc]{1,8})(?:\s*(?:of|/)\s*\d{1,5})?", re.IGNORECASE
)
_DECORATION = " \t-–—·•|[](){}~*_.,:"


class _EdgeLine(NamedTuple):
    """A line at an edge of a page, 0 the top; `place` is its index among the lines of the page.

    `apart`: its distance or its size keeps it apart from the text.
    """

    page: int
    place: int
    edge: int
    line: PdfLine
    apart: bool


def without_furniture(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """Return the pages without page numbers, running heads and running feet."""
    size = usual_size(line for page in pages for line in page.lines)
    leading = usual_leading(pages)
    lines = [e for n, page in enumerate(pages) for e in _edge_lines(n, page, size, leading)]
    edges = [edge for edge in lines if edge.line.size <= _LARGEST * size]
    numbers = _page_numbers(edges, len(pages))
    dropped = numbers | _repeated(edges, numbers, len(pages))
    dropped |= _at_established_heights(edges, dropped)
    dropped = set(_outermost(lines, dropped))
    return [
        replace(
            page,
            lines=tuple(x for i, x in enumerate(page.lines) if (number, i) not in dropped),
        )
        for number, page in enumerate(pages)
    ]


def _edge_lines(number: int, page: PdfPage, size: float, leading: float) -> Iterator[_EdgeLine]:
    """Yield the highest and the lowest lines of a page, from the edge inwards."""
    order = sorted(range(len(page.lines)), key=lambda index: -page.lines[index].y)
    per_edge = min(_PER_EDGE, len(order) // 2)
    for edge, indices in enumerate((order, order[::-1])):
        for place, inner in zip_longest(indices, indices[1:]):
            if place not in indices[: max(per_edge, edge if len(order) == 1 else 0)]:
                break
            line = page.lines[place]
            gap = abs(line.y - page.lines[inner].y) if inner is not None else 2 * leading
            apart = gap > _APART * leading or abs(line.size - size) > _UNLIKE * size
            yield _EdgeLine(number, place, edge, line, apart)


def _outermost(
    lines: Sequence[_EdgeLine], dropped: Set[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield those of the dropped lines that no other line separates from the edge of the page."""
    covered: set[tuple[int, int]] = set()
    for line in lines:
        if (line.page, line.place) not in dropped:
            covered.add((line.page, line.edge))
        elif (line.page, line.edge) not in covered:
            yield line.page, line.place


def _page_numbers(edges: Sequence[_EdgeLine], pages: int) -> set[tuple[int, int]]:
    """Return the lines with a page number, alone or at the same height beside a running head.

    Numbers are those of pages if they count up with the pages; a chapter's number does not.
    """
    offsets: dict[tuple[int, bool], list[tuple[_EdgeLine, bool]]] = defaultdict(list)
    for edge in edges:
        for value, is_roman, alone in _numbers(edge.line.text):
            if alone or edge.apart:
                offsets[value - edge.page, is_roman].append((edge, alone))
    found: set[tuple[int, int]] = set()
    for lines in offsets.values():
        near = _pages_near([edge for edge, _ in lines])
        numbered = len({edge.page for edge, _ in lines})
        for edge, alone in lines:
            if numbered >= min(2, pages) if alone else near[_height(edge)] >= _ESTABLISHED:
                found.add((edge.page, edge.place))
    return found


def _height(edge: _EdgeLine) -> tuple[int, int]:
    return edge.edge, round(edge.line.y / _PLACE)


def _pages_near(edges: Sequence[_EdgeLine]) -> dict[tuple[int, int], int]:
    """Return for each height of the lines how many pages have one of them there or nearly so."""
    pages: dict[tuple[int, int], set[int]] = defaultdict(set)
    for edge in edges:
        pages[_height(edge)].add(edge.page)
    none: set[int] = set()
    return {
        (edge, y): len(found | pages.get((edge, y - 1), none) | pages.get((edge, y + 1), none))
        for (edge, y), found in pages.items()
    }


def _numbers(text: str) -> Iterator[tuple[int, bool, bool]]:
    """Yield the number that a line is, or begins or ends with: value, if Roman, if alone."""
    whole = _NUMBER.fullmatch(text.strip(_DECORATION))
    if whole:
        written = whole[1]
        value = int(written) if written.isdecimal() else numerals.roman(written)
        if value is not None:
            yield value, not written.isdecimal(), True
        return
    is_heading = headings.parse(text) is not None
    words = text.split() if len(text) <= _LONGEST and not is_heading else []
    for word in words[:1] + words[-1:]:
        shown = word.strip(_DECORATION)
        if shown.isdecimal() and len(shown) <= 5:
            yield int(shown), False, False


def _repeated(
    edges: Sequence[_EdgeLine], numbers: Set[tuple[int, int]], pages: int
) -> set[tuple[int, int]]:
    """Return the lines that stand at the same height of several pages, their page numbers apart.

    Those that nothing keeps apart from the text must be on many pages.
    """
    places: dict[tuple[str, int], list[_EdgeLine]] = defaultdict(list)
    for edge in edges:
        text = edge.line.text.casefold()
        words = text.split() if (edge.page, edge.place) not in numbers else _LETTERS.findall(text)
        if any(map(str.isalpha, text)):
            places[" ".join(words), edge.edge].append(edge)
    found: set[tuple[int, int]] = set()
    for lines in places.values():
        near = _pages_near(lines)
        for edge in lines:
            if near[_height(edge)] >= (2 if edge.apart else max(_ESTABLISHED, _MANY * pages)):
                found.add((edge.page, edge.place))
    return found


def _at_established_heights(
    edges: Sequence[_EdgeLine], dropped: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the lines that stand where other pages have a running head, in type of its size."""
    heights = Counter(
        (edge.edge, round(edge.line.y), round(edge.line.size, 1))
        for edge in edges
        if (edge.page, edge.place) in dropped and any(map(str.isalpha, edge.line.text))
    )
    return {
        (edge.page, edge.place)
        for edge in edges
        if edge.apart
        and heights[edge.edge, round(edge.line.y), round(edge.line.size, 1)] >= _ESTABLISHED
    }
