"""Emphasis in plain text: `_so_`, `*so*` and `**so**`, whose marks are not read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model.book import Block, Paragraph
from pipeline.model.styled_span import StyledSpan

_EMPHASIS = re.compile(r"(?<![\w*_])(_|\*{1,3})(?=[^\s*_])([^*_]{1,2000}?)(?<=[^\s*_])\1(?![\w*_])")


def with_emphasis(text: str, paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs with the spans of their emphasis, without its marks."""
    if "_" not in text and "*" not in text:
        return tuple(paragraphs)
    return tuple(
        replace(p, spans=_spans(text, p)) if p.block is Block.PROSE else p for p in paragraphs
    )


def _spans(text: str, paragraph: Paragraph) -> tuple[StyledSpan, ...]:
    matches = _EMPHASIS.finditer(text, paragraph.start, paragraph.end)
    return tuple(StyledSpan(*match.span(2)) for match in matches)
