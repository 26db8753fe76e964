"""Find the header and licence that Project Gutenberg puts around a book, and its metadata."""

import re
from dataclasses import dataclass, field

_START = re.compile(
    r"^\*\*\*[ \t]*START OF (?:THE |THIS )?(?:PROJECT )?(?:GUTENBERG|E-?BOOK|E-?TEXT)\b"
    r"[^*]{0,300}\*\*\*[^\n]*"
    r"|^\*END\*[^\n]*SMALL PRINT[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^(?:\*\*\*[ \t]*END OF (?:THE |THIS )?(?:PROJECT )?(?:GUTENBERG|E-?BOOK|E-?TEXT)\b"
    r"|End of (?:the |this )?Project Gutenberg\b)",
    re.MULTILINE | re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\s*(?:Produced by|E-?text prepared by|Transcribed (?:from|by))\b.{0,600}?(?=\n\s*\n|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(Title|Author|Language):[ \t]*([^\n]*(?:\n[ \t]+[^\s:][^\n:]*$)*)", re.MULTILINE
)
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "spanish": "es",
    "portuguese": "pt",
    "dutch": "nl",
}


@dataclass(frozen=True, slots=True)
class GutenbergFrame:
    """Where the book lies in the text, `[start, end)`; `fields` are metadata from the header."""

    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)


def find(text: str, start: int = 0) -> GutenbergFrame:
    """Find the frame around the book in `text[start:]`; without one, all of that is the book."""
    # `^` matches after LF only. The replacement keeps the length, and so the offsets.
    plain = text.replace("\r\n", " \n").replace("\r", "\n")
    opening = _START.search(plain, start)
    begin = opening.end() if opening else start
    closing = _END.search(plain, begin)
    end = closing.start() if closing else len(text)
    if not opening:
        return GutenbergFrame(begin, end)
    credit = _CREDIT.match(plain, begin, end)
    return GutenbergFrame(
        credit.end() if credit else begin, end, _header(plain[start : opening.start()])
    )


def _header(header: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(header):
        words = " ".join(value.split())
        if words:
            fields.setdefault(name.lower(), words)
    if "language" in fields:
        fields["language"] = _LANGUAGES.get(fields["language"].lower(), fields["language"])
    return fields
