"""More hostile books: PDF and Kindle files, folders, encodings, runs, attributes, and speeches.

The speeches of books that are called `script` are attributed too, as `fullcast script` does.
"""

import struct
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.hostile_books import (
    MEGABYTE,
    docx,
    fb2,
    file,
    nested,
    odt,
    one_page,
    page,
    repeated,
)

FILES: dict[str, Callable[[Path], Path]] = {}
_PARAGRAPH = "The ferry came in late, and nobody on the quay had thought of bringing a lamp. "


def _add(name: str, write: Callable[..., Path], *arguments: object, **options: object) -> None:
    FILES[name] = partial(write, *arguments, **options)


def _folder(count: int, name: str, content: str, folder: Path) -> Path:
    """Write a folder of files with the same content."""
    book = folder / "book"
    book.mkdir()
    for number in range(count):
        (book / name.format(number)).write_text(content)
    return book


_add("folder 100,000 chapters", _folder, 100_000, "{}.txt", "Rain.")
_add("folder 10,000 chapters", _folder, 10_000, "{}.txt", "It rained.\n")
_add("folder 9,000 other files", _folder, 9_000, "{}.xlsx", "a")
_add("folder of hidden files", _folder, 20_000, ".{}.txt", "a")
_add("folder of long numbers", _folder, 1_000, "{}" + "9" * 200 + ".txt", "It rained.\n")


def _pdf(objects: Mapping[int, str | bytes], folder: Path, root: int = 1) -> Path:
    """Write a PDF of these objects by their numbers."""
    data, places = b"%PDF-1.7\n", dict[int, int]()
    parts = [data]
    length = len(data)
    for number, content in objects.items():
        body = content.encode() if isinstance(content, str) else content
        places[number] = length
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        length += len(parts[-1])
    table = "".join(
        f"{places[n]:010} 00000 n \n" if n in places else f"{0:010} 65535 f \n"
        for n in range(max(places) + 1)
    )
    size = max(places) + 1
    end = f"xref\n0 {size}\n{table}trailer<</Size {size}/Root {root} 0 R>>\nstartxref\n{length}\n"
    return file("book.pdf", b"".join((*parts, end.encode(), b"%%EOF")), folder)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _pages(
    count: int, content: bytes, folder: Path, box: str = "0 0 420 600", more: str = ""
) -> Path:
    """Write a PDF of pages that share one content; `more` is in its catalog."""
    kids = " ".join(f"{10 + n} 0 R" for n in range(count))
    font = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
    shared = f"/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</Font<</F0 3 0 R>>>>"
    return _pdf(
        {
            1: f"<</Type/Catalog/Pages 2 0 R{more}>>",
            2: f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
            3: font,
            4: _stream(content),
            **dict.fromkeys(range(10, 10 + count), f"<</Type/Page{shared}>>"),
        },
        folder,
    )


def _shown(text: str, x: int = 60, y: int = 300) -> bytes:
    return f"BT /F0 10 Tf {x} {y} Td ({text}) Tj ET\n".encode()


_add("pdf 5,000 pages", _pages, 5_000, _shown("It rained."))
_add("pdf 100,000 pages", _pages, 100_000, _shown("It rained."))
_add("pdf a giant page", _pages, 1, _shown("It rained."), box="0 0 1e9 1e9")
_add("pdf a page of no size", _pages, 1, _shown("It rained."), box="0 0 0 0")
_add("pdf a page of 1 MB of words", _pages, 1, _shown("rain ") * 25_000)
_add("pdf a line of 1 MB", _pages, 1, _shown("rain " * 200_000))
_add(
    "pdf 30,000 letters each at a place of its own",
    _pages,
    1,
    b"".join(_shown("a", n % 400, n * 7 % 600) for n in range(30_000)),
)
_add("pdf 1 MB of unclosed states", _pages, 1, b"q " * 500_000 + _shown("It rained."))
_add(
    "pdf pages that contain themselves",
    _pdf,
    {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"},
)
_add("pdf an object that is itself", _pdf, {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "2 0 R"})
_add(
    "pdf bookmarks in a circle",
    lambda f: _pages(1, _shown("It rained."), f, more="/Outlines<</First 1 0 R/Last 1 0 R>>"),
)
_add("pdf 1 MB of arrays in each other", _pdf, {1: "[" * MEGABYTE})
_add("pdf only its first line", file, "book.pdf", "%PDF-1.7\n")
_add("pdf 5 MB of nothing", file, "book.pdf", b"%PDF-1.7\n" + b"\0" * 5_000_000)


def _mobi(count: int, offset: int, record: bytes, folder: Path) -> Path:
    """Write a Palm database with so many records, each said to begin at `offset`."""
    table = struct.pack(">LL", offset, 0) * count
    head = b"a".ljust(32, b"\0") + bytes(28) + b"BOOKMOBI" + bytes(8) + struct.pack(">H", count)
    return file("book.mobi", head + table + b"\0\0" + record, folder)


_add("mobi without records", _mobi, 0, 0, b"")
_add("mobi 65,535 records at one place", _mobi, 65_535, 78 + 8 * 65_535 + 2, b"\xff" * 300)
_add("mobi records beyond its end", _mobi, 1000, 2**32 - 1, b"a" * 1000)
_add("mobi records of 5 MB of FF", _mobi, 2, 96, b"\xff" * 5_000_000)
_add("mobi cut after its head", file, "book.mobi", bytes(60) + b"BOOKMOBI")

for _name, _data in {
    "UTF-16 with half a character at its end": b"\xff\xfe" + "Rain. ".encode("utf-16-le") + b"a",
    "UTF-16 surrogates in disorder": b"\xff\xfe" + b"\x00\xdc\x00\xd8" * 100_000,
    "UTF-16 of 2 MB without a mark": (_PARAGRAPH * 13_000).encode("utf-16-be"),
    "UTF-16 with a wrong mark": b"\xfe\xff" + (_PARAGRAPH * 13_000).encode("utf-16-le"),
    "UTF-16 marks alone": b"\xff\xfe" * 500_000,
    "UTF-32 of 4 MB": b"\xff\xfe\0\0" + (_PARAGRAPH * 13_000).encode("utf-32-le"),
    "every second byte NUL": b"\0a" * 500_000,
    "random bytes": bytes(n * n * 7919 >> 7 & 255 for n in range(1_000_000)),
    "Latin-1 and UTF-8 mixed": "café ".encode() * 100_000 + "café ".encode("latin-1") * 100_000,
}.items():
    _add(f"txt {_name}", file, "book.txt", _data)

_RUN = "<w:r><w:t>a</w:t></w:r>"
_add("docx a million runs", docx, f"<w:p>{_RUN * 1_000_000}</w:p>")
_add("docx 150,000 runs", docx, f"<w:p>{_RUN * 150_000}</w:p>")
_add(
    "docx 10,000 levels of control",
    docx,
    nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
)
_add("docx an attribute of 9 MB", docx, f'<w:p w:id="{"x" * 9_000_000}">{_RUN}</w:p>')
_add("odt a million spans", odt, f"<text:p>{'<text:span>a</text:span>' * 490_000}</text:p>")
_add("odt 10,000 levels of span", odt, "<text:p>" + nested("<text:span>", "</text:span>"))
_add("odt an attribute of 9 MB", odt, f'<text:p text:style-name="{"x" * 9_000_000}">a</text:p>')
_add(
    "fb2 10 MB of damaged base64",
    fb2,
    "",
    "<p>a</p>",
    f"<binary id='a'>{'=A' * 5_000_000}</binary>",
)
_add("fb2 an attribute of 9 MB", fb2, "", f"<p id='{'x' * 9_000_000}'>a</p>", "")
_add("fb2 100,000 levels of emphasis", fb2, "", nested("<emphasis>", "</emphasis>", 100_000), "")
_ATTRIBUTES = " ".join(f"a{n}='b'" for n in range(100_000))
_add("html 100,000 attributes", file, "book.html", page(f"<p {_ATTRIBUTES}>a</p>"))
_add("html 100,000 classes", file, "book.html", page(f"<p class='{'a ' * 100_000}'>a</p>" * 20))
_add("html a style of 1 MB", file, "book.html", page(f"<p style='{'font-style:' * 90_000}'>a</p>"))
_add("epub 100,000 attributes", lambda f: one_page(f"<p {_ATTRIBUTES}>a</p>", "", f))
_add(
    "epub 90,000 classes in each of 50",
    lambda f: one_page(f"<p class='{'a ' * 90_000}'>a</p>" * 50, "", f),
)

_HEAD = "Format: fullcast script\n\n"
for _name, _unit in {
    "speech under one cue": "It rained\n",
    "parentheticals": "(softly)\n",
    "notes alone in their lines": "[[a]]\n",
    "carets": "A^",
    "brackets after a cue": "(a)",
    "spaces": " ",
    "emphasis": "*a_b* ",
}.items():
    start = f"{_HEAD}@Ann\n" if _name != "brackets after a cue" else f"{_HEAD}@Ann "
    after = "\nYes.\n"
    _add(f"fountain 1 MB of {_name}", repeated, "fountain", _unit, MEGABYTE, start, after)
_add(
    "fountain a title page of 1 MB",
    repeated,
    "fountain",
    "Title: Rain\n",
    MEGABYTE,
    "Format: fullcast script\n",
    "\nRain.\n",
)
_add("md 1 MB of a line of links", repeated, "md", "[a](b) ", 300_000, "", "")
_add("md 1 MB of lists and quotations", repeated, "md", "> - ", MEGABYTE, "", " a\n")
_add("md 1 MB of words", repeated, "md", "rain ", MEGABYTE, "", "\n")
_add("md 10 MB of a novel", repeated, "md", f"{_PARAGRAPH * 3}\n\n", 10 * MEGABYTE, "# A\n\n", "")
_add("txt dashes in front matter", file, "book.txt", f"---\ntitle:\n {'- ' * 9_000}a\n---\nRain.\n")
_add("txt marks in front matter", file, "book.txt", f"---\ntitle: {'? ' * 9_000}a\n---\nRain.\n")
_add(
    "txt quotes in front matter", file, "book.txt", f"---\ntitle: {'&a !b ' * 3_000}\n---\nRain.\n"
)

_DEEP = "“‘" * 100_000
for _name, _content in {
    "quotation marks in each other": _DEEP + "rain" + "’”" * 100_000,
    "quotation marks in each other, never closed": f"{_DEEP}rain",
    "quotation marks in each other, each on its line": "“Rain, ‘said Ann, \n\n" * 40_000,
    "straight quotation marks in each other": "\"'" * 100_000 + "rain" + "'\"" * 100_000,
    "quoted words": '"a" ' * 100_000,
    "quoted words, with single marks": "'a' " * 100_000,
    "speeches": '"Rain," said Ann.\n\n"Yes, Tom."\n\n' * 15_000,
    "names": "".join(f'"Rain," said Ann{chr(97 + n % 26)}{n}.\n\n' for n in range(20_000)),
    "tags after one speech": '"Rain," ' + "said Ann, asked Tom, " * 20_000,
    "« marks": "« a » " * 60_000,
    "dashes": "— Rain.\n\n" * 40_000,
}.items():
    _add(f"script {_name}", file, "script.txt", _content)
