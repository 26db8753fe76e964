"""Apply all repairs to a text, one after the other."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.ingest.apparatus.note_bodies import label_of
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.ingest.repair import mojibake
from pipeline.ingest.repair.characters import entities, invisible
from pipeline.ingest.repair.edits import Edit, apply
from pipeline.ingest.repair.hyphenation import hyphens
from pipeline.ingest.repair.note_marks import note_marks
from pipeline.ingest.repair.pages import pages
from pipeline.model.source_map import DroppedMark, OffsetMap, SourceText
from pipeline.model.styled_span import StyledSpan

Repair = Callable[[str, int], Iterable[Edit]]

_CHARACTERS: tuple[Repair, ...] = (entities, mojibake.lossy, mojibake.garbled, invisible)
_LINES: tuple[Repair, ...] = (pages, hyphens)


def repaired(text: str, start: int, path: Path) -> tuple[str, SourceText | None]:
    """Return the text with `text[start:]` repaired, and the way back; None if it needs no repair.

    Raise SourceError, with the line, for characters that are lost.
    """
    original, maps, counts = text, list[OffsetMap](), Counter[str]()
    marks: tuple[DroppedMark, ...] = ()
    for repair in (*_CHARACTERS, *_LINES, note_marks):
        if repair is mojibake.garbled:
            mojibake.reject_lost(text, start, path)
        edits = list(repair(text, start))
        if edits:
            before = text
            text, offsets = apply(text, edits)
            maps.append(offsets)
            counts.update(edit.kind for edit in edits if edit.kind)
            if repair is note_marks:
                labels = (label_of(before[edit.start : edit.end]) for edit in edits)
                places = (offsets.offset_of(edit.start) for edit in edits)
                marks = tuple(map(DroppedMark, places, labels))
    return text, SourceText(original, tuple(maps), dict(counts), marks) if maps else None


def repaired_block(block: MarkupBlock) -> MarkupBlock:
    """Return a paragraph of a page with its characters repaired and without note marks.

    Markup has no line ends or pages to repair.
    """
    text, spans = block.text, block.spans
    for repair in (*_CHARACTERS, note_marks):
        edits = list(repair(text, 0))
        if edits:
            text, offsets = apply(text, edits)
            moved = ((offsets.offset_of(s.start), offsets.offset_of(s.end), s) for s in spans)
            spans = tuple(StyledSpan(a, b, s.language) for a, b, s in moved if a < b)
    return block if text is block.text else replace(block, text=text, spans=spans)
