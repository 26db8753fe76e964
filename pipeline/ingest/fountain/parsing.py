r"""The lines of a script and what fountain-py takes each for.

fountain-py says which element a line is; the words are taken from the line itself. What it gets
wrong is set right here, by what it is given to read in place of a line:

- it gives no cue for `@23`, a name without letters, and cuts names at brackets;
- it drops a note within a cue, and all that follows an unclosed `[[` or `/*`;
- it makes one element of two voices that speak at once (`^`), whose lines we read in turn;
- it parts lines at `\n` alone, and keeps other line ends within them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fountain import FountainParser
from fountain.elements import ElementType

from pipeline.ingest.fountain.markup import SourceRow, rows

__all__ = ["Element", "ElementType", "Parsed", "parse"]

_FORCED_CUE = re.compile(r"\s*@\s*\S")
_DUAL = re.compile(r"\s*\^+\s*$")
_OPEN = re.compile(r"\[(?=\[)|/(?=\*)")


@dataclass(frozen=True, slots=True)
class Element:
    """Rows that belong together; `blank` counts the blank rows before them."""

    type: ElementType
    rows: tuple[SourceRow, ...]
    blank: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A script: its title page, keys in small letters, and its elements in order."""

    title_page: dict[str, str]
    elements: tuple[Element, ...]


def parse(text: str) -> Parsed:
    """Parse a script; any text is one."""
    found = rows(text)
    head = _head(found)
    given = [*(row.text for row in found[:head]), *map(_given, found[head:])]
    document = FountainParser().parse("\n".join(given))
    return Parsed(dict(document.metadata), tuple(_elements(document.elements, found)))


def _head(found: Sequence[SourceRow]) -> int:
    """Count the rows of what may be a title page: all before the first blank one, if it is one."""
    first = next((i for i, row in enumerate(found) if row.text.strip()), 0)
    if not found or ":" not in found[first].text:
        return 0
    return next((i for i in range(first, len(found)) if not found[i].text.strip()), len(found))


def _given(row: SourceRow) -> str:
    """Give what fountain-py is to read in place of a row: of the same type, on one line."""
    if _FORCED_CUE.match(row.text):
        return "@A"
    text = _DUAL.sub("", row.text) if row.text.isupper() else row.text
    return _OPEN.sub(r"\g<0> ", text)


def _elements(elements: Sequence[object], found: Sequence[SourceRow]) -> Iterator[Element]:
    for element in elements:
        kind = element.type  # type: ignore[attr-defined]
        first = element.line_number - 1  # type: ignore[attr-defined]
        count = 1 + element.text.count("\n") if kind is ElementType.ACTION else 1  # type: ignore[attr-defined]
        yield Element(kind, tuple(found[first : first + count]), _blank(found, first))


def _blank(found: Sequence[SourceRow], first: int) -> int:
    before = first
    while before and not found[before - 1].text.strip():
        before -= 1
    return first - before
