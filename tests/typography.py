"""A novel with other quote marks or another layout; its words stay the same, in order.

A double mark opens or closes as in the library's own spans, or by its neighbours where it is in no
span. `cleaned` drops the marks of which neither tells.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.book import Block, Book, Paragraph

_WRAP = re.compile(r"[^\S\n]*\n\s*|(?<=\S) (?=\S)")
_QUOTE_MARKS = {
    # a speech, a quotation within it, the apostrophe
    "curly": ("“", "”", "‘", "’", "’"),
    "curly, straight apostrophes": ("“", "”", "‘", "’", "'"),
    "single straight": ("'", "'", '"', '"', "'"),
    "single curly": ("‘", "’", "“", "”", "’"),
    "single curly, straight apostrophes": ("‘", "’", "“", "”", "'"),
    "guillemets": ("«", "»", "“", "”", "’"),
    "French": ("« ", " »", "“", "”", "’"),
    "inward guillemets": ("»", "«", "“", "”", "'"),
    "German": ("„", "“", "‚", "‘", "’"),
    "Swedish": ("”", "”", "’", "’", "’"),
    "TeX": ("``", "''", "`", "'", "'"),
}

Rewriter = Callable[[Book], str]
"""Returns the text of a book in another typography."""


def reread(text: str, folder: Path) -> Book:
    """Return the book read from a file with this text, line ends unchanged."""
    path = folder / "novel.txt"
    path.write_bytes(text.encode())
    return read(path)


def cleaned(book: Book) -> str:
    """Return the text without the quote marks that can be read in two ways."""
    text, inner, outer = book.text, _inner_marks(book), _outer_marks(book)
    ambiguous = set(_offsets_of('"', text)) - set(outer)
    ambiguous |= {
        at
        for at in _offsets_of("'", text)
        if at not in inner and not (text[at - 1].isalnum() or text[at + 1 : at + 2].isalnum())
    }
    return _substituted(text, dict.fromkeys(ambiguous, ""))


def _offsets_of(mark: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(mark, text)]


def _substituted(text: str, characters: Mapping[int, str]) -> str:
    """Return the text with other characters at some offsets."""
    return "".join(characters.get(at, char) for at, char in enumerate(text))


def _outer_marks(book: Book) -> dict[int, bool]:
    """Return the offsets of the double marks, and whether each opens."""
    text, marks = book.text, {}
    speeches = [span for span in split(book) if span.speech]
    opens, closes = {span.start - 1 for span in speeches}, {span.end for span in speeches}
    for at in _offsets_of('"', text):
        if (at in opens) != (at in closes):
            marks[at] = at in opens
        else:
            by_neighbours = _opens_by_neighbours(text[at - 1 : at], text[at + 1 : at + 2])
            if by_neighbours is not None:
                marks[at] = by_neighbours
    return marks


def _opens_by_neighbours(left: str, right: str) -> bool | None:
    """Return whether a mark between two characters opens, None if they do not tell."""
    left, right = left or " ", right or " "
    opening = (left.isspace() or left in "([{-_*'") and not right.isspace()
    closing = (right.isspace() or right in ")]}.,;:!?-_*'") and not left.isspace()
    return None if opening == closing else opening


def _paragraphs(book: Book) -> Iterator[Paragraph]:
    return (paragraph for chapter in book.chapters for paragraph in chapter.paragraphs)


def _inner_marks(book: Book) -> dict[int, bool]:
    """Return the offsets of paired single marks within a paragraph, and whether each opens."""
    marks: dict[int, bool] = {}
    for paragraph in _paragraphs(book):
        if paragraph.block is not Block.PROSE:
            continue
        open_at: int | None = None
        text = book.text[paragraph.start : paragraph.end]
        for place in _offsets_of("'", text):
            left, right = text[max(0, place - 1) : place] or " ", text[place + 1 : place + 2]
            if (left.isspace() or left in '"(-') and right.isalnum():
                open_at = paragraph.start + place
            elif open_at is not None and not right.isalnum() and left != "s":
                marks |= {open_at: True, paragraph.start + place: False}
                open_at = None
    return marks


def _requoted(marks: tuple[str, str, str, str, str]) -> Rewriter:
    def rewrite(book: Book) -> str:
        opening, closing, inner_opening, inner_closing, apostrophe = marks
        new = dict.fromkeys(_offsets_of("'", book.text), apostrophe)
        for at, opens in _inner_marks(book).items():
            new[at] = inner_opening if opens else inner_closing
        for at, opens in _outer_marks(book).items():
            new[at] = opening if opens else closing
        return _substituted(book.text, new)

    return rewrite


def _dashed(book: Book) -> str:
    """Return the text with Spanish dashes where a paragraph begins with a speech.

    Other speeches are in guillemets.
    """
    text, outer = book.text, _outer_marks(book)
    new = {at: "«" if opens else "»" for at, opens in outer.items()}
    starts = {span.start - 1 for span in split(book) if span.speech and not span.continues}
    for paragraph in _paragraphs(book):
        if paragraph.start in starts:
            marks = [at for at in range(paragraph.start, paragraph.end) if text[at] == '"']
            if [outer[at] for at in marks] == [True, False] * (len(marks) // 2):
                _dash(text, marks, paragraph.end, new)
    return _substituted(text, new)


def _dash(text: str, marks: list[int], end: int, new: dict[int, str]) -> None:
    """Put dashes for a paragraph's marks, which open and close in turn, up to its `end`."""
    for opening, closing in zip(marks[::2], marks[1::2], strict=True):
        new[opening], new[closing] = "—", " —"
        if text[closing + 1 : closing + 2].isspace():
            new[closing + 1] = ""
    if marks[-1] == end - 1:
        new[marks[-1]] = ""
        new.pop(end, None)


def _wrapped(width: int, indent: str = "", *, blank_lines: bool = True) -> Rewriter:
    """Return a rewriter that wraps paragraphs again; verse, with its indented lines, stays."""

    def rewrite(book: Book) -> str:
        parts, at, stays = [], 0, True
        for paragraph in _paragraphs(book):
            text, last_stays = book.text[paragraph.start : paragraph.end], stays
            stays = paragraph.block is not Block.PROSE or _has_indented_line(text)
            gap = book.text[at : paragraph.start]
            parts.append(gap if blank_lines or stays or last_stays else "\n")
            parts.append(text if stays else indent + _filled(text, width))
            at = paragraph.end
        return "".join([*parts, book.text[at:]])

    return rewrite


def _has_indented_line(text: str) -> bool:
    return re.search(r"\n[^\S\n]+\S", text) is not None


def _filled(text: str, width: int) -> str:
    """Wrap at single spaces only: two in a row may stand for a dash that was lost."""
    lines = [""]
    for word in _WRAP.split(text):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


SAFE_LAYOUTS: Mapping[str, Rewriter] = {
    "CRLF": lambda book: book.text.replace("\n", "\r\n"),
    "CR": lambda book: book.text.replace("\n", "\r"),
    "trailing spaces": lambda book: book.text.replace("\n", "  \n"),
    "a margin": lambda book: re.sub(r"(?m)^(?=.)", "     ", book.text),
    "wrapped at 60": _wrapped(60),
    "wrapped at 100": _wrapped(100),
}
LAYOUTS: Mapping[str, Rewriter] = {
    "unwrapped": _wrapped(10**9),
    "a line a paragraph": _wrapped(10**9, blank_lines=False),
    "indented": _wrapped(72, "    ", blank_lines=False),
}
"""Where a line is a paragraph, a letter or verse may be cut differently."""
QUOTE_MARKS: Mapping[str, Rewriter] = {
    name: _requoted(marks) for name, marks in _QUOTE_MARKS.items()
}
DASHES: Mapping[str, Rewriter] = {"dashes": _dashed}
