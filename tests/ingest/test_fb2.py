"""FictionBook 2: chapters, verse, notes, metadata, and files that nobody vouches for."""

import base64
import re
import zipfile
from pathlib import Path

import pytest
from documents import write_zip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outlines import spoken, titles

from pipeline.core.errors import SourceError
from pipeline.ingest import archive
from pipeline.ingest.reader import read
from pipeline.model.book import Book

NAMESPACES = (
    'xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"'
)
PICTURE = b"\x89PNG\r\n\x1a\n picture"
DESCRIPTION = """<title-info><genre>prose</genre>
<author><first-name>Ada</first-name><middle-name>M.</middle-name><last-name>Brook</last-name></author>
<author><nickname>Wren</nickname></author><book-title>Low Water</book-title>
<annotation><p>A boat.</p><p>A weir.</p></annotation><date value="1931-05-04">May 1931</date>
<coverpage><image l:href="#cover.png"/></coverpage><lang>en</lang>
<sequence name="Tides" number="3"/></title-info>
<document-info><author><nickname>scanner</nickname></author><date>2009</date></document-info>
<publish-info><book-name>x</book-name><publisher>Slip &amp; Co</publisher><year>1932</year>
<isbn>978-1-4028-9462-6</isbn></publish-info>"""
BODY = """<body><title><p>Ada M. Brook</p><p>Low Water</p></title>
<epigraph><p>The tide waits.</p><text-author>A sailor</text-author></epigraph>
<section id="p1"><title><p>Part One</p></title>
<section id="s1"><title><p>1</p><p>The Slip</p></title><epigraph><p>Keel up.</p></epigraph>
<p>The <emphasis>boat</emphasis> lay.<a l:href="#n1" type="note">[1]</a> Nobody came.</p>
<p>One.</p><p>Two.</p><empty-line/><p>Three.</p><p>Four.</p><p>Five.</p>
<subtitle>* * *</subtitle><p>Six.</p><subtitle>Below the weir</subtitle>
<poem><title><p>Song</p></title><stanza><v>Home is the rower</v><v>and home the rain</v></stanza>
<stanza><v>Again</v></stanza><text-author>Cy</text-author></poem>
<cite><p>Dear Ada,</p><text-author>Tom</text-author></cite><image l:href="#map.png"/></section>
<section><title><p>2</p></title><p>It held.</p>
<table><tr><th>Tide</th><td>six</td></tr></table></section></section></body>
<body name="notes"><title><p>Notes</p></title>
<section id="n1"><title><p>1</p></title><p>Since May.</p></section></body>"""
OUTLINE = [
    "Ada M. Brook", "Low Water", "The tide waits.", "A sailor", "Part One", "1", "The Slip",
    "Keel up.", "The boat lay. Nobody came.", "One.", "Two.", "***", "Three.", "Four.", "Five.",
    "***", "Six.", "Below the weir", "Song", "Home is the rower\nand home the rain", "Again", "Cy",
    "Dear Ada,", "Tom", "2", "It held.", "Tide, six",
]  # fmt: skip


def fiction_book(body: str, description: str = DESCRIPTION, head: str = "") -> str:
    cover = base64.b64encode(PICTURE).decode()
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{head}<FictionBook {NAMESPACES}>'
        f"<stylesheet>p {{}}</stylesheet><description>{description}</description>{body}"
        f'<binary id="map.png" content-type="image/png">AAAA</binary>'
        f'<binary content-type="image/png" id="cover.png">{cover}</binary></FictionBook>'
    )


def book(folder: Path, body: str, *others: str) -> Book:
    path = folder / "book.fb2"
    path.write_text(fiction_book(body, *others), encoding="utf-8")
    return read(path)


def test_a_novel_keeps_its_outline(tmp_path: Path) -> None:
    novel = book(tmp_path, BODY)
    assert spoken(novel) == OUTLINE
    assert titles(novel) == ["Part One, 1: The Slip", "2"]
    notes = [novel.text[p.start : p.end] for s in novel.sections for p in s.omitted]
    assert notes == ["Notes", "1", "Since May."]


def test_the_description_has_the_metadata(tmp_path: Path) -> None:
    novel = book(tmp_path, BODY)
    metadata = novel.metadata
    assert (metadata.title, metadata.author, metadata.language) == (
        "Low Water", "Ada M. Brook & Wren", "en",
    )  # fmt: skip
    assert (metadata.series, metadata.part, metadata.year) == ("Tides", "3", "1931-05-04")
    assert (metadata.publisher, metadata.isbn) == ("Slip & Co", "9781402894626")
    assert metadata.description == "A boat.\nA weir."
    assert novel.cover == PICTURE
    assert read(tmp_path / "book.fb2", {"part": "4"}).metadata.part == "4"


def test_a_book_without_description_is_named_after_its_file(tmp_path: Path) -> None:
    novel = book(tmp_path, "<body><section><p>Rain.</p></section></body>", "")
    assert (novel.metadata.title, novel.cover, spoken(novel)) == ("Book", None, ["Rain."])


@pytest.mark.parametrize("value", ["#none.png", "", "#map"])
def test_a_cover_that_is_missing_does_no_harm(tmp_path: Path, value: str) -> None:
    novel = book(tmp_path, BODY, DESCRIPTION.replace("#cover.png", value))
    assert (novel.cover, spoken(novel)) == (None, OUTLINE)


@pytest.mark.parametrize("name", ["low_water.fb2.zip", "book.fbz", "book", "book.zip"])
def test_a_packed_book_is_recognised(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / name, {"a/low.fb2": fiction_book(BODY)})
    assert spoken(read(path)) == OUTLINE


def test_a_library_in_one_archive_is_refused(tmp_path: Path) -> None:
    books = {f"{number}.fb2": fiction_book(BODY) for number in range(3)}
    with pytest.raises(SourceError, match="contains 3 books; unpack it and read one of them"):
        read(write_zip(tmp_path / "books.zip", books))


def test_the_content_names_the_format(tmp_path: Path) -> None:
    path = tmp_path / "book.xml"
    path.write_text("\ufeff" + fiction_book(BODY, DESCRIPTION, "<!-- made by hand -->\n"), "utf-8")
    assert spoken(read(path)) == OUTLINE


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "book.fb2"
    text = fiction_book("<body><section><p>Лодка лежала.</p></section></body>", "")
    path.write_bytes(text.replace('"utf-8"', '"windows-1251"').encode("cp1251"))
    assert spoken(read(path)) == ["Лодка лежала."]


def test_entities_are_neither_fetched_nor_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    head = f'<!DOCTYPE F [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaa">]>'
    novel = book(tmp_path, "<body><p>Rain &s;&a; and snow.</p></body>", "", head)
    assert spoken(novel) == ["Rain and snow."]


def test_a_book_that_is_not_well_formed_is_mended(tmp_path: Path) -> None:
    body = "<body><section><title><p>One</title><p>Rain & <b>snow.</p><p>Wind.</p></section></body>"
    found = " ".join(spoken(book(tmp_path, body, "")))
    assert re.findall(r"\w+", found) == ["One", "Rain", "snow", "Wind"]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    body = "<section>" * 10_000 + "<p>deep</p>" + "</section>" * 10_000
    with pytest.raises(SourceError, match="nested too deeply"):
        book(tmp_path, f"<body>{body}</body>")


def test_a_book_that_unpacks_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 500)
    path = tmp_path / "a.fb2.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.fb2", fiction_book(BODY))
    with pytest.raises(SourceError, match="larger than a book can be once unpacked"):
        read(path)


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
FORMS = st.sampled_from(
    [
        "<p>{}</p>",
        "<title><p>{}</p></title>",
        "<subtitle>{}</subtitle>",
        "<cite><p>{}</p></cite>",
        "<poem><stanza><v>{}</v></stanza></poem>",
        "<p><strong>{}</strong></p>",
        "<section><title><p>{}</p></title></section>",
        "<annotation><p>{}</p></annotation>",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(
        st.tuples(FORMS, WORDS), min_size=1, max_size=8, unique_by=lambda pair: pair[1].casefold()
    )
)  # the same title twice is read once
def test_no_word_is_lost_and_none_added(tmp_path: Path, body: list[tuple[str, str]]) -> None:
    content = "".join(form.format(f"x{word}") for form, word in body)
    novel = book(tmp_path, f"<body><section>{content}</section></body>", "")
    found = re.findall(r"\w+", " ".join(spoken(novel)))
    assert found == [part for _, word in body for part in re.findall(r"\w+", f"x{word}")]
