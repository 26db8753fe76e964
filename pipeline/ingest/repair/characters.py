"""Decode the entities of HTML that a conversion left behind, and drop invisible characters."""

import html
import re
import unicodedata
from collections.abc import Iterator

from pipeline.ingest.repair.edits import Edit

_TYPOGRAPHIC = (
    r"quot|apos|nbsp|shy|[lr][sda]quo|sbquo|bdquo|[mn]dash|hellip|#\d{2,6}|#[xX][0-9a-fA-F]{2,5}"
)
_ENTITY = re.compile(
    rf"&(?:amp;(?=(?:{_TYPOGRAPHIC});))?"
    r"(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
"""An entity; one that was encoded twice, as `&amp;quot;`, is decoded twice if it is typographic."""
_DROPPED = "\u00ad\u034f\u180e\u200b\u2060\ufeff"
_JOINERS = "\u200c\u200d"
_INVISIBLE = re.compile(rf"[{_DROPPED}]+(?![ \t]*[\r\n])|[{_DROPPED[1:]}]+|[{_JOINERS}]+")
"""A soft hyphen at the end of a line is for `hyphenation`."""


def entities(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield an edit for each entity, `&quot;` or `&#8217;`; `&amp;lt;` becomes `&lt;`."""
    if "&" not in text:
        return
    for match in _ENTITY.finditer(text, start):
        written = f"&{match[1]};"
        decoded = html.unescape(written)
        if decoded == written:
            continue
        visible = "".join(c for c in decoded if unicodedata.category(c) not in {"Cc", "Cs"})
        yield Edit(match.start(), match.end(), visible, "entity")


def invisible(text: str, start: int = 0) -> Iterator[Edit]:
    """Yield an edit for each run of invisible characters, but for those that shape a script."""
    if text.isascii():
        return
    for match in _INVISIBLE.finditer(text, start):
        if match[0][0] in _JOINERS and not _is_latin(text, match.start(), match.end()):
            continue
        yield Edit(match.start(), match.end(), "", "invisible character")


def _is_latin(text: str, start: int, end: int) -> bool:
    """Whether Latin letters, spaces or the ends of the text are on both sides."""
    sides = (text[start - 1] if start else " ", text[end] if end < len(text) else " ")
    return all(char < "\u0300" or "\u2010" <= char <= "\u2027" or char.isspace() for char in sides)
