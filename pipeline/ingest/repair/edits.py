"""Edits of a text, the one form in which every repair is stated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model.source_map import OffsetMap


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters in `[start, end)`, at least one, become `text`; `kind` is what was repaired.

    An edit without a kind belongs to the one before it.
    """

    start: int
    end: int
    text: str
    kind: str = ""


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, OffsetMap]:
    """Return the edited text and the map of its offsets; edits are in order and do not overlap."""
    return OffsetMap.of(_pieces(text, edits))


def _pieces(text: str, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str]]:
    offset = 0
    for edit in edits:
        if offset < edit.start:
            yield offset, edit.start, text[offset : edit.start]
        yield edit.start, edit.end, edit.text
        offset = edit.end
    if offset < len(text):
        yield offset, len(text), text[offset:]
