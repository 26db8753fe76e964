"""Recognise the form of a heading, from the words of one short paragraph alone.

Whether a paragraph of that form is a heading depends on its neighbours: see `outline`.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from pipeline.core import numerals
from pipeline.core.data import word_list, word_set

MAX_LENGTH = 400
"""Characters in the longest heading: old novels summarise the chapter in it."""


class Rank(IntEnum):
    """The level of a heading; the smaller, the higher."""

    PART = 0  # `VOLUME II`, `Part One`
    CHAPTER = 1  # `Chapter 3`, `Prologue`
    NUMBER = 2  # `IV.`, `7`: a chapter or a section, depending on the book
    SECTION = 3  # a number under a chapter


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """A paragraph in the form of a heading.

    `family` is the keyword in lower case, or the kind of numeral; `number` is its number; `text`
    is the heading on one line, without decoration; `sure` is False if a sentence could look the
    same; `titled` means that a title follows the number in the same paragraph; `depth` is the
    count of `#` in Markdown, else 0.
    """

    rank: Rank
    family: str
    number: int | None
    text: str
    titled: bool = False
    sure: bool = True
    depth: int = 0

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What a chapter's heading and its entry in the table of contents have in common."""
        return (self.family, self.number, "" if self.number else self.text.casefold())


class _Rest(NamedTuple):
    """What follows the number of a heading: whether it is a title, and if so for certain."""

    titled: bool
    sure: bool


_PARTS = word_set("part_keywords")
_ABBREVIATIONS = {"vol": "volume", "chap": "chapter", "ch": "chapter"}
_NUMBERED = "|".join(word_list("part_keywords") + word_list("chapter_keywords"))
_NUMBER = r"\d+|[^\W\d_]+(?:[-\s]+[^\W\d_]+)?"
_NAMED = re.compile(rf"({_NUMBERED})\b\.?\s+(?:the\s+)?({_NUMBER})(?![\w'\u2019])", re.IGNORECASE)
_REVERSED = re.compile(
    rf"(?:the\s+)?(\w+(?:-\w+)?)\s+({'|'.join(word_list('ordinal_keywords'))})(?![\w'\u2019])",
    re.IGNORECASE,
)
_UNNUMBERED = re.compile(
    r"(?:the\s+|an?\s+)?(?:author['\u2019]s\s+)?"
    rf"({'|'.join(word_list('unnumbered_headings'))})"
    r"(?:\s+(?:[A-Z]|\d+|[IVX]+))?(?![\w'\u2019])",
    re.IGNORECASE,
)
_BARE = re.compile(r"(\d{1,3}|[IVXLC]+|[ivxlc]+|[A-Z][A-Za-z]+(?:[-\s][A-Za-z]+)?)(?![\w'\u2019])")
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[.:;,)\]|—\u2013-]+\s*|[ \t]*[\r\n]+\s*")
_BARE_END = re.compile(r"\s*[.:;,)\]|—\u2013-]+\s*$|\s*[.:;,)\]|\u2013-]+\s|\s*—|\s*[\r\n]")
_DECORATION = " \t\r\n*_=~|[]()—\u2013-"
_LEADER = re.compile(r"(?:\.{2,}|(?:\.\s){2,}|…|[^\S\r\n]{2,}|\t)[^\S\r\n]*(?:\d+|[ivxlc]+)$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”\u2019»)\]*_]*$")
_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")


def collapse(text: str) -> str:
    """Return `text` on one line, each run of white space as one space."""
    return " ".join(text.split())


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does; only its last characters are examined."""
    return _SENTENCE_END.search(text[-12:]) is not None


def is_title_case(text: str) -> bool:
    """Whether every word begins with a capital, minor words such as `of` apart."""
    words = _WORD.findall(text)
    minor = word_set("minor_words")
    return bool(words) and all(w[0].isupper() or w.lower() in minor for w in words)


def _is_mostly_title_case(text: str) -> bool:
    """Whether three quarters of the words of four letters or more begin with a capital."""
    longer: list[str] = [w for w in _WORD.findall(text) if len(w) >= 4]
    return sum(w[0].isupper() for w in longer) >= 0.75 * len(longer)


def is_title(text: str, *, longest: int = 80) -> bool:
    """Whether a paragraph could be the title that follows `Chapter I`, rather than prose.

    A title may end in a full stop only if it is in title case: `Call me Ishmael.` is prose.
    """
    line = collapse(text)
    if not line or len(line) > longest:
        return False
    if line.isupper() and line[0] not in "[(":
        return True
    if not (line[0].isupper() or line[0].isdigit()):
        return False
    if ends_sentence(line):
        return is_title_case(line) and len(line.split()) > 1
    return line[-1] not in ",;:-—\u2013\"”'\u2019»"


def _classify_rest(rest: str, *, keyword: bool) -> _Rest | None:
    """Classify what follows a number; None if it makes a heading impossible.

    With a `keyword` before the number, even a sentence may be the title.
    """
    separator = _SEPARATOR.match(rest)
    title = collapse(rest[separator.end() if separator else 0 :].strip(_DECORATION))
    if not title:
        return _Rest(titled=False, sure=True)
    if not (title[0].isupper() or title[0].isdigit() or title[0] in "\"'“\u2018«"):
        return None
    likely = title.isupper() or _is_mostly_title_case(title)
    if separator is None:
        sure = likely and rest[0].isspace() and not ends_sentence(title)
        return _Rest(titled=True, sure=True) if sure else None
    if not ends_sentence(title) or (likely and keyword):
        return _Rest(titled=True, sure=True)
    return _Rest(titled=True, sure=False) if keyword else None


def _parse_named(text: str) -> HeadingForm | None:
    """Parse `Chapter 1`, `CHAPTER ONE. A Title`, `Book the First`, `Vol. II`."""
    match = _NAMED.match(text)
    if not match:
        return None
    written, end = match[2], match.end(2)
    number = numerals.value(written)
    if number is None:  # `One A Title`: the second word is not part of the number
        first = re.split(r"[-\s]", written)[0]
        number, end = numerals.value(first), match.start(2) + len(first)
    rest = _classify_rest(text[end:], keyword=True)
    if number is None or rest is None:
        return None
    return _keyword_heading(match[1].lower(), number, text, rest)


def _parse_reversed(text: str) -> HeadingForm | None:
    """Parse `FIRST PART`, `The Second Book`."""
    match = _REVERSED.match(text)
    number = numerals.word(match[1]) if match else None
    rest = _classify_rest(text[match.end() :], keyword=False) if match else None
    if not match or number is None or rest is None:
        return None
    return _keyword_heading(match[2].lower(), number, text, rest)


def _keyword_heading(word: str, number: int, text: str, rest: _Rest) -> HeadingForm:
    family = _ABBREVIATIONS.get(word, word)
    rank = Rank.PART if family in _PARTS else Rank.CHAPTER
    return HeadingForm(rank, family, number, _join_lines(text), rest.titled, rest.sure)


def _parse_unnumbered(text: str) -> HeadingForm | None:
    """Parse `Prologue`, `Author's Preface`, `Interlude: A Title`."""
    match = _UNNUMBERED.match(text)
    if not match or not text[0].isupper():
        return None
    rest = _classify_rest(text[match.end() :], keyword=False)
    if rest is None and is_title_case(text) and len(text) <= 60:
        rest = _Rest(titled=True, sure=True)  # `Preface to the Second Edition`
    if rest is None:
        return None
    family = match[1].lower()
    return HeadingForm(Rank.CHAPTER, family, None, _join_lines(text), rest.titled, rest.sure)


def _parse_bare(text: str) -> HeadingForm | None:
    """Parse `IV`, `7.`, `Seven`, `I. A Title`: a mere number, to be confirmed by a sequence."""
    match = _BARE.match(text)
    number = numerals.value(match[1]) if match else None
    if not match or number is None or len(text) > 100:
        return None
    after = text[match.end() :]
    if after and not _BARE_END.match(after):
        return None
    rest = _classify_rest(after, keyword=False)
    family = _numeral_kind(match[1])
    if rest is None or (family == "word" and rest.titled):
        return None
    return HeadingForm(Rank.NUMBER, family, number, _join_lines(text), rest.titled, rest.sure)


def _numeral_kind(written: str) -> str:
    """Return the kind of a numeral; a book uses one kind throughout."""
    if written.isdigit():
        return "digits"
    if numerals.roman(written):
        return "ROMAN" if written.isupper() else "roman"
    return "word"


def _join_lines(text: str) -> str:
    """Return a heading on one line: `CHAPTER I` above `A Title` becomes `CHAPTER I: A Title`."""
    lines = [collapse(line) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and len(lines[0]) < 30:
        return join_title(lines[0], " ".join(lines[1:]))
    return " ".join(lines)


def join_title(label: str, title: str) -> str:
    """Append a title to a chapter's number: `CHAPTER I. Title`, `Chapter 1: Title`."""
    return f"{label} {title}" if label.endswith(tuple(".:;,-—\u2013")) else f"{label}: {title}"


def markdown(line: str) -> tuple[int, int, int] | None:
    """Return (depth, start, end) of the words of a Markdown heading `## Words ##`, or None."""
    match = _MARKDOWN.fullmatch(line)
    if not match or not any(map(str.isalnum, match[2])):
        return None
    return len(match[1]), match.start(2), match.end(2)


def parse(text: str) -> HeadingForm | None:
    """Parse a paragraph as a heading; None if it has not the form of one."""
    if not 0 < len(text) <= MAX_LENGTH:
        return None
    hashes = markdown(text)
    if hashes:
        depth, start, end = hashes
        words = text[start:end].strip(_DECORATION) or text[start:end]
        inner = _parse_words(words)
        family, number = (inner.family, inner.number) if inner else ("#", None)
        titled = inner is None or inner.titled
        return HeadingForm(Rank.CHAPTER, family, number, collapse(words), titled, depth=depth)
    return _parse_words(text.strip(_DECORATION))


def _parse_words(text: str) -> HeadingForm | None:
    if not text or _LEADER.search(text[-60:]):  # `Chapter 1 ..... 7` is in a table of contents
        return None
    return (
        _parse_named(text) or _parse_reversed(text) or _parse_unnumbered(text) or _parse_bare(text)
    )
