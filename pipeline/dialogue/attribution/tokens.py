"""Tokenisation into words and sentences."""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.core.data import word_map, word_set
from pipeline.dialogue.vocabulary import abbreviated_titles

WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*\s+(?=[\"“‘«(\[]?[^\W_])")


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The words of a stretch of text: their offsets, as written and in lower case."""

    starts: list[int]
    ends: list[int]
    forms: list[str]
    lower: list[str]

    def __len__(self) -> int:
        return len(self.starts)


def tokenize(text: str, start: int, end: int) -> TokenizedText:
    """Return the words of `text[start:end]`."""
    matches = [(m.start(), m.end(), m.group()) for m in WORD.finditer(text, start, end)]
    return TokenizedText(
        starts=[match[0] for match in matches],
        ends=[match[1] for match in matches],
        forms=[match[2] for match in matches],
        lower=[match[2].lower() for match in matches],
    )


def is_possessive(text: str, end: int) -> bool:
    """Return whether a name that ends here is a possessor's: `Ann's brother`."""
    return text[end : end + 2] in ("'s", "’s")


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Return the offsets at which the sentences of `text[start:end]` end; the last is `end`."""
    ends = []
    for match in SENTENCE_END.finditer(text, start, end):
        mark = match.start()
        if text[mark] == ".":
            if _is_abbreviation(_last_word(text, start, mark)):
                continue
        elif text[match.end()].islower():  # `"Really?" she asked`
            continue
        ends.append(match.end())
    ends.append(end)
    return ends


def _last_word(text: str, start: int, end: int) -> str:
    first = end
    while first > start and text[first - 1].isalnum():
        first -= 1
    return text[first:end]


@cache
def _abbreviations() -> frozenset[str]:
    """Return the abbreviations after which a full stop ends no sentence."""
    courtesy = frozenset(word_map("courtesy_abbreviations"))
    return abbreviated_titles() | courtesy | word_set("name_suffixes")


def _is_abbreviation(word: str) -> bool:
    """Return whether a full stop after the word is no sentence end: titles and initials."""
    return word.lower() in _abbreviations() or (len(word) == 1 and word != "I")
