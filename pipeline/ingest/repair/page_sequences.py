"""Tell page numbers between whole paragraphs from the numbers of chapters and sections.

Both count up. But page numbers go on across the headings of chapters, begin anywhere, and stand at
even distances, hardly any of them farther apart than a page is long.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

_FEWEST = 3
"""Numbers that count up, to be those of pages."""
_FEWEST_WITHOUT_HEADINGS = 5
_LONGEST_PAGE = 6_000
_LATEST_SECTION = 3
"""The highest number that the sections of a chapter begin with: the first may have none."""
_HIGHEST = 1_500
"""Higher numbers alone in their lines are rather years."""


class PlacedNumber(NamedTuple):
    """A number alone in its line or beside a running head, and its offset in the text.

    `key` is what it is known by.
    """

    key: int
    place: int
    number: int


def page_numbers(
    numbers: Sequence[PlacedNumber], headings_between: Callable[[int, int], bool]
) -> Set[int]:
    """Return the keys of the numbers that count pages.

    `headings_between` is asked whether the heading of a chapter, such as `Chapter 2`, stands
    between two offsets.
    """
    return {
        number.key
        for run in _runs(numbers)
        if len(run) >= _FEWEST and _is_paged(run) and _counts_pages(run, headings_between)
        for number in run
    }


def _counts_pages(
    run: Sequence[PlacedNumber], headings_between: Callable[[int, int], bool]
) -> bool:
    first, last = run[0], run[-1]
    if headings_between(first.place, last.place):
        return first.number > 1 or _is_even(run)
    if first.number <= _LATEST_SECTION:
        return False
    return headings_between(0, first.place) or (
        len(run) >= _FEWEST_WITHOUT_HEADINGS and _is_even(run)
    )


def _runs(numbers: Sequence[PlacedNumber]) -> Iterator[Sequence[PlacedNumber]]:
    """Yield the runs of numbers that count up, one of them missing at most."""
    by_last: dict[int, list[PlacedNumber]] = {}
    for placed in numbers:
        if placed.number > _HIGHEST:
            continue
        run = _continued(by_last, placed)
        if placed.number in by_last:
            yield by_last[placed.number]
        by_last[placed.number] = run
        run.append(placed)
    yield from by_last.values()


def _continued(by_last: dict[int, list[PlacedNumber]], placed: PlacedNumber) -> list[PlacedNumber]:
    """Return the run that a number continues, which is removed; a new one if there is none."""
    for step in (1, 2):
        if placed.number - step in by_last:
            return by_last.pop(placed.number - step)
    return []


def _lengths(run: Sequence[PlacedNumber]) -> list[float]:
    """Return the characters of each page, in ascending order."""
    return sorted((b.place - a.place) / (b.number - a.number) for a, b in pairwise(run))


def _is_paged(run: Sequence[PlacedNumber]) -> bool:
    """Whether nine in ten of the pages are no longer than a page can be."""
    lengths = _lengths(run)
    return lengths[-(-9 * len(lengths) // 10) - 1] <= _LONGEST_PAGE


def _is_even(run: Sequence[PlacedNumber]) -> bool:
    """Whether nine in ten of the pages are about as long as the middle one."""
    lengths = _lengths(run)
    middle = lengths[len(lengths) // 2]
    even = sum(0.6 * middle <= length <= 1.5 * middle for length in lengths)
    return even >= 0.9 * len(lengths)
