"""A table of contents in a text: a list of the titles that stand alone above the chapters."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.apparatus.passage import Passage
from pipeline.ingest.markup import unread

REASON = "contents"
_PAGE = re.compile(r"(?P<leader>(?:\s*\.){3,}|\s*…|\s*\t)?\s*(?:\d{1,4}|[ivxlc]{1,7})$")
_FEWEST = 2
"""Entries below a title such as `Contents`."""
_FEWEST_UNTITLED = 3
_SHARE = 0.6
"""Of the lines, those that are entries."""
_MOST = 300
"""Paragraphs of a table of contents."""
_FARTHEST = 60
"""Paragraphs from the beginning of the book in which a table of contents begins."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The indices of the passages of a table of contents, and the titles in it that recur."""

    indices: Set[int]
    titles: Set[str]


NONE = Contents(frozenset(), frozenset())


def find(book: Sequence[Passage]) -> Contents:
    """Return the table of contents at the beginning of a book."""
    titled = [(index, p) for index, p in enumerate(book) if p.title and p.has_lines(2)]
    last = {_key(p.title): index for index, p in titled}
    last |= {_key(" ".join(p.lines)): i for i, p in titled if p.is_short and len(p.lines) == 2}
    last.pop("", None)
    for index, passage in enumerate(book[:_FARTHEST]):
        named = unread.by_title(passage.title) == REASON and len(passage.title) <= 40
        if named or (passage.is_short and _is_entry(passage.lines[0], index, last)):
            contents = _list_at(book, index, last, titled=named)
            if contents.indices:
                return contents
    return NONE


def _list_at(
    book: Sequence[Passage], start: int, last: Mapping[str, int], *, titled: bool
) -> Contents:
    """Return the list that begins at a passage; nothing if it is none."""
    entries, lines, end = 0, 0, start
    titles: set[str] = set()
    count = total = 0
    for index in range(start, min(start + _MOST, len(book))):
        passage = book[index]
        own = passage.lines[1:] if titled and index == start else passage.lines
        if passage.is_break:
            continue
        if not passage.is_short or (index > start and _is_last(passage, index, last, titles)):
            break
        total += len(own)
        known = [line for line in own if _is_entry(line, index, last)]
        count += len(known)
        titles |= {_key(_without_page(line)) for line in known}
        if known and len(known) >= _SHARE * len(own):
            entries, lines, end = count, total, index + 1
        elif total - lines > 3:
            break
    if entries < (_FEWEST if titled else _FEWEST_UNTITLED) or entries < _SHARE * lines:
        return NONE
    recurring = {title for title in titles if last.get(title, -1) >= end}
    if not titled and not _are_apart(sorted(last[title] for title in recurring)):
        return NONE
    words = {" ".join(book[last[title]].lines) for title in recurring}
    return Contents(frozenset(range(start, end)), frozenset(words))


def _are_apart(indices: Sequence[int]) -> bool:
    """Whether there is text below each of the titles; that of a refrain are lines of its own."""
    return len(indices) >= _FEWEST and all(b > a + 1 for a, b in pairwise(indices))


def _is_entry(line: str, index: int, last: Mapping[str, int]) -> bool:
    """Whether a line recurs as a paragraph below, or has the number of a page after a leader."""
    page = _PAGE.search(line)
    if page and page["leader"]:
        return True
    if any(last.get(_key(words), -1) > index for words in (line, _without_page(line))):
        return line[-1] not in ".,;:!?\"”’'"
    return unread.by_title(line) is not None


def _is_last(passage: Passage, index: int, last: Mapping[str, int], titles: Set[str]) -> bool:
    """Whether a passage is the heading that an entry above it announced."""
    key = _key(passage.title)
    return key in titles and last.get(key) == index


def _without_page(line: str) -> str:
    return _PAGE.sub("", line)


def _key(words: str) -> str:
    return "".join(filter(str.isalnum, words.casefold()))
