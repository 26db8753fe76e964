"""Decode a file: detect its encoding, and reject with a reason what is not text."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.core.errors import SourceError
from pipeline.core.messages import count

ENCODINGS = (
    *("cp1252", "latin_1", "mac_roman", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253"),
    *("iso8859_7", "cp1254", "cp1257", "cp1255", "cp1256", "cp850"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)
"""Encodings of books without Unicode; the fewer the choices, the fewer the wrong guesses."""

_BOMS = (  # UTF-32 first: its BOM begins with that of UTF-16
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_AS_TEXT = "save it as plain text (UTF-8) and read that"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_WESTERN = "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿß"
_UNWESTERN = re.compile(
    rf"[^\x00-\x7f\xa0{_WESTERN}{_WESTERN.upper()}“”\u2018\u2019„\u201a«»\u2039\u203a\u2013—…•·†‡°£€©®™§¶½¼¾¿¡ªº\u00b4]"
    rf"|[a-z][{_WESTERN.upper()}]"  # a capital within a word
    r"|[a-z][„\u201a«»\u2039\u203a•†‡°£€©®™§¶½¼¾¿¡ªº\u00b4][a-z]"
)
"""Characters and sequences that correctly decoded Western European text does not contain."""


def decode(data: bytes, path: Path) -> str:
    """Return the text of `data`, the content of the file at `path`, without its BOM.

    UTF-8, UTF-16 and UTF-32 are recognised by their form, Windows-1252 by its letters, other
    encodings by charset-normalizer. Raise SourceError for data that is not text.
    """
    text = _decode(data, path)
    _reject_controls(text, path)
    return text


def decode_markup(data: bytes, path: Path) -> str:
    """Return the text of a page that is neither UTF-8 nor in the encoding that it declares."""
    by_form = _decode_by_form(data, path)
    return _decode_western(data) or _decode_guessed(data, path) if by_form is None else by_form


def _decode(data: bytes, path: Path) -> str:
    by_form = _decode_by_form(data, path)
    if by_form is not None:
        return by_form
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        _reject_damaged_utf8(data, path)
    return _decode_western(data) or _decode_guessed(data, path)


def _decode_by_form(data: bytes, path: Path) -> str | None:
    """Return the text of data with a BOM or with NUL bytes, as UTF-16 has; None for other data."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_strictly(data[len(bom) :], encoding, path)
    return _decode_utf16(data, path) if b"\0" in data else None


def _line_number(text: str, offset: int) -> int:
    """Return the number, from 1, of the line at `offset`; lines end with LF, CRLF or CR."""
    before = text[:offset]
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")


def _decode_strictly(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        name = encoding.removesuffix("_le").removesuffix("_be").upper().replace("_", "-")
        what = f"begins as {name} but is not valid {name} throughout"
        line = _line_number(before, len(before))
        raise SourceError.of(what, file=path, line=line, remedy=_AS_TEXT) from error


def _decode_utf16(data: bytes, path: Path) -> str:
    """Decode UTF-16 without BOM, in the byte order that yields more spaces and line ends."""
    decoded = []
    rest = data.replace(b"\0", b"")
    # A few NUL bytes in what is otherwise one byte a character are damage, not UTF-16.
    damaged = len(rest) > 0.7 * len(data) and not _CONTROL.search(rest.decode("latin_1"))
    for encoding in () if damaged else ("utf_16_le", "utf_16_be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            decoded.append((text.count(" ") + text.count("\n"), text))
    blanks, text = max(decoded, default=(0, ""))
    if blanks and blanks * 100 >= len(text):
        return text
    line = _line_number(data[: data.index(b"\0")].decode("latin_1"), len(data))
    what = "contains NUL bytes, so it is not text"
    raise SourceError.of(what, file=path, line=line, remedy=_AS_TEXT)


def _reject_damaged_utf8(data: bytes, path: Path) -> None:
    """Raise SourceError if `data` is UTF-8 with a few wrong bytes rather than another encoding.

    Decoded as anything else, every accent and curly quote of such a file would come out wrong.
    """
    text = data.decode("utf-8", "surrogateescape")
    wrong = re.findall("[\udc80-\udcff]+", text)
    right = len(re.findall("[\u0080-\ud7ff\ue000-\U0010ffff]", text))
    if right > 2 * len(wrong):
        line = _line_number(text, text.index(wrong[0]))
        what = f"is UTF-8 but damaged in {count(len(wrong), 'place')}"
        raise SourceError.of(what, file=path, line=line, remedy="retype the damaged characters")


def _decode_western(data: bytes) -> str | None:
    """Decode as Windows-1252, a superset of Latin-1; None if that is no Western European text.

    Tried before charset-normalizer, which takes French for Czech: the bytes of the accents are
    letters in both.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    accented = sum(c > "\x7f" and c.isalpha() for c in text)
    letters = sum(map(str.isalpha, text))
    return None if accented * 5 > letters or _UNWESTERN.search(text) else text


def _decode_guessed(data: bytes, path: Path) -> str:
    match = from_bytes(data, cp_isolation=list(ENCODINGS)).best()
    if match is None:
        what = "is not text, or its encoding could not be detected"
        raise SourceError.of(what, file=path, remedy=_AS_TEXT)
    return data.decode(match.encoding, "replace")


def _reject_controls(text: str, path: Path) -> None:
    """Raise SourceError for NUL or many control characters; a few others do no harm."""
    controls = [match.start() for match in _CONTROL.finditer(text)]
    length = len(text) - text.count("\r") - text.count("\n")
    if controls and (len(controls) * 100 > length or "\0" in text):
        what = "contains control characters, so it is not plain text"
        line = _line_number(text, controls[0])
        raise SourceError.of(what, file=path, line=line, remedy=_AS_TEXT)
