"""Get the lines, outline and information of a PDF from PDFium; to be called in its own process.

PDFium is asked for the text of a page at once, and for the places of the first and last characters
of each line: to ask for every character takes ten times as long.
"""

import ctypes
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2 import raw as pdfium

from pipeline.ingest.pdf.lines import Bookmark, PdfLine, PdfPage, PdfText

MAX_PAGES = 20_000
MAX_CHARACTERS = 20_000_000
_MAX_BOOKMARKS = 10_000
_DIVIDED = "\ufffe"  # PDFium's sign for a hyphen at the end of a line
_HYPHENS = f"{_DIVIDED}\xad"
_LINE = re.compile(rf"[^\r\n{_DIVIDED}]*(?:{_DIVIDED}|[\r\n]+|\Z)")
_UNMAPPED = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_MARK = re.compile(r"(?<=[^\W\d])\d{1,3}(?!\w)|(?<=[.,;:!?)”’\"'…])\d{1,3}(?!\w)|(?<=\S)[*†‡]+")
_SMALL, _RAISED = 0.85, 0.15
"""Of the size of the letters beside it: that of the mark of a note, and its height above them."""


class TooLongError(Exception):
    """A document has more pages or characters than any book."""


class LockedError(Exception):
    """A document cannot be opened without a password."""


def extract(path: str) -> PdfText:
    """Return the text of the document at `path`; ValueError if it is no PDF."""
    try:
        document = PdfDocument(path)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise LockedError from None
        raise ValueError(str(error)) from None
    if len(document) > MAX_PAGES:
        raise TooLongError
    pages, characters, unmapped = [], 0, 0
    for index in range(len(document)):
        page, odd = _page(document, index)
        pages.append(page)
        unmapped += odd
        characters += sum(len(line.text) for line in page.lines)
        if characters > MAX_CHARACTERS:
            raise TooLongError
    information = document.get_metadata_dict(skip_empty=True)
    share = unmapped / max(characters, 1)
    return PdfText(tuple(pages), tuple(_outline(document)), information, share)


def _page(document: PdfDocument, index: int) -> tuple[PdfPage, int]:
    """Return a page and the number of its characters that stand for no letter."""
    try:
        page = document[index]
        text_page = page.get_textpage()
    except PdfiumError:  # damaged: the others are read all the same
        return PdfPage(0.0, ()), 0
    height = page.get_height()
    text = _text(text_page)
    lines = tuple(_lines(text_page, text))
    text_page.close()
    page.close()
    return PdfPage(height, lines), len(_UNMAPPED.findall(text))


def _text(page: Any) -> str:
    """Return the text of a page, a character for each unit of UTF-16: these are what is counted."""
    count = page.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    units = pdfium.FPDFText_GetText(page, 0, count, buffer)
    return "".join(map(chr, buffer[: max(units - 1, 0)]))


def _lines(page: Any, text: str) -> Iterator[PdfLine]:
    for match in _LINE.finditer(text):
        words = match[0].strip()
        divided = words.endswith(tuple(_HYPHENS))
        words = words.rstrip(_HYPHENS).rstrip()
        if not words:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        line = _line(page, text, start, start + len(words), divided=divided)
        if line is not None:
            yield line


def _line(page: Any, text: str, start: int, end: int, *, divided: bool) -> PdfLine | None:
    """Return the line of `text[start:end]`."""
    middle = _full_letter(text, start, end)
    size = _height(page, middle)
    right = _box(page, end - 1)[1]
    left, y = _origin(page, start)
    _, baseline = _origin(page, middle)
    words = _without_marks(page, text, start, end, size)
    shown = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    shown = _UNMAPPED.sub("", shown).replace("\xad", "")
    if not shown.strip():
        return None
    whole = f"{shown.strip()}-" if divided else shown.strip()
    return PdfLine(whole, left, right, baseline or y, size, _is_bold(page, middle), divided)


def _full_letter(text: str, start: int, end: int) -> int:
    """Return the index of a letter in the middle, else of anything there but a space."""
    middle = (start + end) // 2
    order = sorted(range(start, end), key=lambda i: abs(i - middle))
    for wanted in (str.isalpha, lambda c: not c.isspace()):
        for index in order:
            if wanted(text[index]):
                return index
    return start


def _without_marks(page: Any, text: str, start: int, end: int, size: float) -> str:
    """Return `text[start:end]` without the marks of notes: small or raised figures, daggers."""
    pieces, last = [], start
    for match in _MARK.finditer(text, start, end):
        if _is_mark(page, text, match.start(), size):
            pieces.append(text[last : match.start()])
            last = match.end()
    return "".join([*pieces, text[last:end]])


def _is_mark(page: Any, text: str, unit: int, size: float) -> bool:
    if text[unit] in "†‡" or _height(page, unit) < _SMALL * size:
        return True
    raised = _box(page, unit)[2] - _origin(page, unit)[1]
    return text[unit].isdigit() and raised > _RAISED * size


def _index(page: Any, unit: int) -> int:
    """Return the index of the character of a unit of the text."""
    return int(pdfium.FPDFText_GetCharIndexFromTextIndex(page, unit))


def _box(page: Any, unit: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(page, _index(page, unit), left, right, bottom, top)
    return left.value, right.value, bottom.value, top.value


def _height(page: Any, unit: int) -> float:
    """Return the height of the type of a character, whatever its letter."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(page, _index(page, unit), box)
    return round(abs(float(box.top) - float(box.bottom)), 2)


def _origin(page: Any, unit: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, _index(page, unit), x, y)
    return x.value, y.value


def _is_bold(page: Any, unit: int) -> bool:
    name = ctypes.create_string_buffer(200)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(page, _index(page, unit), name, len(name), flags)
    words = name.value.lower() if 0 < length <= len(name) else b""
    return any(word in words for word in (b"bold", b"black", b"heavy"))


def _outline(document: PdfDocument) -> Iterator[Bookmark]:
    with suppress(PdfiumError):
        for number, item in enumerate(document.get_toc(max_depth=5)):
            if number >= _MAX_BOOKMARKS:
                return
            target = item.get_dest()
            page = target.get_index() if target else None
            title = " ".join(item.get_title().split())
            if page is None or not title:
                continue
            mode, view = target.get_view()
            is_place = mode == pdfium.PDFDEST_VIEW_XYZ and len(view) > 1
            yield Bookmark(title, item.level, page, view[1] if is_place else None)
