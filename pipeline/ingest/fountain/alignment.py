"""Two versions of a text side by side: which line of one is which line of the other.

Lines that both hold once are anchors, as in a patience diff; between two anchors the same is tried
again, and what repeats itself is left to difflib. So a line that is said often, such as `yes`, is
matched by its neighbours, and a whole novel takes a moment.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_LARGEST = 2_000_000
"""Pairs that difflib may have to compare: more would take minutes."""

Gap = tuple[range, range]


def aligned(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Match equal items of two sequences in order: index in `old` to index in `new`."""
    found: dict[int, int] = {}
    gaps = [(range(len(old)), range(len(new)))]
    while gaps:
        mine, yours = _shrunk(old, new, gaps.pop(), found)
        if not mine or not yours:
            continue
        anchors = _anchors(old, new, mine, yours)
        found.update(anchors or _blocks(old, new, mine, yours))
        if anchors:
            gaps += _between(anchors, mine, yours)
    return found


def gaps(pairs: dict[int, int], old: int, new: int) -> Iterator[Gap]:
    """Give the runs between matched items where something is left, of sequences that long."""
    for mine, yours in _between(sorted(pairs.items()), range(old), range(new)):
        if mine or yours:
            yield mine, yours


def _shrunk(old: Sequence[str], new: Sequence[str], gap: Gap, found: dict[int, int]) -> Gap:
    """Match what is equal at both ends, and give what is left."""
    (first, last), (start, end) = ((run.start, run.stop) for run in gap)
    while first < last and start < end and old[first] == new[start]:
        found[first] = start
        first, start = first + 1, start + 1
    while first < last and start < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
        found[last] = end
    return range(first, last), range(start, end)


def _anchors(
    old: Sequence[str], new: Sequence[str], mine: range, yours: range
) -> list[tuple[int, int]]:
    """Give the longest run of items that are unique on both sides and in the same order."""
    counts = Counter(old[i] for i in mine), Counter(new[i] for i in yours)
    place = {new[i]: i for i in yours if counts[1][new[i]] == 1}
    both = [(i, place[old[i]]) for i in mine if counts[0][old[i]] == 1 and old[i] in place]
    return _rising(both)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest subsequence whose second members rise."""
    ends: list[int] = []
    links: list[tuple[int, int, int]] = []  # index of the one before, and the pair
    at: list[int] = []
    for mine, yours in pairs:
        length = bisect_left(ends, yours)
        links.append((at[length - 1] if length else -1, mine, yours))
        if length == len(ends):
            ends.append(yours)
            at.append(len(links) - 1)
        else:
            ends[length], at[length] = yours, len(links) - 1
    found, current = [], at[-1] if at else -1
    while current >= 0:
        current, mine, yours = links[current]
        found.append((mine, yours))
    return found[::-1]


def _blocks(
    old: Sequence[str], new: Sequence[str], mine: range, yours: range
) -> Iterator[tuple[int, int]]:
    if len(mine) * len(yours) > _LARGEST:
        return
    ours, theirs = old[mine.start : mine.stop], new[yours.start : yours.stop]
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield mine.start + block.a + step, yours.start + block.b + step


def _between(pairs: Sequence[tuple[int, int]], mine: range, yours: range) -> Iterator[Gap]:
    """Give the runs before, between and after matched items, empty ones too."""
    first, start = mine.start, yours.start
    for last, end in pairs:
        yield range(first, last), range(start, end)
        first, start = last + 1, end + 1
    yield range(first, mine.stop), range(start, yours.stop)
