r"""Parse a script into Fountain elements with fountain-py.

fountain-py only decides which element a line is; the words are taken from the line itself. What
it gets wrong is prevented by the text that it is given in place of a line:

- it recognises no cue in `@23`, a name without letters, and cuts names at brackets;
- it drops a note within a cue, and everything after an unclosed `[[` or `/*`;
- it makes one element of dual dialogue (`^`), whose lines we read one after the other;
- it splits lines at `\n` only, and keeps other line ends within them;
- it takes no key with a small letter at the start of a word, as in `Title sort`, but for its own;
- its search for emphasis, which we do not need, takes minutes for many marks or a long line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fountain import FountainParser
from fountain.elements import ElementType

from pipeline.ingest.fountain.markup import SourceRow, rows, without_carets
from pipeline.model.book import metadata_field

__all__ = ["ElementType", "FountainDocument", "FountainElement", "parse"]

_FORCED_CUE = re.compile(r"\s*@\s*\S")
_OPEN = re.compile(r"\[(?=\[)|/(?=\*)")
_EMPHASIS = re.compile(r"(?<=\S)[*_]")
_LONGEST = 400
"""Characters of a line that may be a cue or a transition."""
_END = 100


@dataclass(frozen=True, slots=True)
class FountainElement:
    """Rows that belong together; `blank` counts the blank rows before them."""

    type: ElementType
    rows: tuple[SourceRow, ...]
    blank: int


@dataclass(frozen=True, slots=True)
class FountainDocument:
    """A script: its title page, with keys in lower case, and its elements in order."""

    title_page: dict[str, str]
    elements: tuple[FountainElement, ...]


def parse(text: str) -> FountainDocument:
    """Parse a script; any text is one."""
    source = rows(text)
    head = _title_page_length(source)
    prepared = [*map(_prepare_field, source[:head]), *map(_prepare, source[head:])]
    document = FountainParser().parse("\n".join(prepared))
    return FountainDocument(dict(document.metadata), tuple(_elements(document.elements, source)))


def _title_page_length(source: Sequence[SourceRow]) -> int:
    """Count the rows of the title page: those before the first blank one, if they are one."""
    first = next((i for i, row in enumerate(source) if row.text.strip()), 0)
    if not source or ":" not in source[first].text:
        return 0
    return next((i for i in range(first, len(source)) if not source[i].text.strip()), len(source))


def _prepare_field(row: SourceRow) -> str:
    """Return the text that fountain-py reads as the row of a title page that it is."""
    key, colon, value = row.text.partition(":")
    known = key[:1].isupper() and metadata_field(key) is not None
    return f"{key.title()}{colon}{value}" if known else row.text


def _prepare(row: SourceRow) -> str:
    """Return the text that fountain-py reads as the element that the row is."""
    if _FORCED_CUE.match(row.text):
        return "@A"
    text = row.text
    if len(text) > _LONGEST:
        text = f"{text[:_END]} and so on {text[-_END:]}"
    elif text.isupper():
        text = without_carets(text)
    return _EMPHASIS.sub(_unemphatic, _OPEN.sub(r"\g<0> ", text))


def _unemphatic(mark: re.Match[str]) -> str:
    """Return a character in place of a mark, one that may be in a cue where the mark may."""
    return "#" if mark[0] == "_" else "+"


def _elements(elements: Sequence[object], source: Sequence[SourceRow]) -> Iterator[FountainElement]:
    for element in elements:
        kind = element.type  # type: ignore[attr-defined]
        first = element.line_number - 1  # type: ignore[attr-defined]
        count = 1 + element.text.count("\n") if kind is ElementType.ACTION else 1  # type: ignore[attr-defined]
        yield FountainElement(
            kind, tuple(source[first : first + count]), _blank_before(source, first)
        )


def _blank_before(source: Sequence[SourceRow], first: int) -> int:
    before = first
    while before and not source[before - 1].text.strip():
        before -= 1
    return first - before
