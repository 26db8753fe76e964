"""Align two versions of a list of lines: a patience diff.

Lines that occur once on each side are anchors; the stretches between two anchors are aligned in
the same way, and those without anchors by difflib. So a line that occurs often, such as `yes`, is
matched by its neighbours, and a whole novel takes a moment.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_MAX_PAIRS = 2_000_000
"""Pairs of lines that difflib may have to compare; more would take minutes."""

Stretch = tuple[range, range]
"""Indices of the old items and of the new ones."""


def align(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Match equal items of two sequences in order: index in `old` to index in `new`."""
    pairs: dict[int, int] = {}
    pending = [(range(len(old)), range(len(new)))]
    while pending:
        before, after = _match_ends(old, new, pending.pop(), pairs)
        if not before or not after:
            continue
        anchors = _anchors(old, new, before, after)
        pairs.update(anchors or _match_repeated(old, new, before, after))
        if anchors:
            pending += _between(anchors, before, after)
    return pairs


def unmatched(pairs: dict[int, int], old: int, new: int) -> Iterator[Stretch]:
    """Yield the stretches between matched items of two sequences of lengths `old` and `new`."""
    for before, after in _between(sorted(pairs.items()), range(old), range(new)):
        if before or after:
            yield before, after


def _match_ends(
    old: Sequence[str], new: Sequence[str], stretch: Stretch, pairs: dict[int, int]
) -> Stretch:
    """Match equal items at both ends of a stretch, and return what is left of it."""
    (first, last), (start, end) = ((side.start, side.stop) for side in stretch)
    while first < last and start < end and old[first] == new[start]:
        pairs[first] = start
        first, start = first + 1, start + 1
    while first < last and start < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
        pairs[last] = end
    return range(first, last), range(start, end)


def _anchors(
    old: Sequence[str], new: Sequence[str], before: range, after: range
) -> list[tuple[int, int]]:
    """Return the longest run of items that are unique on both sides and in the same order."""
    old_counts, new_counts = Counter(old[i] for i in before), Counter(new[j] for j in after)
    place = {new[j]: j for j in after if new_counts[new[j]] == 1}
    unique = [(i, place[old[i]]) for i in before if old_counts[old[i]] == 1 and old[i] in place]
    return _longest_increasing(unique)


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of pairs whose second members increase."""
    ends: list[int] = []  # the smallest end of a subsequence of each length
    last: list[int] = []  # the index in `links` of that end
    links: list[tuple[int, int, int]] = []  # index of the predecessor, and the pair
    for old, new in pairs:
        length = bisect_left(ends, new)
        links.append((last[length - 1] if length else -1, old, new))
        if length == len(ends):
            ends.append(new)
            last.append(len(links) - 1)
        else:
            ends[length], last[length] = new, len(links) - 1
    longest, current = [], last[-1] if last else -1
    while current >= 0:
        current, old, new = links[current]
        longest.append((old, new))
    return longest[::-1]


def _match_repeated(
    old: Sequence[str], new: Sequence[str], before: range, after: range
) -> Iterator[tuple[int, int]]:
    if len(before) * len(after) > _MAX_PAIRS:
        return
    old_items, new_items = old[before.start : before.stop], new[after.start : after.stop]
    matcher = SequenceMatcher(None, old_items, new_items, autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            yield before.start + block.a + offset, after.start + block.b + offset


def _between(pairs: Sequence[tuple[int, int]], before: range, after: range) -> Iterator[Stretch]:
    """Yield the stretches before, between and after matched items, empty ones too."""
    first, start = before.start, after.start
    for last, end in pairs:
        yield range(first, last), range(start, end)
        first, start = last + 1, end + 1
    yield range(first, before.stop), range(start, after.stop)
