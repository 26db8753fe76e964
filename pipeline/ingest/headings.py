"""Recognise the form of a heading, from the words of one short paragraph alone.

Whether a paragraph of that form is a heading depends on its neighbours: see `outline`.
"""

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from pipeline.core import numerals
from pipeline.core.data import word_set
from pipeline.core.typography import fold
from pipeline.ingest import heading_words
from pipeline.ingest.heading_words import Keyword, bare

MAX_LENGTH = 400
"""Characters in the longest heading: old novels summarise the chapter in it."""


class Rank(IntEnum):
    """The level of a heading; the smaller, the higher."""

    PART = 0  # `VOLUME II`, `Part One`
    CHAPTER = 1  # `Chapter 3`, `Prologue`
    NUMBER = 2  # `IV.`, `7`, `Day 1`: a chapter or a section, depending on the book
    SECTION = 3  # a number under a chapter


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """A paragraph in the form of a heading.

    `family` is the keyword in lower case, or the kind of numeral; `number` is its number, `suffix`
    the letter or decimals after it; `text` is the heading on one line, without decoration; `sure`
    is False if a sentence could look the same; `titled` means that a title follows the number in
    the same paragraph; `depth` is the count of `#` in Markdown, else 0.
    """

    rank: Rank
    family: str
    number: int | None
    text: str
    titled: bool = False
    sure: bool = True
    depth: int = 0
    suffix: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What a chapter's heading and its entry in the table of contents have in common."""
        return (self.family, self.number, self.suffix if self.number else self.text.casefold())


class _Rest(NamedTuple):
    """What follows the number of a heading: whether it is a title, and if so for certain."""

    titled: bool
    sure: bool


NUMERALS = frozenset(("digits", "ROMAN", "roman", "word", "ideographs"))
"""The families of numbers without a keyword."""
_RANKS = {"part": Rank.PART, "chapter": Rank.CHAPTER, "unit": Rank.NUMBER}
_BARE = re.compile(
    rf"(?:(?:No\.|\u2116|[#§])\s*)?(\d{{1,3}}|[IVXLC]+|[ivxlc]+|[{numerals.IDEOGRAPHIC}]+"
    r"|[A-Z][A-Za-z]+(?:[-\s][A-Za-z]+)*)(?![\w'\u2019])"
)
_SUFFIX = re.compile(r"\d+(\.\d+|[a-z]?)$", re.IGNORECASE)
_ENGLISH_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)|[^\W\d_]{3,}.*", re.IGNORECASE)
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[.:;,)\]>|—\u2013~、。・-]+\s*|[ \t]*[\r\n]+\s*")
_BEFORE_LOWER_CASE = re.compile(r"\s*[:—\u2013|]|\s+-+\s|-+\s")  # separators that no sentence has
_BARE_END = re.compile(r"\s*[、.:;,)\]|—\u2013-]+\s*$|\s*、|\s*[.:;,)\]|\u2013-]+\s|\s*—|\s*[\r\n]")
_DECORATION = " \t\r\n*_=~|+•·—\u2013-☆★✦✧❖◆◇■□▪●○◎※❧❦♦♥"
_BRACKETS = dict(zip("([{<【〈《『\u3014", ")]}>】〉》』\u3015", strict=True))
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.*?\S)\1", re.DOTALL)
_INNER_BRACKETS = re.compile(r"(?<=\w)[(\[]([^\W\d_]+)[)\]]|[(\[]([^\W\d_]+)[)\]](?=\w)")
_EMOJI = 0x1F000  # from here on, most symbols are emoji, which can be spoken
_GUILLEMETS = {"«": "»", "»": "«", "\u2039": "\u203a", "\u203a": "\u2039"}
_LEADER = re.compile(r"(?:\.{2,}|(?:\.\s){2,}|…|[^\S\r\n]{2,}|\t)[^\S\r\n]*(?:\d+|[ivxlc]+)$")
_SENTENCE_END = re.compile(r"[.!?…。\uff01\uff1f][\"'”\u2019»)\]*_」』\uff09]*$")
_WORD_OR_NUMBER = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")


def collapse(text: str) -> str:
    """Return `text` on one line, each run of white space as one space."""
    return " ".join(text.split())


def same_words(one: str, other: str) -> bool:
    """Whether two titles differ in letter case, spaces and punctuation only."""
    words = _WORD_OR_NUMBER.findall(one.casefold())
    return bool(words) and words == _WORD_OR_NUMBER.findall(other.casefold())


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does; only its last characters are examined."""
    return _SENTENCE_END.search(text[-12:]) is not None


def is_title_case(text: str) -> bool:
    """Whether every word begins with a capital, minor words such as `of` apart."""
    words = _WORD.findall(_without_inner_brackets(text))
    minor = word_set("minor_words")
    return bool(words) and all(w[0].isupper() or w.lower() in minor for w in words)


def _is_mostly_title_case(text: str) -> bool:
    """Whether three quarters of the words of four letters or more begin with a capital."""
    longer: list[str] = [w for w in _WORD.findall(text) if len(w) >= 4]
    return sum(w[0].isupper() for w in longer) >= 0.75 * len(longer)


@lru_cache(10_000)
def is_title(text: str, *, longest: int = 80) -> bool:
    """Whether a paragraph could be the title that follows `Chapter I`, rather than prose.

    A title may end in a full stop only if it is in title case: `Call me Ishmael.` is prose.
    """
    line = _without_inner_brackets(collapse(text))
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
    title = collapse(_undecorated(rest[separator.end() if separator else 0 :]))
    title = _without_inner_brackets(title)
    if not title:
        return _Rest(titled=False, sure=True)
    if title[0].islower():
        return _classify_lower_case(rest, title) if keyword else None
    if (title[0].isalpha() and not title[0].isupper()) or title[0] in "「『《":
        return _classify_caseless(rest, title, separated=separator is not None)
    if not (title[0].isalnum() or title[0] in "\"'“\u2018«„¿¡" or ord(title[0]) >= _EMOJI):
        return None
    if separator is None:
        return _classify_unseparated(rest, title, keyword=keyword)
    return _classify_separated(title, keyword=keyword)


def _classify_separated(title: str, *, keyword: bool) -> _Rest | None:
    """Classify `: The Rain` or `. It rained.` after a number."""
    if not ends_sentence(title) or (keyword and _is_likely(title)):
        return _Rest(titled=True, sure=True)
    return _Rest(titled=True, sure=False) if keyword else None


def _classify_unseparated(rest: str, title: str, *, keyword: bool) -> _Rest | None:
    """Classify ` The Rain` right after a number."""
    if not rest[0].isspace() or ends_sentence(title):
        return None
    likely = _is_likely(title)
    return _Rest(titled=True, sure=likely) if likely or (keyword and _is_short(title)) else None


def _is_likely(title: str) -> bool:
    return title.isupper() or _is_mostly_title_case(title)


def _is_short(title: str) -> bool:
    return len(title) <= 60 and "," not in title


def _classify_lower_case(rest: str, title: str) -> _Rest | None:
    """Classify `: wait for it` after a keyword and its number."""
    if not _BEFORE_LOWER_CASE.match(rest) or len(title) > 80:
        return None
    return _Rest(titled=True, sure=not ends_sentence(title) and "," not in title)


def _classify_caseless(rest: str, title: str, *, separated: bool) -> _Rest | None:
    """Classify a title in a script without capitals, such as Chinese."""
    if ends_sentence(title) or any(mark in title for mark in "\uff0c、\uff1b,;") or len(title) > 40:
        return None
    return _Rest(titled=True, sure=separated or rest[0].isspace())


def _parse_named(text: str) -> HeadingForm | None:
    """Parse `Chapter 1`, `CHAPTER ONE. A Title`, `Book the First`, `Vol. II`, `Kapitel 3`."""
    match = heading_words.named().match(bare(text))
    if not match:
        return None
    keyword = heading_words.keywords()[match[1].lower()]
    number, end = _leading_number(match[3], keyword)
    if number is None or (not match[2] and not match[3][0].isdigit()):
        return None
    written = match[3][:end]
    after = text[match.start(3) + end :]
    if "(" in match[2] or "[" in match[2] or "<" in match[2] or "{" in match[2]:
        after = re.sub(r"^\s*[)\]>}]", "", after)
    rest = _classify_rest(after, keyword=True)
    if rest is None:
        return None
    return _keyword_heading(match[1].lower(), keyword.kind, number, text, rest, written)


def _leading_number(words: str, keyword: Keyword) -> tuple[int | None, int]:
    """Return the number that `words` begin with, and its length: `One Hundred Lamps` is 100."""
    ends = [match.end() for match in re.finditer(r"[^\s\u2010-]+", words)]
    for end in reversed(ends):
        number = heading_words.number(words[:end], keyword)
        if number is not None:
            return number, end
    return None, 0


def _parse_reversed(text: str) -> HeadingForm | None:
    """Parse `FIRST PART`, `The Second Book`, `1. Kapitel`, `Premier chapitre`."""
    match = heading_words.numbered_before().match(bare(text))
    if not match:
        return None
    keyword = heading_words.keywords()[match[2].lower()]
    if keyword.codes == ("en",) and not _ENGLISH_ORDINAL.fullmatch(match[1]):
        return None
    number = heading_words.number(match[1], keyword, ordinal=True)
    rest = _classify_rest(text[match.end() :], keyword=False)
    if number is None or rest is None:
        return None
    return _keyword_heading(match[2].lower(), keyword.kind, number, text, rest)


def _parse_ideographic(text: str) -> HeadingForm | None:
    """Parse `第十二章 雨`."""
    match = heading_words.ideographic().match(text)
    if not match:
        alone = heading_words.ideographic_alone().match(text)
        rest = _classify_rest(text[alone.end() :], keyword=False) if alone else None
        if not alone or rest is None:
            return None
        return HeadingForm(Rank.CHAPTER, alone[1], None, text, rest.titled, rest.sure)
    number = numerals.ideographic(match[1]) or numerals.value(match[1], numerals.MAX_NUMBERED)
    rest = _classify_rest(text[match.end() :], keyword=True)
    if number is None or rest is None:
        return None
    kind = heading_words.ideographic_kind(match[2])
    return _keyword_heading(match[2], kind, number, text, rest)


def _keyword_heading(
    word: str, kind: str, number: int, text: str, rest: _Rest, written: str = ""
) -> HeadingForm:
    family = heading_words.ABBREVIATIONS.get(word, word)
    suffix = _SUFFIX.match(written)
    return HeadingForm(
        _RANKS[kind],
        family,
        number,
        _join_lines(text),
        rest.titled,
        rest.sure,
        suffix=suffix[1].lower() if suffix else "",
    )


def _parse_unnumbered(text: str) -> HeadingForm | None:
    """Parse `Prologue`, `Author's Preface`, `Interlude: A Title`."""
    match = heading_words.alone().match(bare(text))
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
    if not match or len(text) > 100:
        return None
    number = numerals.ideographic(match[1]) or numerals.value(match[1])
    after = text[match.end() :]
    if number is None or (after and not _BARE_END.match(after)):
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
    if numerals.ideographic(written):
        return "ideographs"
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
    if not match or not any(c.isalnum() or ord(c) >= _EMOJI for c in match[2]):
        return None
    return len(match[1]), match.start(2), match.end(2)


def parse(text: str) -> HeadingForm | None:
    """Parse a paragraph as a heading; None if it has not the form of one."""
    return _parse(text) if 0 < len(text) <= MAX_LENGTH else None


@lru_cache(10_000)  # a line is parsed up to three times, and short ones recur
def _parse(text: str) -> HeadingForm | None:
    hashes = markdown(text)
    if hashes:
        depth, start, end = hashes
        inner = _parse_words(_undecorated(text[start:end]) or text[start:end])
        words = _EMPHASIS.sub(r"\2", text[start:end]).strip(_DECORATION)
        family, number = (inner.family, inner.number) if inner else ("#", None)
        titled = inner is None or inner.titled
        return HeadingForm(Rank.CHAPTER, family, number, collapse(words), titled, depth=depth)
    return _parse_words(_undecorated(text))


def _undecorated(text: str) -> str:
    """Return `text` without ornaments and brackets around it."""
    inner = text.strip(_DECORATION)
    while len(inner) > 2 and _is_in_brackets(inner):
        inner = inner[1:-1].strip(_DECORATION)
    return inner


def _without_inner_brackets(text: str) -> str:
    """Return `text` without brackets around a part of a word: `(Un)natural` is one word."""
    return _INNER_BRACKETS.sub(r"\1\2", text)


def _is_in_brackets(text: str) -> bool:
    """Return whether one pair of brackets encloses all of `text`, as in `(One)`: not `(A) (b)`."""
    opening, closing = text[0], _BRACKETS.get(text[0])
    if closing is None or text[-1] != closing:
        return False
    depths = accumulate((c == opening) - (c == closing) for c in text[:-1])
    return min(depths) > 0


def _parse_words(words: str) -> HeadingForm | None:
    text = fold(words)
    if not text or _LEADER.search(text[-60:]):  # `Chapter 1 ..... 7` is in a table of contents
        return None
    if _GUILLEMETS.get(text[0]) == text[-1]:
        form = _parse_bare(text[1:-1].strip())  # « 1 »; with words it is a speech
        form = form if form and not form.titled and form.family != "word" else None
    elif text.isascii():
        form = _parse_latin(text)
    else:
        form = _parse_latin(text) or _parse_ideographic(text)
    return form if form is None or text == words else replace(form, text=_join_lines(words))


def _parse_latin(text: str) -> HeadingForm | None:
    return (
        _parse_named(text) or _parse_reversed(text) or _parse_unnumbered(text) or _parse_bare(text)
    )
