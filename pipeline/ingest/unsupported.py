"""Files that are no book to be read: what they are, and what to do instead."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import SourceError


@dataclass(frozen=True, slots=True)
class UnsupportedFormat:
    """A kind of file with the remedy, what it begins with (see `recognition`), its suffixes.

    One that is `general` may also be a book, in a format that its suffix names.
    """

    kind: str
    remedy: str
    signature: re.Pattern[bytes]
    suffixes: tuple[str, ...] = ()
    general: bool = False

    def error(self, path: Path) -> SourceError:
        """Return the error for a file of this kind."""
        return SourceError.of(f"seems to be {self.kind}", file=path, remedy=self.remedy)


def _format(
    kind: str, remedy: str, pattern: bytes, suffixes: str = "", *, general: bool = False
) -> UnsupportedFormat:
    signature = re.compile(pattern, re.DOTALL | re.IGNORECASE)
    return UnsupportedFormat(kind, remedy, signature, tuple(suffixes.split()), general)


_AS_DOCX = "open it in Word or LibreOffice and save it as DOCX"
_AS_TEXT = "save it as plain text (UTF-8) and read that"
_CELLS = "copy the text of the book into a document; cells have no order of reading"
_SLIDES = "copy the text of the book into a document"
_SOUND = "give it the text of the book; fullcast makes audio and does not transcribe it"
_UNPACK = "unpack it and read the file of the book in it"
_OCR = "make text of it with a program for character recognition (OCR)"
_OLE = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = rb"PK\x03\x04.{0,80}?mimetypeapplication/vnd\.oasis\.opendocument\."

UNSUPPORTED = (
    # Office files of 1997 to 2003, and what hides in the same container
    _format("a document with a password", "open it, save it without a password",
            _OLE + rb".*\n(EncryptedPackage|EncryptionInfo)\n"),
    _format("a Word document of 1997 to 2003", _AS_DOCX, _OLE + rb".*\nWordDocument\n"),
    _format("a spreadsheet", _CELLS, _OLE + rb".*\n(Workbook|Book)\n"),
    _format("a presentation", _SLIDES, _OLE + rb".*\nPowerPoint Document\n"),
    _format("a file of an old office program", _AS_DOCX, _OLE, ".doc .dot .wps"),
    # Today's office files
    _format("a spreadsheet", _CELLS, rb"PK\x03\x04.*\nxl/", ".xls .xlsx .xlsm .csv .tsv"),
    _format("a presentation", _SLIDES, rb"PK\x03\x04.*\nppt/", ".ppt .pptx .key"),
    _format("a spreadsheet", _CELLS, _OPEN_DOCUMENT + rb"spreadsheet", ".ods .numbers"),
    _format("a presentation", _SLIDES, _OPEN_DOCUMENT + rb"presentation", ".odp"),
    _format("an OpenDocument file without text", _SLIDES, _OPEN_DOCUMENT + rb"(?!text)"),
    _format("a document of Apple Pages, Numbers or Keynote",
            "open it there and choose File > Export To > EPUB or Word",
            rb"PK\x03\x04.*\n(Index/[^\n]*\.iwa|Index\.zip)\n", ".pages"),
    _format("a WordPerfect document", _AS_DOCX, rb"\xffWPC", ".wpd"),
    # Other documents
    _format("a DjVu scan", _OCR, rb"AT&TFORM", ".djvu"),
    _format("a PostScript document", "convert it to PDF or plain text", rb"%!PS-Adobe", ".ps"),
    _format("an XML document", _AS_TEXT, rb"\s*<\?xml\s", general=True),
    # Pictures, sound, programs
    _format("a picture", _OCR,
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|RIFF.{4}WEBP|BM.{4}\x00{4}"
            rb"|.{4}ftyp(heic|heix|mif1|avif)", ".svg"),
    _format("an audio or video file", _SOUND,
            rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb][\x10-\xe0]|OggS\x00|fLaC\x00|\x1aE\xdf\xa3"
            rb"|(RIFF|RF64).{4}(WAVE|AVI)|FORM.{4}AIF|.{4}ftyp|#!AMR",
            ".mp3 .aac"),
    _format("a program", "give it the file of the book",
            rb"\x7fELF|MZ.{58}\x00|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|PK\x03\x04.*\nMETA-INF/MANIFEST\.MF\n",
            ".exe"),
    # Archives, last: the above are archives, too
    _format("a ZIP archive", _UNPACK, rb"PK(\x03\x04|\x05\x06|\x07\x08)",
            general=True),
    _format("a compressed archive", _UNPACK,
            rb"\x1f\x8b|BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a|\x28\xb5\x2f\xfd|.{257}ustar", ".cbr"),
)  # fmt: skip


def by_content(content: bytes) -> UnsupportedFormat | None:
    """Return the kind of file that the content is unmistakably, if it is in the table."""
    return next((f for f in UNSUPPORTED if f.signature.match(content)), None)


def by_suffix(suffix: str) -> UnsupportedFormat | None:
    """Return the kind of file that has this suffix, if it is in the table."""
    return next((f for f in UNSUPPORTED if suffix in f.suffixes), None)
