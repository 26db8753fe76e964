"""EPUB 2 and 3: sections, metadata, what is not read, and books that are damaged or hostile."""

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from epubs import DUBLIN_CORE, Epub, page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outlines import spoken, titles, unread

from conftest import SHARED
from pipeline.core.errors import SourceError
from pipeline.ingest import archive, limits
from pipeline.ingest.reader import read
from pipeline.ingest.selection import SectionChoice, select
from pipeline.model.book import Book
from work import count_calls

ONE = "<h2>1</h2><p>It rained.</p>"
TWO = "<h2>2</h2><p>It snowed.</p>"
PAGES = {"a.xhtml": page(ONE), "b.xhtml": page(TWO)}


def book(tmp_path: Path, epub: Epub) -> Book:
    return read(epub.write(tmp_path / "book.epub"))


def error(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        read(path)
    message = str(caught.value)
    assert "; " in message, "no remedy"
    return message


# Sections


@pytest.mark.parametrize("version", [2, 3])
def test_chapters_have_the_titles_of_the_contents(tmp_path: Path, version: int) -> None:
    contents = [("The Rain", "a.xhtml"), ("The Snow", "b.xhtml")]
    read_book = book(tmp_path, Epub(PAGES, contents=contents, version=version))
    assert titles(read_book) == ["The Rain", "The Snow"]
    assert spoken(read_book) == ["1", "It rained.", "2", "It snowed."]
    assert read_book.text == "1\n\nIt rained.\n\n2\n\nIt snowed.\n\n"


def test_without_contents_headings_begin_chapters(tmp_path: Path) -> None:
    assert titles(book(tmp_path, Epub(PAGES))) == ["1", "2"]
    both = {"a.xhtml": page(f"<h1>The Ferry</h1>{ONE}{TWO}")}
    assert titles(book(tmp_path, Epub(both))) == ["1", "2"]


def test_several_chapters_in_a_page_and_a_chapter_over_several_pages(tmp_path: Path) -> None:
    pages = {
        "a.xhtml": page("<div id='one'><h2>One</h2><p>a</p></div><div id='two'><p>b</p></div>"),
        "a_split_1.xhtml": page("<p>c</p>"),
        "b.xhtml": page("<h2>Three</h2><p>d</p>"),
    }
    contents = [("One", "a.xhtml#one"), ("Two", "a.xhtml#two"), ("Three", "b.xhtml")]
    read_book = book(tmp_path, Epub(pages, contents=contents))
    assert titles(read_book) == ["One", "Two", "Three"]
    text = [[read_book.text[p.start : p.end] for p in c.paragraphs] for c in read_book.chapters]
    assert text == [["One", "a"], ["b", "c"], ["Three", "d"]]


def test_an_entry_below_the_heading_includes_the_heading(tmp_path: Path) -> None:
    pages = {
        "a.xhtml": page("<p>x</p><h2>The Rain</h2><p id='r'>a</p><h2>Snow</h2><p id='s'>b</p>")
    }
    contents = [("Start", "a.xhtml"), ("The Rain", "a.xhtml#r"), ("Snow", "a.xhtml#s")]
    read_book = book(tmp_path, Epub(pages, contents=contents))
    last = read_book.chapters[-1].paragraphs[0]
    assert read_book.text[last.start : last.end] == "Snow"


def test_parts_join_their_first_chapter_and_subsections_their_chapter(tmp_path: Path) -> None:
    own = "It rained for a week without an end, and the river came up. " * 12
    pages = {
        "p.xhtml": page("<h1>Part I</h1>"),
        "a.xhtml": page(f"<h2>1</h2><p>{own}</p><h3 id='s'>Below</h3><p>b</p>"),
        "b.xhtml": page(TWO),
    }
    nested = (
        "<nav epub:type='toc'><ol><li><a href='p.xhtml'>Part I</a><ol><li><a href='a.xhtml'>1</a>"
        "<ol><li><a href='a.xhtml#s'>Below</a></li></ol></li><li><a href='b.xhtml'>2</a></li></ol>"
        "</li></ol></nav>"
    )
    read_book = book(tmp_path, Epub(pages, files={"OPS/nav.xhtml": page(nested)}))
    assert titles(read_book) == ["Part I, 1", "2"]


def test_pages_outside_the_line_are_left_out(tmp_path: Path) -> None:
    read_book = book(tmp_path, Epub(PAGES, not_linear=["b.xhtml"]))
    assert spoken(read_book) == ["1", "It rained."]


# What is not read

FRONT = {
    "title.xhtml": page("<h1>The Ferry</h1><p>Ann Author</p>"),
    "imprint.xhtml": page("<p>Copyright © 2026 Ann Author</p><p>All rights reserved.</p>"),
    "toc.xhtml": page("".join(f"<p><a href='{n}.xhtml'>Chapter {n}</a></p>" for n in "abc")),
    "dedication.xhtml": page("<p>For my mother.</p>"),
}
BACK = {
    "also.xhtml": page("<h2>Also by Ann Author</h2><p>The Lamp</p>"),
    "index.xhtml": page("<h2>Index</h2><p>ferries, 12</p>"),
    "end.xhtml": page("<h2>Acknowledgements</h2><p>Thanks.</p>"),
}


def test_front_and_back_matter_is_told_apart_by_what_it_contains(tmp_path: Path) -> None:
    read_book = book(tmp_path, Epub(FRONT | PAGES | BACK))
    assert list(unread(read_book).values()) == [
        "title page", "copyright", "contents", "advertisement", "index",
    ]  # fmt: skip
    assert spoken(read_book) == [
        "For my mother.", "1", "It rained.", "2", "It snowed.", "Acknowledgements", "Thanks.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("THE FERRY: A Tale of the River", []),
        ("The Ferry: Book One", ["The Ferry: Book One"]),
        ("The Ferry Goes", ["The Ferry Goes"]),
        ("The Other: A Tale", ["The Other: A Tale"]),
    ],
)
def test_a_title_page_may_have_a_subtitle_and_no_author(
    tmp_path: Path, heading: str, read: list[str]
) -> None:
    read_book = book(tmp_path, Epub({"title.xhtml": page(f"<h1>{heading}</h1>")} | PAGES))
    assert spoken(read_book)[: len(read)] == read
    assert list(unread(read_book).values()) == ([] if read else ["title page"])


def test_a_title_page_may_have_a_line_of_copyright(tmp_path: Path) -> None:
    notice = "<p>by Ann Author</p><p>Copyright 2026 Ann Author. All rights reserved.</p>"
    first = {"title.xhtml": page(f"<h1>The Ferry</h1>{notice}")}
    read_book = book(tmp_path, Epub(first | PAGES))
    assert list(unread(read_book).values()) == ["title page"]
    own = "<p>The rain that fell in March was never forgotten.</p>"
    story = page(f"<h1>The Ferry</h1>{notice}{own}")
    assert unread(book(tmp_path, Epub({"a.xhtml": story, **PAGES}))) == {}


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("epub:type='copyright-page'", "copyright"),
        ("epub:type='frontmatter titlepage'", "title page"),
        ("role='doc-index'", "index"),
        ("epub:type='endnotes'", "notes"),
        ("role='doc-toc'", "contents"),
    ],
)
def test_a_page_says_what_it_is(tmp_path: Path, attributes: str, reason: str) -> None:
    pages = {"x.xhtml": page("<p>Some words.</p>", attributes), **PAGES}
    read_book = book(tmp_path, Epub(pages))
    assert unread(read_book) == {"Some words.": reason}
    assert "Some words." in read_book.text


def test_guide_and_landmarks_say_what_pages_are(tmp_path: Path) -> None:
    pages = {"x.xhtml": page("<p>Some words.</p>"), **PAGES}
    guide = '<reference type="copyright-page" href="x.xhtml"/>'
    assert list(unread(book(tmp_path, Epub(pages, guide=guide))).values()) == ["copyright"]
    marks = [("toc", "x.xhtml")]
    assert list(unread(book(tmp_path, Epub(pages, landmarks=marks))).values()) == ["contents"]


def test_notes_on_another_page_are_not_read(tmp_path: Path) -> None:
    pages = {
        "a.xhtml": page("<h2>1</h2><p id='r'>Rain.<sup><a href='n.xhtml#n1'>1</a></sup></p>"),
        "n.xhtml": page("<h2>Notes</h2><p id='n1'><a href='a.xhtml#r'>1</a> Much rain.</p>"),
        "z.xhtml": page("<h2>Epilogue</h2><p>Sun.</p>"),
    }
    read_book = book(tmp_path, Epub(pages))
    assert spoken(read_book) == ["1", "Rain.", "Epilogue", "Sun."]
    assert unread(read_book) == {"Notes": "notes"}


def test_a_chapter_named_like_nothing_special_is_read(tmp_path: Path) -> None:
    pages = {f"{n}.xhtml": page(f"<h2>{title}</h2><p>Rain.</p>") for n, title in enumerate(
        ["The Index Finger", "Copyright Law", "Notes from Underground", "Cover Me", "Also, Ann"]
    )}  # fmt: skip
    assert unread(book(tmp_path, Epub(pages))) == {}


# What is chosen


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), ("2",), ["1", "3", "4"]),
        ((), ("1,3-4",), ["2"]),
        ((), ("two", " 4 "), ["1", "3"]),
        (("index",), (), ["1", "2", "3", "4", "5"]),
        (("5",), ("1-3",), ["4", "5"]),
    ],
)
def test_sections_are_chosen(
    tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]
) -> None:
    names = ["One", "Two", "Three", "Four", "Index"]
    pages = {f"{n}.xhtml": page(f"<h2>{t}</h2><p>Rain.</p>") for n, t in enumerate(names)}
    whole = book(tmp_path, Epub(pages))
    chosen = select(whole, SectionChoice(include, exclude))
    numbers = {section.title: str(section.number) for section in chosen.sections}
    assert [numbers[title] for title in titles(chosen)] == expected
    assert [chapter.number for chapter in chosen.chapters] == list(range(1, len(expected) + 1))
    assert chosen.text == whole.text


@pytest.mark.parametrize(
    ("exclude", "message"),
    [
        ("9", "no section 9: the book has 2"),
        ("2-1", "no section"),
        ("The Quay", "no section is named 'The Quay'; known are 1, 2"),
        ("1-2", "has only sections that are not read aloud"),
    ],
)
def test_a_choice_that_is_none_is_reported(tmp_path: Path, exclude: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        select(book(tmp_path, Epub(PAGES)), SectionChoice(exclude=(exclude,)))


# Metadata

EPUB3 = (
    '<dc:title id="t">The Ferry</dc:title><meta refines="#t" property="title-type">main</meta>'
    '<dc:title id="u">A Tale</dc:title><meta refines="#u" property="title-type">subtitle</meta>'
    '<dc:creator id="a">Ann Author</dc:creator><meta refines="#a" property="role">aut</meta>'
    '<meta refines="#a" property="file-as">Author, Ann</meta>'
    '<dc:creator id="b">Bo Both</dc:creator><meta refines="#b" property="file-as">Both, Bo</meta>'
    '<dc:creator id="c">Cy Trans</dc:creator><meta refines="#c" property="role">trl</meta>'
    '<meta property="belongs-to-collection" id="s">The Saltings</meta>'
    '<meta refines="#s" property="collection-type">series</meta>'
    '<meta refines="#s" property="group-position">2</meta>'
    "<dc:publisher>Quay Press</dc:publisher><dc:date>2024-05-06T00:00:00Z</dc:date>"
    "<dc:language>en-GB</dc:language><dc:description>&lt;p&gt;A &lt;b&gt;ferry&lt;/b&gt;.&lt;/p&gt;"
    "</dc:description><dc:identifier>urn:isbn:978-1-4028-9462-6</dc:identifier>"
)
EPUB2 = (
    "<dc:title>The Ferry</dc:title>"
    '<dc:creator opf:role="aut" opf:file-as="Author, Ann">Ann Author</dc:creator>'
    '<dc:creator opf:role="ill">Di Drawn</dc:creator>'
    '<dc:date opf:event="modification">2025-01-01</dc:date>'
    '<dc:date opf:event="publication">1999</dc:date>'
    '<dc:identifier opf:scheme="UUID">0a1b</dc:identifier>'
    '<dc:identifier opf:scheme="ISBN">140289462X</dc:identifier>'
    '<meta name="calibre:series" content="The Saltings"/>'
    '<meta name="calibre:series_index" content="2.0"/>'
)


def test_metadata_of_epub_3(tmp_path: Path) -> None:
    metadata = book(tmp_path, Epub(PAGES, metadata=EPUB3)).metadata
    assert (metadata.title, metadata.subtitle) == ("The Ferry", "A Tale")
    assert (metadata.author, metadata.author_sort) == (
        "Ann Author & Bo Both",
        "Author, Ann & Both, Bo",
    )
    assert (metadata.series, metadata.part) == ("The Saltings", "2")
    assert (metadata.publisher, metadata.year) == ("Quay Press", "2024-05-06")
    assert (metadata.language, metadata.isbn) == ("en-GB", "9781402894626")
    assert metadata.description == "A ferry."


def test_metadata_of_epub_2(tmp_path: Path) -> None:
    metadata = book(tmp_path, Epub(PAGES, metadata=EPUB2, version=2)).metadata
    assert (metadata.author, metadata.author_sort) == ("Ann Author", "Author, Ann")
    assert (metadata.series, metadata.part) == ("The Saltings", "2")
    assert (metadata.year, metadata.isbn) == ("1999", "140289462X")


def test_given_metadata_take_precedence(tmp_path: Path) -> None:
    path = Epub(PAGES).write(tmp_path / "book.epub")
    assert read(path, {"title": "Other"}).metadata.title == "Other"
    bare = Epub(PAGES, metadata="").write(tmp_path / "the_salt-road.epub")
    assert read(bare).metadata.title == "The Salt Road"


@pytest.mark.parametrize(
    ("metadata", "manifest", "guide"),
    [
        ("", '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>', ""),
        (
            '<meta name="cover" content="c"/>',
            '<item id="c" href="c.png" media-type="image/png"/>',
            "",
        ),
        ("", "", '<reference type="cover" href="cover.xhtml"/>'),
    ],
)
def test_the_cover_of_the_book(tmp_path: Path, metadata: str, manifest: str, guide: str) -> None:
    files = {"OPS/c.png": b"a picture", "OPS/cover.xhtml": page("<img src='c.png'/>")}
    epub = Epub(PAGES, metadata=DUBLIN_CORE + metadata, manifest=manifest, guide=guide, files=files)
    assert book(tmp_path, epub).cover == b"a picture"


# Damaged and hostile books


def test_a_page_that_is_missing_is_listed(tmp_path: Path) -> None:
    read_book = book(tmp_path, Epub(PAGES, missing=["OPS/b.xhtml"]))
    assert spoken(read_book) == ["1", "It rained."]
    assert unread(read_book) == {"OPS/b.xhtml": "missing from the file"}


ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><enc:EncryptedData '
    'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptionMethod Algorithm="{}"/>'
    '<enc:CipherData><enc:CipherReference URI="OPS/x"/></enc:CipherData></enc:EncryptedData>'
    "</encryption>"
)


def test_encrypted_fonts_do_not_matter(tmp_path: Path) -> None:
    names = {"META-INF/encryption.xml": ENCRYPTED.format("http://www.idpf.org/2008/embedding")}
    assert len(book(tmp_path, Epub(PAGES, files=names)).chapters) == 2


@pytest.mark.parametrize(
    ("epub", "message"),
    [
        (
            Epub(PAGES, files={"META-INF/encryption.xml": ENCRYPTED.format("http://x.y/aes128")}),
            "is protected by DRM: its pages are encrypted; ask for an edition without DRM",
        ),
        (Epub(PAGES, missing=["OPS/book.opf"]), "it has no package document"),
        (Epub(PAGES, files={"OPS/book.opf": "no markup"}), "OPS/book.opf is damaged"),
        (Epub({}), "contains nothing to read aloud"),
        (Epub({"a.xhtml": page("<img src='1.png'/>")}), "if its pages are pictures"),
        (Epub({"a.xhtml": page("<h2>Index</h2><p>x</p>")}), "has only sections that are not read"),
        (
            Epub({"a.xhtml": page("<div>" * 9_999 + "x" + "</div>" * 9_999)}),
            "OPS/a.xhtml has tags nested too deeply",
        ),
    ],
    ids=range(7),
)
def test_a_book_that_cannot_be_read_is_reported(tmp_path: Path, epub: Epub, message: str) -> None:
    assert message in error(epub.write(tmp_path / "book.epub"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mimetype", "text/plain"),
        ("META-INF/container.xml", "<broken"),
        ("OPS/nav.xhtml", "<nav><ol><li>"),
        ("OPS/toc.ncx", "\0\1"),
        ("OPS/c.xhtml", "not in the manifest"),
        ("nested.epub", b"PK\x03\x04" + bytes(99)),
        ("../../outside.xhtml", "climbs"),
        ("/etc/absolute.xhtml", "climbs"),
        ("OPS/evil.js", "alert(1)"),
    ],
)
def test_what_is_wrong_beside_the_pages_does_not_matter(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    folder = tmp_path / "in" / "it"
    folder.mkdir(parents=True)
    read_book = book(folder, Epub(PAGES, version=3, files={name: content}))
    assert spoken(read_book) == ["1", "It rained.", "2", "It snowed."]
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["book.epub"]


@pytest.mark.parametrize(
    "href",
    ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://x.y/a.xhtml", "//x/y"],
)
def test_addresses_outside_the_archive_lead_nowhere(tmp_path: Path, href: str) -> None:
    assert archive.resolve("OPS/book.opf", href)[0] == ""
    manifest = f'<item id="p0" href="{href}" media-type="application/xhtml+xml"/>'
    package = Epub({"a.xhtml": page(ONE)}, manifest=manifest)
    swapped = package.package().replace(
        '<item id="p0" href="a.xhtml"', f'<item id="p0" href="{href}"'
    )
    package.files = {"OPS/book.opf": swapped}
    assert "nothing to read aloud" in error(package.write(tmp_path / "book.epub"))


def test_broken_pages_are_read_as_browsers_read_them(tmp_path: Path) -> None:
    pages = {
        "a.xhtml": "<html><body><h2>1</h2><p>AT&T <br>rain &nbsp;<i>and<p>snow</body>",
        "b.xhtml": "<h2>2</h2>\nNo tags around it",
    }
    assert spoken(book(tmp_path, Epub(pages))) == [
        "1",
        "AT&T\nrain \u00a0and",
        "snow",
        "2",
        "No tags around it",
    ]


def test_external_entities_stay_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE html [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY b "&s;&s;">]>'
    pages = {"a.xhtml": page("<p>Rain &s;&b;</p>").replace("<!DOCTYPE html>", doctype)}
    assert "secret" not in book(tmp_path, Epub(pages)).text


def test_a_page_that_unpacks_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive.BookArchive.read, "__defaults__", (10_000,))
    path = Epub({"a.xhtml": page(f"<p>{'x' * 20_000}</p>")}).write(tmp_path / "book.epub")
    assert "OPS/a.xhtml is larger than a book can be once unpacked" in error(path)
    monkeypatch.setattr(archive.BookArchive.read, "__defaults__", (30_000,))
    monkeypatch.setattr(archive, "MAX_TOTAL", 25_000)
    assert spoken(read(path))
    twice = Epub({n: page(f"<p>{'x' * 20_000}</p>") for n in ("a.xhtml", "b.xhtml")})
    assert "its pages are larger" in error(twice.write(tmp_path / "book.epub"))


def test_too_many_paragraphs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARAGRAPHS", 3)
    assert "has over 3 paragraphs" in error(Epub(PAGES).write(tmp_path / "book.epub"))


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 4)
    assert "contains 7 files" in error(Epub(PAGES).write(tmp_path / "book.epub"))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_truncated_archive_is_reported(tmp_path: Path, cut: float) -> None:
    path = Epub(PAGES).write(tmp_path / "book.epub")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    assert "its ZIP archive cannot be read" in error(path)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_damaged_bytes_give_a_book_or_an_error(tmp_path: Path, where: int, data: bytes) -> None:
    path = Epub(PAGES, contents=[("One", "a.xhtml")]).write(tmp_path / "book.epub")
    content = bytearray(path.read_bytes())
    where %= len(content)
    content[where : where + len(data)] = data
    path.write_bytes(content)
    with suppress(SourceError):
        read(path)


def test_the_work_grows_with_the_number_of_sections(tmp_path: Path) -> None:
    """Five times the sections take at most ten times the work; if quadratic, it would take 25."""

    def process(path: Path) -> None:
        read(path)

    works = []
    for count in (40, 200):
        pages = {
            f"{n}.xhtml": page(f"<h2 id='h'>Day {n}</h2><p>It rained.</p>") for n in range(count)
        }
        contents = [(f"Day {n}", f"{n}.xhtml#h") for n in range(count)]
        path = Epub(pages, contents=contents).write(tmp_path / f"{count}.epub")
        works.append(count_calls(partial(process, path)))
    assert works[1] < 10 * works[0]


# Real files

OUTLINES: dict[str, Callable[[Book], bool]] = {
    "wasteland": lambda book: (
        titles(book)[0] == "I. THE BURIAL OF THE DEAD"
        and len(book.chapters) == 5
        and unread(book) == {"The Waste Land": "title page", 'NOTES ON "THE WASTE LAND"': "notes"}
    ),
    "childrens-literature": lambda book: (
        len(book.chapters) == 17
        and unread(book) == {"THE CONTENTS": "contents", "BIBLIOGRAPHY": "bibliography"}
        and book.metadata.author_sort == "Curry, Charles Madison & Clippinger, Erle Elsworth"
    ),
    "internallinks": lambda book: len(book.chapters) > 3 and book.metadata.language == "ja",
}


@pytest.mark.parametrize("name", OUTLINES)
def test_real_books(name: str) -> None:
    path = SHARED / "books" / f"{name}.epub"
    if not path.is_file():
        pytest.skip("the shared books are not here")
    read_book = read(path)
    assert OUTLINES[name](read_book)
    assert read_book.cover is not None
    assert read_book.cover[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
    assert letters(read_book.text) == sum(map(letters, source_pages(path)), Counter[str]())


TYPE = "{http://www.idpf.org/2007/ops}type"


def source_pages(path: Path) -> Iterator[str]:
    """Yield the text of an EPUB's pages by another parser, without numbers and note marks."""
    with zipfile.ZipFile(path) as packed:
        package = next(name for name in packed.namelist() if name.endswith(".opf"))
        manifest = ElementTree.fromstring(packed.read(package))
        names = {e.get("id"): e.get("href") for e in manifest.iter() if e.tag.endswith("}item")}
        for reference in manifest.iter():
            if reference.tag.endswith("}itemref") and reference.get("linear") != "no":
                name = f"{package.rpartition('/')[0]}/{names[reference.get('idref')]}"
                yield "".join(heard(ElementTree.fromstring(packed.read(name))))


def heard(element: Element) -> Iterator[str]:
    name = element.tag.rpartition("}")[2]
    mark = name in {"a", "sup"} and "".join(element.itertext()).strip("[]* \n").isdigit()
    unheard = element.get(TYPE) in {"pagebreak", "noteref", "landmarks"}
    if name in {"head", "script"} or mark or unheard or element.get("class") == "lnum":
        return
    if element.get("hidden") is None:
        yield element.text or ""
        for child in element:
            yield from heard(child)
            yield child.tail or ""


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))
