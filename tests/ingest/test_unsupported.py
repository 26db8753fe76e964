"""Files that are no books are refused by their content, in words that say what to do."""

import struct
from pathlib import Path

import pytest
from documents import write_zip

from pipeline.core.errors import SourceError
from pipeline.ingest.reader import read
from pipeline.ingest.unsupported import UNSUPPORTED

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def ole(*streams: str, sector_size: int = 512) -> bytes:
    """Return an OLE file whose directory, in its third sector, has streams of these names."""
    header = bytearray(sector_size)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = struct.pack("<H", sector_size.bit_length() - 1)
    header[48:52] = struct.pack("<I", 2)
    entries = (name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return bytes(header) + bytes(2 * sector_size) + b"".join(entries).ljust(sector_size, b"\0")


def refusal(path: Path, data: bytes | None = None) -> str:
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.remedy
    return str(problem)


@pytest.mark.parametrize("name", ["book", "book.txt", "book.docx", "book.epub"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ole("WordDocument", "1Table"), "a Word document of 1997 to 2003; open it in Word"),
        (ole("WordDocument", sector_size=4096), "a Word document of 1997 to 2003"),
        (ole("EncryptionInfo", "EncryptedPackage"), "a document with a password; open it, save"),
        (ole("Workbook"), "a spreadsheet; copy the text"),
        (ole("Book"), "a spreadsheet"),
        (ole("PowerPoint Document"), "a presentation"),
        (ole("CONTENTS"), "a file of an old office program"),
        (b"\xffWPC\x10\0\0\0", "a WordPerfect document; open it in Word or LibreOffice"),
        (b"ID3\x04\0\0\0\0\0\0", "an audio or video file; give it the text"),
        (b"\xff\xfb\x90\x64\0\0\0", "an audio or video file"),
        (b"OggS\0\x02", "an audio or video file"),
        (b"\0\0\0\x20ftypM4B ", "an audio or video file"),
        (b"\x1aE\xdf\xa3\x9f", "an audio or video file"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "an audio or video file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture; make text of it"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a picture"),
        (b"AT&TFORM\0\0\0\0DJVM", "a DjVu scan"),
        (b"Rar!\x1a\x07\x01\0", "a compressed archive; unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
        (b"book.txt".ljust(257, b"\0") + b"ustar\x0000", "a compressed archive"),
        (b"\x7fELF\x02\x01\x01", "a program; give it the file"),
        (b"MZ".ljust(60, b"\x90") + b"\0" * 9, "a program"),
        (b"%!PS-Adobe-3.0\n", "a PostScript document"),
    ],
)  # fmt: skip
def test_what_a_file_is_decides_whatever_its_name(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    assert f"{name}: seems to be {words}" in refusal(tmp_path / name, data)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "a spreadsheet"),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "a presentation"),
        ({"mimetype": f"{OPEN_DOCUMENT}spreadsheet", "content.xml": ""}, "a spreadsheet"),
        ({"mimetype": f"{OPEN_DOCUMENT}presentation"}, "a presentation"),
        ({"mimetype": f"{OPEN_DOCUMENT}graphics"}, "an OpenDocument file without text"),
        ({"Index/Document.iwa": "", "Metadata/x.plist": ""}, "a document of Apple Pages"),
        ({"META-INF/MANIFEST.MF": "", "A.class": ""}, "a program"),
        ({"one.txt": "Rain.", "two.mp3": ""}, "a ZIP archive; unpack it and read the file"),
        ({"inner.zip": "PK"}, "a ZIP archive"),
    ],
)  # fmt: skip
def test_what_is_in_an_archive_decides(tmp_path: Path, entries: dict[str, str], words: str) -> None:
    assert f"seems to be {words}" in refusal(write_zip(tmp_path / "book.txt", entries))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("book.csv", "a spreadsheet"),
        ("book.TSV", "a spreadsheet"),
        ("book.doc", "a file of an old office program"),
        ("book.pages", "a document of Apple Pages"),
        ("book.exe", "a program"),
    ],
)
def test_the_name_decides_where_the_content_does_not(tmp_path: Path, name: str, words: str) -> None:
    assert f"seems to be {words}" in refusal(tmp_path / name, b"One, two\nthree, four\n")


@pytest.mark.parametrize("name", ["book.docx", "book.odt", "book.fb2", "book.rtf", "book.epub"])
def test_an_empty_file_is_reported(tmp_path: Path, name: str) -> None:
    assert "is empty; " in refusal(tmp_path / name, b"")


@pytest.mark.parametrize("directory", [0, 2**32 - 2])
def test_an_ole_file_that_lies_of_its_directory_is_refused(tmp_path: Path, directory: int) -> None:
    data = bytearray(ole("WordDocument"))
    data[30:32] = b"\xff\xff"
    data[48:52] = struct.pack("<I", directory)
    assert "a file of an old office program" in refusal(tmp_path / "a.doc", bytes(data))


def test_each_kind_says_what_to_do_and_each_suffix_is_of_one() -> None:
    suffixes = [suffix for kind in UNSUPPORTED for suffix in kind.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(kind.remedy and kind.signature.pattern for kind in UNSUPPORTED)
