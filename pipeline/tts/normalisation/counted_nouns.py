"""What follows a number: whether it counts things (`1066 cases`) or may be a year or a name."""

import re

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.vocabulary import auxiliaries, determiners, prepositions

_FOLLOWING = re.compile(r"[\s-]([a-z][a-z’'-]*)(?:\s([a-z]+))?")
_NOT_PLURAL = ("ss", "us", "is", "’s", "'s")


def counts_listed_things(text: str, end: int) -> bool:
    """Return whether a noun of `counted_nouns` follows the number that ends at `end`.

    An adjective may stand between them: `1500 armed men`.
    """
    match = _FOLLOWING.match(text, end)
    if not match:
        return False
    nouns = word_set("counted_nouns")
    first, second = match[1], match[2] or ""
    return first in nouns or (second in nouns and not _is_function_word(first))


def counts_things(text: str, end: int) -> bool:
    """Return whether a plural follows the number that ends at `end`: `1700 sheepskins`."""
    if counts_listed_things(text, end):
        return True
    match = _FOLLOWING.match(text, end)
    if not match:
        return False
    first, second = match[1], match[2] or ""
    if _is_plural(first):
        return second not in determiners()  # but `1984 marks the end`
    return not _is_function_word(first) and not first.endswith("ly") and _is_plural(second)


def _is_plural(word: str) -> bool:
    long_enough = len(word) > 3 and word.endswith("s")
    return long_enough and not word.endswith(_NOT_PLURAL) and not _is_function_word(word)


def _is_function_word(word: str) -> bool:
    return (
        word in determiners()
        or word in prepositions()
        or word in auxiliaries()
        or word in words_with("pronouns")
        or word in words_with("clause_openers")
    )
