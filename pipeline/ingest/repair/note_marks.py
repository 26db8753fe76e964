"""Drop the marks of notes that a conversion left in the text: `stayed.2 Nobody`, `[12]`."""

import re
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from operator import attrgetter

from pipeline.core.data import word_set
from pipeline.ingest.repair.edits import Edit

_KIND = "note mark"
_QUOTES = "\"'”\u2019»"
_OPENERS = "\"'“\u2018«„([—\u2013*_-"
_NUMBER = re.compile(rf"\d(?<=[.!?…,;{_QUOTES})\]]\d)\d{{0,2}}(?=\s|$)", re.MULTILINE)
"""A number right after punctuation; the digit before the lookbehind is what makes it fast."""
_BEFORE_NUMBER = re.compile(
    rf"(?<![^\W_])((?:[^\W\d_]+['\u2019-])*[^\W\d_]{{2,}})[)\]]?"
    rf"(?:(?P<stop>[{_QUOTES}]*[.!?…]+[{_QUOTES})\]]*|[{_QUOTES}])|[{_QUOTES}]*[,;][{_QUOTES}]*)$"
)
_BRACKETED = re.compile(r"\[(?:\d{1,3}|[*†‡§]+|(?P<letter>[a-z]))\](?!\()")
_RAISED = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_AFTER = ".,;:!?…\"'”\u2019»)"
_BEFORE_BRACKET = frozenset(f"{_AFTER}_")
_SUPERSCRIPT = re.compile(rf"[{_RAISED}](?<=[\w{_AFTER}].)[{_RAISED}]*")
_UNIT = re.compile(
    r"(?:\d\s*(?:[kcdm]?m|ft|in|yd|mi|ha)|(?<![^\W_])(?:[a-z]|mc|[kcdm]m)|\d)$", re.I
)
_DAGGER = re.compile(rf"[†‡](?:(?<=[^\W_].)|(?<=[{_AFTER}].))[†‡]*")
_NEXT = re.compile(r"\s*\S?")
_ASTERISKS = re.compile(r"\*+")
_BLANK_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*[\r\n]")
_ROUND_BODY = re.compile(r"^[ \t]*\((\d{1,3})\)[ \t]+(?=\S)", re.MULTILINE)
_ROUND_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?…\"'”\u2019»]) ?\((\d{1,3})\)")
_FEWEST_ROUND = 2
_MOST = 50_000
"""Marks of a kind that are looked at: a book has a tenth of this."""
_PAGE_MARK = re.compile(r"[\[{](?:Pg|Page|p\.|pg\.)\s*(?:\d{1,4}|[ivxlc]{1,7})[\]}]", re.IGNORECASE)


def note_marks(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield an edit for each mark of a note, and for each mark of a page in brackets."""
    finders = (_numbers, _bracketed, _superscripts, _asterisks, _parenthesised)
    found = sorted(chain(*(find(text, start) for find in finders)), key=attrgetter("start"))
    end = start
    for edit in found:
        if edit.start >= end:
            yield edit
            end = edit.end


def _numbers(text: str, start: int) -> Iterator[Edit]:
    """Yield the numbers right after punctuation; those of `No.2` and `fig.3` are none.

    After a comma, where a space may be missing (`the cottage,12 High Street`), only one that
    counts on from the mark before it, or to the one after it, is a mark.
    """
    found = list(_candidates(text, start))
    values = [int(match[0]) for match, _ in found]
    counting = {index for index, (a, b) in enumerate(pairwise(values)) if b == a + 1}
    for index, (match, sure) in enumerate(found):
        if sure or index in counting or index - 1 in counting:
            yield Edit(match.start(), match.end(), "", _KIND)


def _candidates(text: str, start: int) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield the numbers that may be marks, and whether they are even if no others are."""
    for match in islice(_NUMBER.finditer(text, start), _MOST):
        before = _BEFORE_NUMBER.search(text[max(start, match.start() - 40) : match.start()])
        if before is None or (before["stop"] == "." and _is_abbreviation(before[1])):
            continue
        if not before["stop"]:
            yield match, any(quote in before[0] for quote in _QUOTES)
        elif _begins_sentence(text, match.end()):
            yield match, True


def _is_abbreviation(word: str) -> bool:
    return word.lower() in word_set("before_numbers")


def _begins_sentence(text: str, at: int) -> bool:
    """Whether what follows begins a sentence, or a paragraph ends."""
    following = _NEXT.match(text, at)
    char = following[0][-1:] if following else ""
    return not char.strip() or char in _OPENERS or char.isupper() or char.isdigit()


def _bracketed(text: str, start: int) -> Iterator[Edit]:
    if "[" not in text and "{" not in text:
        return
    for match in _PAGE_MARK.finditer(text, start):
        yield Edit(_with_space(text, match.start()), match.end(), "", "page number")
    for match in islice(_BRACKETED.finditer(text, start), _MOST):
        begin = _with_space(text, match.start())
        before = text[begin - 1 : begin]
        after_word = begin > 0 and (before.isalnum() or before in _BEFORE_BRACKET)
        # The boy[s] and a [s]word are no marks.
        is_mark = not match["letter"] or (begin == match.start() and not before.isalnum())
        if after_word and is_mark:
            yield Edit(begin, match.end(), "", _KIND)


def _with_space(text: str, start: int) -> int:
    """Return where the space before `start` begins, or else `start`."""
    return start - 1 if start and text[start - 1] in " \t" else start


def _superscripts(text: str, start: int) -> Iterator[Edit]:
    if text.isascii():
        return
    for match in chain(_SUPERSCRIPT.finditer(text, start), _DAGGER.finditer(text, start)):
        if not _UNIT.search(text, max(start, match.start() - 12), match.start()):
            yield Edit(match.start(), match.end(), "", _KIND)


def _asterisks(text: str, start: int) -> Iterator[Edit]:
    """Yield asterisks after a word or its punctuation that close no emphasis."""
    if "*" not in text:
        return
    opened = end = 0
    for match in _ASTERISKS.finditer(text, start):
        if _BLANK_LINE.search(text, end, match.start()):
            opened = 0
        end = match.end()
        before = text[match.start() - 1] if match.start() else " "
        after = text[end] if end < len(text) else " "
        if before.isspace() or after.isalnum():
            opened += not after.isspace()
        elif opened:
            opened -= 1
        elif _is_mark(text, match):
            yield Edit(match.start(), end, "", _KIND)


def _parenthesised(text: str, start: int) -> Iterator[Edit]:
    """Yield `(3)` after a word, if notes below begin so and each has its mark in another paragraph.

    In one paragraph, they are the items of a list.
    """
    bodies: dict[str, int] = {}
    for match in _ROUND_BODY.finditer(text, start) if "(1)" in text else ():
        bodies.setdefault(match[1], match.start())
    if len(bodies) < _FEWEST_ROUND:
        return
    found = {m[1]: m for m in _ROUND_MARK.finditer(text, start) if m.start() < bodies.get(m[1], 0)}
    marks = sorted(found.values(), key=lambda match: match.start())
    if found.keys() != bodies.keys():
        return
    for match, after in pairwise(marks):
        if not _BLANK_LINE.search(text, match.end(), after.start()):
            return
    yield from (Edit(match.start(), match.end(), "", _KIND) for match in marks)


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """Whether an asterisk is no grade (`A*`), rating (`5*`) or veiled word (`d**`, `M***`)."""
    before = text[max(0, match.start() - 4) : match.start()]
    if before[-1:] in f".,;:!?…{_QUOTES})":
        return len(match[0]) <= 3
    return len(match[0]) == 1 and before[-2:].isalpha() and len(before) > 1
