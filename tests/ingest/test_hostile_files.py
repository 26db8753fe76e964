"""Hostile files of each format are read with work in proportion to their length, or refused."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from documents import write_docx
from epubs import DUBLIN_CORE, Epub, nav, page

from pipeline.core.errors import SourceError
from pipeline.ingest import limits
from pipeline.ingest.reader import read
from work import count_calls

PARTS = 4
SIZE = 600

Write = Callable[[Path, int], Path]


def text(unit: str, suffix: str = "txt", before: str = "", after: str = "") -> Write:
    """Return a writer of a file with so many units."""

    def write(folder: Path, number: int) -> Path:
        path = folder / f"book.{suffix}"
        path.write_text(before + unit * number + after, encoding="utf-8")
        return path

    return write


def epub(body: str, entry: str = "", metadata: str = "", after: str = "") -> Write:
    """Return a writer of an EPUB with so many bodies, entries and metadata; `{}` is a number."""

    def write(folder: Path, number: int) -> Path:
        numbers = [str(n) for n in range(number)]
        content = "".join(body.replace("{}", n) for n in numbers)
        more = "".join(metadata.replace("{}", n) for n in numbers)
        contents = [("Rain", entry.replace("{}", n)) for n in numbers if entry]
        pages = {"a.xhtml": page(f"<h1>A</h1><p>Rain.</p>{content}{after}")}
        book = Epub(pages, DUBLIN_CORE + more, contents)
        return book.write(folder / "book.epub")

    return write


def many_pages(folder: Path, number: int) -> Path:
    """Write an EPUB with pages that continue one chapter."""
    pages = {f"p{n}.xhtml": page(f"<p>Rain fell on day {n}.</p>") for n in range(number)}
    return Epub(pages, contents=[("One", "p0.xhtml")]).write(folder / "book.epub")


def deep_contents(folder: Path, number: int) -> Path:
    """Write an EPUB with a table of contents whose links are all deep within lists."""
    links = "<li><a href='a.xhtml'>A</a></li>" * number
    deep = "<li><ol>" * 100 + links + "</ol></li>" * 100
    whole = nav([]).replace("<ol></ol></nav>", f"<ol>{deep}</ol></nav>", 1)
    book = Epub({"a.xhtml": page("<p>Rain.</p>")}, files={"OPS/nav.xhtml": whole})
    return book.write(folder / "book.epub")


def open_fields(folder: Path, number: int) -> Path:
    """Write a DOCX whose fields have no end."""
    field = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'
    return write_docx(folder / "book.docx", field * number)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(text("1\n"), id="lines of a number"),
        pytest.param(text("Chapter 1\n"), id="lines of a heading"),
        pytest.param(text("Chapter 1\nIt rained.\n\n"), id="chapters of a line"),
        pytest.param(text('"\n'), id="lines of a quotation mark"),
        pytest.param(text("Title: Rain\n"), id="lines of a field"),
        pytest.param(text("A: Yes.\nB: No.\n# Rain\n"), id="headings of a script"),
        pytest.param(text("har-\n"), id="hyphens"),
        pytest.param(text("O'"), id="apostrophes"),
        pytest.param(text("word[1] "), id="note marks"),
        pytest.param(text("<h1>Rain</h1>", "html"), id="headings of a page"),
        pytest.param(text("<h1>A</h1><aside>a</aside>", "html"), id="headings without prose"),
        pytest.param(
            text("<i>", "html", "<p>a", "</p>" + "<p>a</p>" * 200), id="elements never closed"
        ),
        pytest.param(
            text("<p>a<a href='#n'><sup>1</sup></a></p>", "html", after="<p id='n'>1 b</p>"),
            id="marks of one note",
        ),
        pytest.param(epub("", "a.xhtml"), id="links to one place"),
        pytest.param(epub("<h2 id='s{}'>A</h2><p>a</p>", "a.xhtml#s{}"), id="sections"),
        pytest.param(epub("", metadata="<dc:creator>A{}</dc:creator>"), id="authors"),
        pytest.param(
            epub("", metadata="<dc:creator id='q'>A</dc:creator><meta refines='#q' property='x'/>"),
            id="refinements",
        ),
        pytest.param(many_pages, id="pages of one chapter"),
        pytest.param(deep_contents, id="links deep in lists"),
    ],
)  # fmt: skip
def test_the_work_grows_with_the_length(tmp_path: Path, write: Write) -> None:
    """Four times the length takes at most six times the work; if quadratic, it would take 16."""
    small = write(tmp_path, SIZE // PARTS)
    process(small)  # loads what is loaded once
    few = count_calls(lambda: process(small))
    large = write(tmp_path, SIZE)
    assert count_calls(lambda: process(large)) < 1.5 * PARTS * few


def process(path: Path) -> None:
    """Read a book, or refuse it."""
    with suppress(SourceError):
        read(path)


@pytest.mark.parametrize(
    ("limit", "write", "message"),
    [
        ("MAX_LINES", text("a\n"), "has over 9 lines, too many for a book; split it into volumes"),
        ("MAX_CHARACTERS", text("a"), "has over 9 characters"),
        ("MAX_SECTIONS", text("Chapter 1\n\nIt rained.\n\n"), "has over 9 chapters"),
        ("MAX_LINES", text("a\n", "md"), "has over 9 lines"),
        ("MAX_BRACKETS", text("![", "md"), "has over 9 brackets"),
        ("MAX_DELIMITERS", text("*_", "md"), "has over 9 marks of Markdown"),
        ("MAX_PARAGRAPHS", text("<p>a</p>", "html"), "has over 9 paragraphs"),
        ("MAX_SECTIONS", many_pages, "has over 9 pages"),
        ("MAX_SECTIONS", epub("<h2 id='s{}'>A</h2><p>a</p>", "a.xhtml#s{}"), "has over 9 sections"),
        ("MAX_XML_TAGS", open_fields, "has over 9 tags"),
    ],
)
def test_more_than_a_book_can_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, write: Write, message: str
) -> None:
    monkeypatch.setattr(limits, limit, 9)
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, 30))
