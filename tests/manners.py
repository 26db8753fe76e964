"""The same novel in other quote marks and another layout; its words stay the same, in order.

Which marks open and which close is told by the library's own spans, and by where a mark stands
where it is in no span; a mark that neither tells is left out of the novel beforehand.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.book import Block, Book

_WRAP = re.compile(r"[^\S\n]*\n\s*|(?<=\S) (?=\S)")
_QUOTES = {
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


def reread(text: str, folder: Path) -> Book:
    """The book that a file with this text is read as, its line ends as they stand."""
    path = folder / "novel.txt"
    path.write_bytes(text.encode())
    return read(path)


def cleaned(book: Book) -> str:
    """The text without the marks of which nobody can tell what they are."""
    text, inner, outer = book.text, _inner(book), _outer(book)
    doubtful = set(_places('"', text)) - set(outer)
    doubtful |= {
        at
        for at in _places("'", text)
        if at not in inner and not (text[at - 1].isalnum() or text[at + 1 : at + 2].isalnum())
    }
    return _swapped(text, dict.fromkeys(doubtful, ""))


def _places(mark: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(mark, text)]


def _swapped(text: str, other: Mapping[int, str]) -> str:
    return "".join(other.get(at, char) for at, char in enumerate(text))


def _outer(book: Book) -> dict[int, bool]:
    """Where double marks stand, and whether they open."""
    text, found = book.text, {}
    speeches = [span for span in split(book) if span.speech]
    opens, closes = {span.start - 1 for span in speeches}, {span.end for span in speeches}
    for at in _places('"', text):
        left, right = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
        opening = (left.isspace() or left in "([{-_*'") and not right.isspace()
        closing = (right.isspace() or right in ")]}.,;:!?-_*'") and not left.isspace()
        if (at in opens) != (at in closes):
            found[at] = at in opens
        elif opening != closing:
            found[at] = opening
    return found


def _inner(book: Book) -> dict[int, bool]:
    """Where single marks stand that are in pairs within a paragraph, and whether they open."""
    found: dict[int, bool] = {}
    for paragraph in (p for c in book.chapters for p in c.paragraphs if p.block is Block.PROSE):
        held: int | None = None
        words = book.text[paragraph.start : paragraph.end]
        for place in _places("'", words):
            left, right = words[max(0, place - 1) : place] or " ", words[place + 1 : place + 2]
            if (left.isspace() or left in '"(-') and right.isalnum():
                held = paragraph.start + place
            elif held is not None and not right.isalnum() and left != "s":
                found |= {held: True, paragraph.start + place: False}
                held = None
    return found


def _requoted(marks: tuple[str, str, str, str, str]) -> Callable[[Book], str]:
    def write(book: Book) -> str:
        opening, closing, inner_opening, inner_closing, apostrophe = marks
        other = dict.fromkeys(_places("'", book.text), apostrophe)
        other |= {a: inner_opening if o else inner_closing for a, o in _inner(book).items()}
        other |= {at: opening if opens else closing for at, opens in _outer(book).items()}
        return _swapped(book.text, other)

    return write


def _dashed(book: Book) -> str:
    """As Spanish has it, where a paragraph begins with a speech; else in guillemets."""
    text, outer = book.text, _outer(book)
    other = {at: "«" if opens else "»" for at, opens in outer.items()}
    begins = {span.start - 1 for span in split(book) if span.speech and not span.continues}
    for p in (p for c in book.chapters for p in c.paragraphs if p.start in begins):
        marks = [at for at in range(p.start, p.end) if text[at] == '"']
        if [outer[at] for at in marks] != [True, False] * (len(marks) // 2):
            continue
        for at in marks:
            other[at] = "—" if outer[at] else " —"
            if not outer[at] and text[at + 1 : at + 2].isspace():
                other[at + 1] = ""
        if marks[-1] == p.end - 1:
            other[marks[-1]] = ""
            other.pop(p.end, None)
    return _swapped(text, other)


def _laid(width: int, indent: str = "", *, apart: bool = True) -> Callable[[Book], str]:
    """Each paragraph wrapped anew; verse, whose lines are set in, stands as it is."""

    def write(book: Book) -> str:
        parts, at, kept = [], 0, True
        for p in (p for chapter in book.chapters for p in chapter.paragraphs):
            words, last = book.text[p.start : p.end], kept
            kept = p.block is not Block.PROSE or re.search(r"\n[^\S\n]+\S", words) is not None
            parts.append(book.text[at : p.start] if apart or kept or last else "\n")
            parts.append(words if kept else indent + _filled(words, width))
            at = p.end
        return "".join([*parts, book.text[at:]])

    return write


def _filled(words: str, width: int) -> str:
    """Wrapped at single spaces alone: two in a row may stand for a dash that was lost."""
    lines = [""]
    for word in _WRAP.split(words):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


LAYOUTS: Mapping[str, Callable[[Book], str]] = {
    "CRLF": lambda book: book.text.replace("\n", "\r\n"),
    "CR": lambda book: book.text.replace("\n", "\r"),
    "trailing spaces": lambda book: book.text.replace("\n", "  \n"),
    "a margin": lambda book: re.sub(r"(?m)^(?=.)", "     ", book.text),
    "wrapped at 60": _laid(60),
    "wrapped at 100": _laid(100),
    "unwrapped": _laid(10**9),
    "a line a paragraph": _laid(10**9, apart=False),
    "indented": _laid(72, "    ", apart=False),
}
QUOTES = {name: _requoted(marks) for name, marks in _QUOTES.items()}
DASHES = {"dashes": _dashed}
