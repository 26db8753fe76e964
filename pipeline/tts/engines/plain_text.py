"""Text as a synthesizer is given it: plain, on one line, in pieces that it can bear."""

import re
import unicodedata
from collections.abc import Iterator

_CUTS = (
    re.compile(r"[.!?\u2026][\"'\u201d\u2019\xbb)\]]*\s"),  # the end of a sentence and its quotes
    re.compile(r"[,;:\u2013\u2014]\s"),
    re.compile(r"\s"),
)


def clean(text: str) -> str:
    """The text without what a library would not take for text, on one line.

    NUL would cut it; U+0001 begins eSpeak's own commands; a lone surrogate has no UTF-8; private
    characters are eSpeak's marks. Joiners stay: Persian and emoji need them.
    """
    kept = (_cleaned(character) for character in text)
    return " ".join("".join(kept).split())


def split(text: str, longest: int) -> Iterator[str]:
    """Cut `text` into parts of at most `longest` characters, best where a sentence ends.

    Joined with spaces the parts are the text again, but where a single word is longer than that.
    """
    while len(text) > longest:
        cut = _cut(text[:longest])
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def _cleaned(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Cs" | "Co" | "Cn":
            return " "
        case "Cf" if character not in "\u200c\u200d":
            return ""
        case _:
            return character


def _cut(text: str) -> int:
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(text, len(text) // 2)]
        if ends:
            return ends[-1]
    return len(text)
