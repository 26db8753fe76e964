"""Rows of tables whose cells have paragraphs: each row is read as one paragraph."""

from collections.abc import Sequence

from pipeline.ingest.markup import vocabulary
from pipeline.ingest.markup.parsing import Element, local_name

_LONGEST = 300
"""Characters of a cell; a longer one is a column of text, or the layout of a page."""
_MOST_PARAGRAPHS = 3
_JOINED = frozenset(("p", "div", "center", "blockquote"))


def join_rows(root: Element) -> None:
    """Make the paragraphs in the cells of tables parts of their rows."""
    for row in [element for element in root.iter() if local_name(element) == "tr"]:
        cells = [cell for cell in row if local_name(cell) in vocabulary.CELLS]
        paragraphs = [_paragraphs(cell) for cell in cells]
        if all(found is not None for found in paragraphs):
            _join([paragraph for found in paragraphs for paragraph in found or ()])


def _paragraphs(cell: Element) -> Sequence[Element] | None:
    """Return the paragraphs of a cell; None if it has more than a row of a table would."""
    length, paragraphs = 0, list[Element]()
    for element in cell.iter():
        name = local_name(element)
        if name in vocabulary.BLOCKS and name not in _JOINED:
            return None
        if name in _JOINED:
            paragraphs.append(element)
        length += len((element.text or "").strip())
        length += 0 if element is cell else len((element.tail or "").strip())
        if length > _LONGEST:
            return None
    filled = sum(1 for paragraph in paragraphs if (paragraph.text or "").strip() or len(paragraph))
    return paragraphs if filled <= _MOST_PARAGRAPHS else None


def _join(paragraphs: Sequence[Element]) -> None:
    for paragraph in paragraphs:
        paragraph.tag = "span"
        paragraph.tail = f" {paragraph.tail or ''}"
