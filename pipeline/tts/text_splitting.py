"""Splitting of text that is too long: for an utterance, or for one call of an engine."""

import re
from collections.abc import Iterator, Sequence


def split_text(
    text: str, longest: int, breaks: Sequence[re.Pattern[str]], earliest: int = 0
) -> Iterator[str]:
    """Yield `text` in stripped, non-empty pieces of at most `longest` characters.

    A piece ends with the last match, at `earliest` characters or later, of the first of `breaks`
    that has one; if none has, at `longest` characters.
    """
    start = 0
    while len(text) - start > longest:
        window = text[start : start + longest]
        end = start + _break(window, breaks, earliest)
        if piece := text[start:end].strip():
            yield piece
        start = end
    if rest := text[start:].strip():
        yield rest


def _break(window: str, breaks: Sequence[re.Pattern[str]], earliest: int) -> int:
    """Return the length of the piece to take from the start of `window`."""
    for pattern in breaks:
        ends = [match.end() for match in pattern.finditer(window, earliest)]
        if ends:
            return ends[-1]
    return len(window)
