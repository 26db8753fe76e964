"""Copyright notices before the story, and lists after it, such as an index or other books."""

import re
from collections.abc import Iterator, Sequence

from pipeline.core.data import word_list
from pipeline.ingest import headings
from pipeline.ingest.apparatus.passage import Passage
from pipeline.ingest.markup import unread

_FRONT = 30
"""Passages at the beginning of a book that may be a copyright notice."""
_LONGEST = 1500
_NOTICE = re.compile(
    r"(?:copyright|©|\(c\))\s*(?:©|\(c\)|copyright|by)?\s*(?:[^\W\d][^\n]{0,60}?)?\d{4}"
    r"|isbn(?:-1[03])?[\s:]*[\dxX -]{10,}",
    re.IGNORECASE,
)
_LISTS = ("index", "bibliography", "advertisement")
_BACK = 0.5
"""The part of a book before which its lists do not begin."""


def copyright_notices(book: Sequence[Passage]) -> Iterator[int]:
    """Yield the indices of the passages that are a copyright notice."""
    for index, passage in enumerate(book[:_FRONT]):
        if len(passage.text) > _LONGEST:
            return
        words = passage.text.casefold()
        if sum(phrase in words for phrase in word_list("copyright_phrases")) >= 2 or (
            passage.has_lines(3) and _NOTICE.match(passage.text)
        ):
            yield index


def lists(book: Sequence[Passage]) -> dict[int, str]:
    """Return the passages that are a list below its title, with why they are not read."""
    found: dict[int, str] = {}
    for start in range(int(len(book) * _BACK), len(book)):
        if start in found or not _is_title(book[start]):
            continue
        reason = unread.by_title(book[start].title)
        if reason not in _LISTS:
            continue
        end = start + 1
        while end < len(book) and _is_item(book[end], reason):
            end += 1
        if end > start + 1 and (end == len(book) or headings.parse(book[end].text)):
            found |= dict.fromkeys(range(start, end), reason)
    return found


def _is_title(passage: Passage) -> bool:
    words = passage.title
    if not words or headings.ends_sentence(words) or not passage.has_lines(1):
        return False
    return words.isupper() or headings.is_title_case(words)


def _is_item(passage: Passage, reason: str) -> bool:
    if passage.is_break:
        return True
    if not passage.is_short or headings.parse(passage.text):
        return False
    numbered = sum(line[-1:].isdigit() for line in passage.lines)
    return numbered * 2 >= len(passage.lines) if reason == "index" else '"' not in passage.text
