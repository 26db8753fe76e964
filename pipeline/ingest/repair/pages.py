"""Drop page numbers and running heads between the lines, and join the sentence across them.

What stands between the two halves of a sentence is certain: no author writes it. From there, page
numbers are followed in their sequence through the book, and running heads by their words. Between
whole paragraphs, numbers are those of pages if their sequence is (`page_sequences`), and what the
title page has is a running head if it recurs.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.core import numerals
from pipeline.ingest import heading_words, headings
from pipeline.ingest.repair.edits import Edit
from pipeline.ingest.repair.page_sequences import PlacedNumber, page_numbers

_LINE = re.compile(r"[^\s\u200b](?:[^\r\n\f\v\x85\u2028\u2029]*[^\s\u200b])?")
_NUMBER = re.compile(
    r"(?P<form>(?:page|pg\.?|p\.|seite|página|pagina|pág\.|s\.)\s*)?[-\u2013\u2014~*|\[({<•·]*\s*"
    r"(?:(?:page|pg\.?|p\.)\s*)?(?P<number>\d{1,4}|[ivxlc]{1,7})"
    r"\s*(?:(?:of|/|von|de|sur)\s*\d{1,4})?\s*[-\u2013\u2014~*|\])}>•·]*",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"(?P<first>\d{1,4}|[ivxlc]{1,7})(?:\s*[|·•—\u2013-]\s*|\s+)(?P<after>\D.*)"
    r"|(?P<before>.*\D)(?:\s*[|·•—\u2013-]\s*|\s+)(?P<last>\d{1,4}|[ivxlc]{1,7})"
)
_EDGE_CHARACTERS = frozenset("0123456789ivxlcIVXLC")
_LINE_END = re.compile(r"\r\n?|\n")
_FIRST_WORD = re.compile(r"\S+")
_WITHIN = ",;-\u2010\u00ad\u00ac—\u2013'\u2019"
_LONG_LINE = 30
LONGEST_HEAD = 70
"""Characters of a line that may be one."""
_MOST_LINES = 5
_TITLE_LINES = 4
_FEWEST_TITLES = 3
NUMBER_KIND, _HEAD_KIND = "page number", "running head"
"""Kinds of edits."""


class _Line(NamedTuple):
    """A line of the text, `[start, end)` without white space at its ends."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _PageLine:
    """A line that may be a page number (`number`), a running head (`words`), or both at once."""

    line: _Line
    number: int | None
    words: str
    explicit: bool = False


@dataclass(frozen=True)
class _Group:
    """Lines, between two others, that may all be the bottom and the top of a page."""

    text: str
    before: _Line
    lines: Sequence[_PageLine]
    after: _Line

    @property
    def number(self) -> int | None:
        """The page number in the group."""
        return next((line.number for line in self.lines if line.number is not None), None)

    @property
    def number_start(self) -> int:
        """The offset of the line with the page number; that of the group if it has none."""
        numbered = (line.line.start for line in self.lines if line.number is not None)
        return next(numbered, self.lines[0].line.start)

    @cached_property
    def interrupts(self) -> bool:
        """Whether the group stands between the two halves of a sentence."""
        long = self.before.end - self.before.start >= 10
        if not (self._goes_on and long and self._next.islower()):
            return False
        if self.number is None:
            return self._is_apart and all(_is_capitalised(line.words) for line in self.lines)
        return self._is_apart or (self._is_long and not self._may_be_wrapped)

    @property
    def joins(self) -> bool:
        """Whether the sentence before a group that is dropped goes on after it."""
        goes_on = self._goes_on and self._is_long and not self._next.isdigit()
        return self.interrupts or goes_on

    @property
    def _is_long(self) -> bool:
        return self.before.end - self.before.start >= _LONG_LINE

    @property
    def _next(self) -> str:
        """The first character after the group; nothing at the end of the text."""
        return self.text[self.after.start : self.after.start + 1]

    @cached_property
    def gaps(self) -> tuple[str, str]:
        """The white space before and after the lines."""
        first, last = self.lines[0].line, self.lines[-1].line
        return self.text[self.before.end : first.start], self.text[last.end : self.after.start]

    @property
    def _goes_on(self) -> bool:
        """Whether the line before the group ends no sentence."""
        end = self.text[max(self.before.start, self.before.end - 12) : self.before.end]
        return (
            bool(end)
            and not headings.ends_sentence(end)
            and (end[-1:].isalnum() or end[-1:] in _WITHIN)
        )

    @property
    def _is_apart(self) -> bool:
        """Whether a blank line or the end of a page sets the group apart."""
        return any("\f" in gap or len(_LINE_END.findall(gap)) > 1 for gap in self.gaps)

    @property
    def _may_be_wrapped(self) -> bool:
        """Whether the number is a word of the text that the wrapping has left alone in its line."""
        word = _FIRST_WORD.match(self.text, self.after.start)
        number = self.lines[0].line
        width = number.end - number.start + 1 + (word.end() - word.start() if word else 0)
        return width > self.before.end - self.before.start


def pages(text: str, start: int = 0, known_headings: Sequence[int] | None = None) -> Iterator[Edit]:
    """Yield the edits that drop page numbers and running heads.

    `known_headings` are the offsets of the headings, where markup says which they are.
    """
    lines = [_Line(*match.span()) for match in _LINE.finditer(text, start)]
    groups = list(_groups(text, lines, start))
    if not groups:
        return
    certain = [index for index, group in enumerate(groups) if group.interrupts]
    headings_at = _HeadingFinder(text, lines, known_headings)
    numbered = _numbered(groups, certain, headings_at.between)
    heads = _running_heads(groups, certain, numbered) | _titles(text, lines, groups, headings_at)
    past: set[str] = set()  # heads whose first place, as a title, is past
    for index, group in enumerate(groups):
        if index in certain or index in numbered:
            sure = index in certain
            dropped = [line for line in group.lines if sure or not _is_title(line, past)]
        else:
            dropped = [line for line in group.lines if line.words in past]
        past.update(line.words for line in group.lines if line.words in heads)
        yield from _edits(group, dropped)


class _HeadingFinder:
    """Finds the headings of chapters with a keyword, `Chapter 2`, when they are asked for."""

    def __init__(self, text: str, lines: Sequence[_Line], known: Sequence[int] | None):
        self._text, self._lines, self._known = text, lines, known

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offsets of the headings."""
        if self._known is not None:
            return self._known
        begins = heading_words.before_prose()
        return [
            line.start
            for line in self._lines
            if line.end - line.start <= LONGEST_HEAD
            and begins.match(self._text, line.start, line.end)
            and _is_chapter(self._text[line.start : line.end])
        ]

    def between(self, start: int, end: int) -> bool:
        """Whether a heading begins in `[start, end)`."""
        return bisect_left(self.starts, start) < bisect_left(self.starts, end)


def _titles(
    text: str, lines: Sequence[_Line], groups: Sequence[_Group], headings_at: _HeadingFinder
) -> set[str]:
    """Return the words of running heads that are on the title page: the book's title and author.

    Below the heading of a chapter they are its title.
    """
    first = [line for line in lines[:_TITLE_LINES] if line.end - line.start <= LONGEST_HEAD]
    keys = (_key(text[line.start : line.end]).casefold() for line in first)
    named = {words.removeprefix("by ") for words in keys}
    alone = [g for g in groups if any(line.words.casefold() in named for line in g.lines)]
    if len(alone) < _FEWEST_TITLES or not headings_at.starts:
        return set()
    below_headings = frozenset(headings_at.starts)
    named -= {_key(text[x.start : x.end]).casefold() for x in first if x.start in below_headings}
    times = Counter(
        line.words for g in alone if g.before.start not in below_headings for line in g.lines
    )
    return {
        words
        for words, count in times.items()
        if count >= _FEWEST_TITLES and words.casefold() in named
    }


def _running_heads(
    groups: Sequence[_Group], certain: Sequence[int], numbered: Set[int]
) -> set[str]:
    """Return the words of running heads: those within sentences, and those on many pages."""
    heads = {line.words for index in certain for line in groups[index].lines}
    on_pages = Counter(line.words for index in numbered for line in groups[index].lines)
    heads |= {words for words, times in on_pages.items() if times >= 0.3 * len(numbered)}
    return heads - {""}


def _is_title(line: _PageLine, known_heads: Set[str]) -> bool:
    """Whether a line beside a page number is the title of a chapter rather than a running head."""
    return bool(line.words) and line.number is None and line.words not in known_heads


def _groups(text: str, lines: Sequence[_Line], start: int) -> Iterator[_Group]:
    """Yield the runs of lines that may be page numbers and running heads."""
    found = _page_lines(text, lines)
    for is_page, run in groupby(range(len(lines)), key=lambda index: index in found):
        indices = list(run)
        if is_page and len(indices) <= _MOST_LINES:
            first, last = indices[0], indices[-1]
            before = lines[first - 1] if first else _Line(start, start)
            after = lines[last + 1] if last + 1 < len(lines) else _Line(len(text), len(text))
            yield _Group(text, before, [found[index] for index in indices], after)


def _page_lines(text: str, lines: Sequence[_Line]) -> dict[int, _PageLine]:
    """Return the lines that may be page numbers or running heads, by their index."""
    short: dict[int, _PageLine] = {}
    for index, line in enumerate(lines):
        if line.end - line.start <= LONGEST_HEAD:
            page_line = _page_line(line, text[line.start : line.end])
            if page_line:
                short[index] = page_line
    times = Counter(line.words for line in short.values() if line.words)
    numbers = {index for index, line in short.items() if not line.words}
    return {
        index: line
        for index, line in short.items()
        if not line.words
        or times[line.words] > 1
        or ({index - 1, index + 1} & numbers and _is_capitalised(line.words))
    }


def _page_line(line: _Line, words: str) -> _PageLine | None:
    number = _NUMBER.fullmatch(words)
    if number:
        value = _value(number["number"])
        explicit = bool(number["form"])
        return _PageLine(line, value, "", explicit) if value is not None else None
    if words[0] in "\"'“\u2018«#" or headings.ends_sentence(words) or not words[-1].isalnum():
        return None
    has_edge = words[0] in _EDGE_CHARACTERS or words[-1] in _EDGE_CHARACTERS
    edge = _EDGE.fullmatch(words) if has_edge else None
    value = _value(edge["first"] or edge["last"]) if edge else None
    if edge and value is not None and not _has_keyword(words):
        return _PageLine(line, value, _key(edge["after"] or edge["before"]))
    return _PageLine(line, None, _key(words)) if any(map(str.isalpha, words)) else None


def _has_keyword(words: str) -> bool:
    """Whether a number belongs to a heading: `Chapter 12`."""
    form = headings.parse(words)
    return form is not None and form.family not in headings.NUMERALS


def _is_chapter(words: str) -> bool:
    form = headings.parse(words)
    return form is not None and form.rank is headings.Rank.CHAPTER


def _value(written: str) -> int | None:
    """Return the value of a page number; capitals are those of chapters."""
    if written.isdigit():
        return int(written)
    return numerals.roman(written) if written.islower() else None


def _key(words: str) -> str:
    return " ".join(words.strip(" |·•—\u2013-").split())


def _is_capitalised(words: str) -> bool:
    return words.isupper() or headings.is_title_case(words)


def _numbered(
    groups: Sequence[_Group], certain: Sequence[int], headings_between: Callable[[int, int], bool]
) -> set[int]:
    """Return the indices of groups whose page number is in sequence with one that is certain."""
    numbers = [(i, n) for i, group in enumerate(groups) if (n := group.number) is not None]
    known = {i for i in certain if groups[i].number is not None} | _explicit(groups, numbers)
    placed = [PlacedNumber(i, groups[i].number_start, n) for i, n in numbers]
    known |= page_numbers(placed, headings_between)
    length = _page_length(groups, [(i, n) for i, n in numbers if i in known])
    result = set(known)
    for order, sign in ((numbers, 1), (numbers[::-1], -1)):
        last: tuple[int, int] | None = None
        for index, number in order:
            if index in known:
                last = (index, number)
            elif last is not None and 0 < sign * (number - last[1]) <= 2:
                apart = abs(_place(groups[index]) - _place(groups[last[0]]))
                if apart >= 0.4 * length * abs(number - last[1]):
                    result.add(index)
                    last = (index, number)
    return result


def _place(group: _Group) -> int:
    return group.before.end


def _page_length(groups: Sequence[_Group], known: Sequence[tuple[int, int]]) -> float:
    """Return the characters of a page, which a chapter exceeds; 0 if too few are known."""
    lengths = sorted(
        (_place(groups[j]) - _place(groups[i])) / (b - a)
        for (i, a), (j, b) in pairwise(known)
        if b > a
    )
    return lengths[len(lengths) // 2] if len(lengths) > 1 else 0.0


def _explicit(groups: Sequence[_Group], numbers: Sequence[tuple[int, int]]) -> set[int]:
    """Return the groups with `Page 12`, if there are several in ascending order."""
    named = [(i, n) for i, n in numbers if any(line.explicit for line in groups[i].lines)]
    ascending = all(a < b for (_, a), (_, b) in pairwise(named))
    return {i for i, _ in named} if len(named) > 1 and ascending else set()


def _edits(group: _Group, dropped: Sequence[_PageLine]) -> Iterator[Edit]:
    """Yield the edits that drop these lines of a group."""
    if not dropped:
        return
    kind = NUMBER_KIND if any(line.number is not None for line in dropped) else _HEAD_KIND
    if len(dropped) < len(group.lines):
        for line in dropped:
            yield Edit(line.line.start, line.line.end, "", kind)
        return
    start, end = group.before.end, group.after.start
    if group.joins:
        yield Edit(start, end, "\n", kind)
        return
    gap = "".join(group.gaps)
    blank = len(_LINE_END.findall(gap)) > 2 or "\u2029" in gap
    indent = len(gap) - len(gap.rstrip(" \t"))
    yield Edit(start, end - indent, "\n\n" if blank else "\n", kind)
