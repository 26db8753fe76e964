"""The text of a book made of blocks."""

from collections.abc import Sequence

from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.model.book import Paragraph

_GAP = "\n\n"


def paragraphs_of(blocks: Sequence[MarkupBlock]) -> tuple[str, tuple[Paragraph, ...]]:
    """Return a text with a blank line between its blocks, and a paragraph for each block."""
    paragraphs: list[Paragraph] = []
    offset = 0
    for block in blocks:
        spans = tuple(span.shifted(offset) for span in block.spans) if block.spans else ()
        paragraphs.append(Paragraph(offset, offset + len(block.text), block.block, spans))
        offset += len(block.text) + len(_GAP)
    return "".join(f"{block.text}{_GAP}" for block in blocks), tuple(paragraphs)
