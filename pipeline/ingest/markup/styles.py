"""Emphasis and `lang` in a page: where in the text of a block they begin and end.

While a block is read, changes of style are noted by the piece of text that they precede. Its white
space changes in the end, so they then travel as characters that no text has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.data import word_set
from pipeline.ingest.markup.parsing import Element
from pipeline.model.styled_span import StyledSpan

EMPHASIS = ""
"""The style of emphasis; any other is a language."""

_ELEMENTS = frozenset(["em", "i", "strong", "b"])
_STYLE = re.compile(r"font-style\s*:\s*(?:italic|oblique)|font-weight\s*:\s*(?:bold|[6-9]00)")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CHANGE = "\ufdd0"
"""A noncharacter, which stands for a change of style."""


@dataclass(frozen=True, slots=True)
class StyleChange:
    """A style that begins or ends before the piece with this index."""

    piece: int
    style: str
    begins: bool


def styles_of(element: Element, name: str) -> Sequence[str]:
    """Return the styles that an element of this name gives to its text."""
    if name in ("html", "body"):
        return ()
    if not element.attrib:
        return (EMPHASIS,) if name in _ELEMENTS else ()
    language = element.get("lang") or element.get(_XML_LANGUAGE)
    found = [language.strip()] if language and language.strip() else []
    is_span = name == "span" and (
        _STYLE.search(element.get("style") or "")
        or word_set("emphasis_classes") & set((element.get("class") or "").lower().split())
    )
    return [*found, EMPHASIS] if name in _ELEMENTS or is_span else found


def marked(pieces: Sequence[str], changes: Sequence[StyleChange]) -> str:
    """Return the pieces as one text, with a character for each change of style."""
    if not changes:
        return "".join(pieces)
    text, position = [], 0
    for change in changes:
        text += [*pieces[position : change.piece], CHANGE]
        position = max(position, change.piece)
    return "".join((*text, *pieces[position:]))


class StyleReader:
    """Reads the spans of styles from the parts of a marked text, in order."""

    def __init__(self, changes: Sequence[StyleChange]):
        self._changes = iter(changes)
        self._open: list[str] = []

    def read(self, part: str) -> tuple[str, tuple[StyledSpan, ...]]:
        """Return a part, stripped and without the characters for changes, and its spans."""
        if CHANGE not in part and not self._open:
            return part.strip(), ()
        text, spans = self._resolved(part)
        words = text.strip()
        shift = len(text) - len(text.lstrip())
        return words, tuple(_clipped(spans, shift, len(words)))

    def _resolved(self, part: str) -> tuple[str, list[StyledSpan]]:
        text, spans = "", list[StyledSpan]()
        starts = [(style, 0) for style in self._open]
        pieces = part.split(CHANGE)
        for number, piece in enumerate(pieces):
            text += piece.lstrip(" ") if text.endswith(" ") else piece
            if number == len(pieces) - 1:
                break
            change = next(self._changes)
            if change.begins:
                starts.append((change.style, len(text)))
            elif (index := _last(starts, change.style)) is not None:
                style, start = starts.pop(index)
                spans.append(StyledSpan(start, len(text), style or None))
        self._open = [style for style, _ in starts]
        spans += [StyledSpan(start, len(text), style or None) for style, start in starts]
        return text, sorted(spans, key=lambda span: (span.start, span.end))


def _last(starts: Sequence[tuple[str, int]], style: str) -> int | None:
    """Return the index of the style that was begun last."""
    return next((i for i in range(len(starts) - 1, -1, -1) if starts[i][0] == style), None)


def _clipped(spans: Sequence[StyledSpan], shift: int, length: int) -> Iterator[StyledSpan]:
    """Yield the spans within a text that has lost `shift` characters at its beginning."""
    for span in spans:
        start, end = max(0, span.start - shift), min(length, span.end - shift)
        if start < end:
            yield StyledSpan(start, end, span.language)
