"""The fields of a DOCX that are not read: tables of contents, indexes, page numbers."""

from pipeline.core.data import word_map
from pipeline.ingest.markup.parsing import Element, local_name
from pipeline.ingest.office.word_styles import CONTENTS_STYLE, W, restyle

_CONTENTS, _NUMBER = "contents", "number"
_LONGEST = 200
"""Characters of an instruction, which begins with its name."""
_DEEPEST = 20
"""Fields within one another."""


def mark_fields(root: Element) -> None:
    """Put paragraphs of tables of contents in their style, and empty the fields of page numbers.

    A field has an instruction between two marks, and may extend over paragraphs; a simple one is an
    element with the instruction as an attribute.
    """
    for simple in root.iter(f"{W}fldSimple"):
        kind = _kind([simple.get(f"{W}instr") or ""])
        for text in simple.iter(f"{W}t") if kind else ():
            text.text = ""
    fields: list[str] = []  # the instructions of the fields that are open
    for element in root.iter(*(f"{W}{name}" for name in ("fldChar", "instrText", "p", "t"))):
        name = local_name(element)
        if name == "fldchar":
            _count(fields, element.get(f"{W}fldCharType") or "")
        elif name == "instrtext" and fields:
            if len(fields[-1]) < _LONGEST:
                fields[-1] += element.text or ""
            _mark_paragraph(element, fields)
        elif name == "p" and _kind(fields) == _CONTENTS:
            restyle(element, CONTENTS_STYLE)
        elif name == "t" and _kind(fields[-1:]) == _NUMBER:
            element.text = ""


def _count(fields: list[str], mark: str) -> None:
    if mark == "begin":
        fields.append("")
    elif mark == "end" and fields:
        fields.pop()


def _mark_paragraph(element: Element, fields: list[str]) -> None:
    """Mark the paragraph that a table of contents begins in."""
    if _kind(fields[-1:]) == _CONTENTS:
        paragraph = next(element.iterancestors(f"{W}p"), None)
        if paragraph is not None:
            restyle(paragraph, CONTENTS_STYLE)


def _kind(fields: list[str]) -> str:
    """Return what the open fields make of their content, the outermost first; mostly nothing."""
    known = word_map("unread_fields")
    kinds = (known.get((field.split() or [""])[0].upper(), "") for field in fields[:_DEEPEST])
    return next(filter(None, kinds), "")
