"""Titles and names that are set in capitals, as a catalogue writes them."""

import re

from pipeline.core import numerals
from pipeline.ingest import headings

_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")
_IRISH = re.compile(r"([DO]['\u2019])(\w+)", re.IGNORECASE)


def tidy(title: str) -> str:
    """`THE MAN OF THE HOUSE.` becomes `The Man of the House`; mixed case is left alone."""
    line = " ".join(title.split()).strip("_* ")
    if line.endswith(".") and not line.endswith("..") and len(line.split()[-1]) > 3:
        line = line[:-1]
    if not line.isupper() or len(line) < 2:
        return line
    words = list(_WORD.finditer(line))
    ends = {words[0].start(), words[-1].start()} if words else set()
    return _WORD.sub(lambda w: _cased(w[0], edge=_is_edge(line, w.start(), ends)), line)


def _is_edge(line: str, start: int, ends: set[int]) -> bool:
    """Whether a word opens or closes the title, or opens a subtitle."""
    return start in ends or line[:start].rstrip()[-1:] in {":", ".", "!", "?"}


def _cased(word: str, *, edge: bool) -> str:
    small = word.lower()
    if small in headings.SMALL and not edge:
        return small
    if len(word) > 1 and numerals.roman(word) and small not in {"di", "mi", "mix"}:
        return word
    irish = _IRISH.fullmatch(word)
    if irish and len(irish[2]) > 2:
        return irish[1].upper() + irish[2].capitalize()
    return word.capitalize()


def from_stem(stem: str) -> str:
    """A title from a file's name: `the_long-night` becomes `The Long Night`."""
    words = " ".join(re.sub(r"[_\W]+(?<![.,'\u2019&!()])", " ", stem).split()).strip(" .")
    return (
        _WORD.sub(lambda w: w[0].capitalize(), words) if words.islower() else words
    ) or "Untitled"
