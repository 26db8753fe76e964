"""Plain text for a speech synthesiser: no control characters, one line, pieces it can process."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.tts.text_splitting import split_text

_BREAKS = (
    re.compile(r"[.!?\u2026][\"'\u201d\u2019\xbb)\]]*\s"),  # the end of a sentence and its quotes
    re.compile(r"[,;:\u2013\u2014]\s"),
    re.compile(r"\s"),
)


def clean(text: str) -> str:
    """Return the text on one line, without characters that a library would not read as text.

    NUL would cut it; U+0001 starts a command of eSpeak NG; a lone surrogate has no UTF-8; private
    use characters are eSpeak NG's own marks. Joiners stay: Persian and emoji need them.
    """
    kept = (_cleaned(character) for character in text)
    return " ".join("".join(kept).split())


def split(text: str, longest: int) -> Iterator[str]:
    """Yield a clean text in pieces of at most `longest` characters, preferably whole sentences.

    Joined with spaces the pieces are the text again, unless a single word is longer than that.
    """
    return split_text(text, longest, _BREAKS, earliest=longest // 2)


def _cleaned(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Cs" | "Co" | "Cn":
            return " "
        case "Cf" if character not in "\u200c\u200d":
            return ""
        case _:
            return character
