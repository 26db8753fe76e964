"""Hostile files of each format are read with work in proportion to their length, or refused."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from documents import paragraph, run, write_docx, write_odt
from epubs import DUBLIN_CORE, Epub, nav, page

from pipeline.core.errors import SourceError
from pipeline.ingest import folder, limits
from pipeline.ingest.fountain import markup
from pipeline.ingest.office.rtf_cleaning import clean
from pipeline.ingest.reader import read
from work import count_calls

PARTS = 4
SIZE = 600

Write = Callable[[Path, int], Path]
SCRIPT = "Format: fullcast script\n\n"


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


def one_paragraph(folder: Path, number: int) -> Path:
    """Write a DOCX of one paragraph in pieces."""
    return write_docx(folder / "book.docx", paragraph(run("rain ") * number))


def one_paragraph_of_spans(folder: Path, number: int) -> Path:
    """Write an ODT of one paragraph in pieces."""
    spans = "<text:span>rain </text:span>" * number
    return write_odt(folder / "book.odt", f"<text:p>{spans}</text:p>")


def chapter_files(folder: Path, number: int) -> Path:
    """Write a folder of chapters."""
    book = folder / "book"
    book.mkdir(exist_ok=True)
    for n in range(number):
        (book / f"{n}.txt").write_text("It rained.\n")
    return book


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
        pytest.param(
            text("<span lang='fr'>", "html", "<p>a", "</p>" + "<p>a</p>" * 200),
            id="languages never closed",
        ),
        pytest.param(text("*a_b* ", "fountain", SCRIPT), id="emphasis in a line of a script"),
        pytest.param(chapter_files, id="files of a folder"),
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
        ("MAX_DELIMITERS", text("~", "md"), "has over 9 marks of Markdown"),
        ("MAX_TAGS", text("<", "md"), "has over 9 tags"),
        ("MAX_MARKDOWN_BLOCKS", text("12. a\n", "md"), "has over 9 headings, list items and quot"),
        ("MAX_MARKDOWN_BLOCKS", text("### a\n", "md"), "has over 9 headings, list items and quot"),
        ("MAX_SCRIPT_LINES", text("a\n\n", "fountain", SCRIPT), "has over 9 lines"),
        ("MAX_CHARACTERS", text("a", "fountain", SCRIPT), "has over 9 characters"),
        ("MAX_PARAGRAPHS", text("<p>a</p>", "html"), "has over 9 paragraphs"),
        ("MAX_RUNS", text("<i>a</i>", "html"), "has over 9 pieces of text in a paragraph"),
        ("MAX_PICTURES", text("<img src='a.png'>", "html"), "has over 9 pictures"),
        ("MAX_SECTIONS", many_pages, "has over 9 pages"),
        ("MAX_SECTIONS", epub("<h2 id='s{}'>A</h2><p>a</p>", "a.xhtml#s{}"), "has over 9 sections"),
        ("MAX_XML_TAGS", open_fields, "has over 9 tags"),
        ("MAX_TAGS", text("<section/>", "fb2", "<FictionBook>"), "has over 9 tags"),
        (
            "MAX_OFFICE_PARAGRAPHS",
            text("\\pard a\\par{\\footnote b}", "rtf", "{\\rtf1 ", "}"),
            "has over 9 paragraphs and notes",
        ),
        ("MAX_RUNS", one_paragraph, "has over 9 pieces of text in a paragraph"),
        ("MAX_RUNS", one_paragraph_of_spans, "has over 9 pieces of text in a paragraph"),
    ],
)
def test_more_than_a_book_can_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, write: Write, message: str
) -> None:
    monkeypatch.setattr(limits, limit, 9)
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path, 30))


@pytest.mark.parametrize("gap", ["<br><br>", "<br/>\n <br/>", "<br><b> </b><br>"])
def test_empty_lines_in_a_page_divide_what_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gap: str
) -> None:
    monkeypatch.setattr(limits, "MAX_RUNS", 9)
    book = read(text(f"It <i>rained</i>.{gap}", "html")(tmp_path, 30))
    assert len(book.chapters[0].paragraphs) == 30


def test_a_folder_of_too_many_files_is_refused_before_they_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_FILES", 9)
    with pytest.raises(SourceError, match="contains 30 files, too many for a book; name those of"):
        folder.chapter_files(chapter_files(tmp_path, 30), pytest.fail)


@pytest.mark.parametrize("value", ["[" * 300 + "]" * 300, "{a: " * 300, "- " * 300, "? " * 300])
def test_nested_front_matter_is_refused(tmp_path: Path, value: str) -> None:
    path = text("", before=f"---\ntitle:\n  {value}a\n---\nRain.\n")(tmp_path, 0)
    with pytest.raises(SourceError, match=r"book.txt:2: invalid YAML: .*write one 'key: value'"):
        read(path)


@pytest.mark.parametrize("letter", [r"\u1087?", r"\u-4321 ", r"\u1087\'ef", r"\'ef"])
def test_letters_of_an_rtf_are_decoded_together(letter: str) -> None:
    document = (r"{\rtf1\ansicpg1251 " + letter * SIZE + "}").encode()
    assert clean(document).length == SIZE
    assert count_calls(lambda: clean(document)) < 3 * SIZE


class CountingPattern:
    """A regular expression that counts how often it is searched for."""

    def __init__(self, pattern: re.Pattern[str]):
        self.pattern, self.searches = pattern, 0

    def search(self, text: str, position: int) -> re.Match[str] | None:
        self.searches += 1
        return self.pattern.search(text, position)


@pytest.mark.parametrize("end", ["", "\n\n", "]", "/*"])
def test_the_end_of_a_note_is_searched_for_once(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    pattern = CountingPattern(markup._NOTE_END)
    monkeypatch.setattr(markup, "_NOTE_END", pattern)
    text = "[[" * SIZE + end
    assert "".join(row.text for row in markup.rows(text)) == text.replace("\n", "")
    assert pattern.searches == 1


@pytest.mark.parametrize("attribute", ["a{}='b' ", "a{} ", 'a{}="" '])
def test_a_tag_with_many_attributes_is_refused(tmp_path: Path, attribute: str) -> None:
    attributes = "".join(attribute.replace("{}", str(n)) for n in range(1_500))
    path = text(f"<p {attributes}>a</p>", "html")(tmp_path, 1)
    with pytest.raises(SourceError, match="has a tag with over 1,000 attributes; convert it with"):
        read(path)


def test_a_long_attribute_of_many_words_is_none_of_many(tmp_path: Path) -> None:
    path = text(f"<p title='{'it rained ' * 5_000}'>Rain.</p>", "html")(tmp_path, 1)
    assert read(path).text.strip() == "Rain."


def test_styles_deep_within_one_another_end_where_they_end(tmp_path: Path) -> None:
    body = "<p>" + "<i>" * 60 + "slow" + "</i>" * 60 + " rain <b>fell</b></p>"
    book = read(text(body, "html")(tmp_path, 1))
    (only,) = book.chapters[0].paragraphs
    assert {book.text[s.start : s.end] for s in only.spans} == {"slow", "fell"}
    assert len(only.spans) < 30


def test_what_has_too_many_elements_is_no_mark_of_a_note(tmp_path: Path) -> None:
    deep = "<span>" * 20 + "7" + "</span>" * 20
    path = text(f"<p>It rained<sup>{deep}</sup> there<sup><b>7</b></sup>.</p>", "html")(tmp_path, 1)
    assert read(path).text.strip() == "It rained7 there."


def test_the_lone_item_of_a_list_keeps_its_number(tmp_path: Path) -> None:
    lists = "<ol start='1986'><li>Rain.</li></ol><ol start='3'><li>One.</li><li>Two.</li></ol>"
    assert read(text(lists, "html")(tmp_path, 1)).text.split() == ["1986.", "Rain.", "One.", "Two."]
