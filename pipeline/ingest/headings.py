"""The forms that a heading takes, told from the words of one short paragraph alone.

Whether a paragraph that could be a heading is one, its neighbours decide: see `outline`.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from pipeline.core import numerals

LONGEST = 400
"""Characters in the longest heading (old novels tell the whole chapter in it)."""


class Rank(IntEnum):
    """What a heading stands over; the smaller, the more."""

    PART = 0  # `VOLUME II`, `Part One`
    CHAPTER = 1  # `Chapter 3`, `Prologue`
    NUMBER = 2  # `IV.`, `7`: a chapter or a section, as the book has it
    SECTION = 3  # a number under a chapter


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """A paragraph that has the form of a heading.

    `family` is the keyword or kind of numeral, in small letters; `number` what it counts to;
    `text` the heading in one line without its decoration; `sure` is False where a sentence could
    look the same; `titled` tells whether a title follows the number in the same paragraph;
    `depth` is the count of `#` in Markdown, 0 elsewhere.
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
        """What two marks of the same chapter share: in the table of contents and at its head."""
        return (self.family, self.number, "" if self.number else self.text.casefold())


_PARTS = ("part", "book", "volume", "vol", "act")
_CHAPTERS = ("chapter", "chap", "ch", "canto", "stave", "letter", "section", "episode")
_NUMBER = r"\d+|[^\W\d_]+(?:[-\s]+[^\W\d_]+)?"
_NAMED = re.compile(
    rf"({'|'.join(_PARTS + _CHAPTERS)})\b\.?\s+(?:the\s+)?({_NUMBER})(?![\w'\u2019])", re.IGNORECASE
)
_REVERSED = re.compile(
    r"(?:the\s+)?(\w+(?:-\w+)?)\s+(part|book|volume|chapter|letter)(?![\w'\u2019])", re.IGNORECASE
)
_SPECIAL = re.compile(
    r"(?:the\s+|an?\s+)?(?:author['\u2019]s\s+)?(prologue|epilogue|preface|foreword|introduction|"
    r"introductory|prelude|interlude|intermezzo|conclusion|afterword|postscript|appendix)"
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
_SMALL_WORDS = "a an and as at but by de for from in into la nor of on or the to vs with"
SMALL = frozenset(re.findall(r"\w+", _SMALL_WORDS))
"""What a title writes small."""


def squeeze(text: str) -> str:
    """`text` in one line, each run of white space as one space."""
    return " ".join(text.split())


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does; only its last characters are looked at."""
    return _SENTENCE_END.search(text[-12:]) is not None


def shouted(text: str) -> bool:
    """Whether `text` is in capitals throughout."""
    return text.isupper()


def capitalised(text: str) -> bool:
    """Whether Every Word of the text but the Small Ones has a Capital."""
    words = _WORD.findall(text)
    return bool(words) and all(w[0].isupper() or w.lower() in SMALL for w in words)


def _mostly_capitalised(text: str) -> bool:
    """Whether three quarters of the longer words have a capital."""
    longer: list[str] = [w for w in _WORD.findall(text) if len(w) >= 4]
    return sum(w[0].isupper() for w in longer) >= 0.75 * len(longer)


def is_title(text: str, *, longest: int = 80) -> bool:
    """Whether a paragraph could be the title that follows `Chapter I`, rather than prose.

    A title may end in a full stop only when its words are capitalised: `Call me Ishmael.` is prose.
    """
    line = squeeze(text)
    if not line or len(line) > longest:
        return False
    if shouted(line) and line[0] not in "[(":
        return True
    if not (line[0].isupper() or line[0].isdigit()):
        return False
    if ends_sentence(line):
        return capitalised(line) and len(line.split()) > 1
    closing = line[-1]
    return closing not in ",;:-—\u2013\"”'\u2019»"


def _follows(rest: str, *, loose: bool) -> tuple[bool, bool] | None:
    """Judge what follows a number: (is there a title, is it sure to be one), None if it is none.

    `loose`: the number has its keyword, so that even a sentence may be the title if it fits.
    """
    separator = _SEPARATOR.match(rest)
    title = squeeze(rest[separator.end() if separator else 0 :].strip(_DECORATION))
    if not title:
        return False, True
    if not (title[0].isupper() or title[0].isdigit() or title[0] in "\"'“\u2018«"):
        return None
    likely = shouted(title) or _mostly_capitalised(title)
    if separator is None:
        return (True, True) if likely and rest[0].isspace() and not ends_sentence(title) else None
    if not ends_sentence(title) or (likely and loose):
        return True, True
    return (True, False) if loose else None


def _named(text: str) -> HeadingForm | None:
    """`Chapter 1`, `CHAPTER ONE. A Title`, `Book the First`, `Vol. II`."""
    found = _NAMED.match(text)
    if not found:
        return None
    written, end = found[2], found.end(2)
    number = numerals.value(written)
    if number is None:  # `One A Title`: the second word is not of the number
        first = re.split(r"[-\s]", written)[0]
        number, end = numerals.value(first), found.start(2) + len(first)
    after = _follows(text[end:], loose=True)
    if number is None or after is None:
        return None
    return _keyword_mark(found[1].lower(), number, text, *after)


def _reversed(text: str) -> HeadingForm | None:
    """`FIRST PART`, `The Second Book`."""
    found = _REVERSED.match(text)
    number = numerals.word(found[1]) if found else None
    after = _follows(text[found.end() :], loose=False) if found else None
    if not found or number is None or after is None:
        return None
    return _keyword_mark(found[2].lower(), number, text, *after)


def _keyword_mark(word: str, number: int, text: str, titled: bool, sure: bool) -> HeadingForm:
    family = {"vol": "volume", "chap": "chapter", "ch": "chapter"}.get(word, word)
    rank = Rank.PART if family in _PARTS else Rank.CHAPTER
    return HeadingForm(rank, family, number, _one_line(text), titled, sure)


def _special(text: str) -> HeadingForm | None:
    """`Prologue`, `Author's Preface`, `Interlude: A Title`, `Preface to the Second Edition`."""
    found = _SPECIAL.match(text)
    if not found or not text[0].isupper():
        return None
    after = _follows(text[found.end() :], loose=False)
    if after is None and capitalised(text) and len(text) <= 60:
        after = (True, True)
    return (
        HeadingForm(Rank.CHAPTER, found[1].lower(), None, _one_line(text), *after)
        if after
        else None
    )


def _bare(text: str) -> HeadingForm | None:
    """`IV`, `7.`, `Seven`, `I. A Title`: only a number, so the sequence must bear it out."""
    found = _BARE.match(text)
    number = numerals.value(found[1]) if found else None
    if not found or number is None or len(text) > 100:
        return None
    rest = text[found.end() :]
    if rest and not _BARE_END.match(rest):
        return None
    after = _follows(rest, loose=False)
    family = _numeral(found[1])
    if after is None or (family == "word" and after[0]):
        return None
    return HeadingForm(Rank.NUMBER, family, number, _one_line(text), *after)


def _numeral(written: str) -> str:
    """Which kind of numeral this is; a book keeps to one."""
    if written.isdigit():
        return "digits"
    if numerals.roman(written):
        return "ROMAN" if written.isupper() else "roman"
    return "word"


def _one_line(text: str) -> str:
    """A heading in one line: `CHAPTER I` over `A Title` becomes `CHAPTER I: A Title`."""
    lines = [squeeze(line) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and len(lines[0]) < 30:
        return join_title(lines[0], " ".join(lines[1:]))
    return " ".join(lines)


def join_title(label: str, title: str) -> str:
    """Put a chapter's title behind its number: `CHAPTER I. Title`, `Chapter 1: Title`."""
    return f"{label} {title}" if label.endswith(tuple(".:;,-—\u2013")) else f"{label}: {title}"


def markdown(line: str) -> tuple[int, int, int] | None:
    """Where the words of `## Words ##` lie in `line`: (depth, start, end), or None."""
    found = _MARKDOWN.fullmatch(line)
    if not found or not any(map(str.isalnum, found[2])):
        return None
    return len(found[1]), found.start(2), found.end(2)


def parse(text: str) -> HeadingForm | None:
    """Read a paragraph as a heading; None if it has not the form of one."""
    if not 0 < len(text) <= LONGEST:
        return None
    hashes = markdown(text)
    if hashes:
        depth, start, end = hashes
        words = text[start:end].strip(_DECORATION) or text[start:end]
        inner = _parse_words(words)
        family, number = (inner.family, inner.number) if inner else ("#", None)
        titled = inner is None or inner.titled
        return HeadingForm(Rank.CHAPTER, family, number, squeeze(words), titled, depth=depth)
    return _parse_words(text.strip(_DECORATION))


def _parse_words(text: str) -> HeadingForm | None:
    if not text or _LEADER.search(text[-60:]):  # `Chapter 1 ..... 7` is of a table of contents
        return None
    return _named(text) or _reversed(text) or _special(text) or _bare(text)
