"""HTML: the blocks that a browser would show, and what of them is read."""

import html
import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlines import spoken, titles, unread

from pipeline.core.errors import SourceError
from pipeline.ingest import limits
from pipeline.ingest.markup.extraction import extract
from pipeline.ingest.markup.parsing import parse_page
from pipeline.ingest.reader import read
from pipeline.model.book import Block
from work import count_calls

HERE = Path("page.html")


def blocks(body: str) -> list[str]:
    """Return the blocks of a page that are read, each scene break as `***`."""
    page = extract(parse_page(f"<html><body>{body}</body></html>", HERE), HERE)
    return [
        "***" if block.block is Block.BREAK else block.text
        for block in page.blocks
        if block.reason is None
    ]


def write(folder: Path, text: str, name: str = "page.html") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One\n  two</p><div>Three</div>four", ["One two", "Three", "four"]),
        ("<p><span class='x'>T</span>he <i>ca</i>bin<b>et</b></p>", ["The cabinet"]),
        ("<p><img src='t.png' alt='T'/>he rain</p>", ["The rain"]),
        ("<p>be\u00adcause zero\u200bwidth</p>", ["because zerowidth"]),
        ("<p>caf&eacute; &amp; th&#233; &ldquo;No&rdquo;</p>", ["café & thé “No”"]),
        ("<p>Rain,<br/>\nsnow</p>", ["Rain,\nsnow"]),
        ("<p>Rain.<br/><br/>Snow.</p>", ["Rain.", "Snow."]),
        ("<p>Rain.<i><br/>\n</i><br/>Snow.</p>", ["Rain.", "Snow."]),
        ("<blockquote><p>Dear Ann,</p><p>come.</p></blockquote>", ["Dear Ann,", "come."]),
        ("<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul>", ["one", "two", "three"]),
        ("<dl><dt>Oar</dt><dd>of ash</dd></dl>", ["Oar", "of ash"]),
        ("<table><tr><th>A</th>\n<td>B.</td> <td>C</td></tr><tr><td>D</td></tr></table>",
         ["A, B. C", "D"]),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", ["漢字"]),
        ("<p>He said <q>no, <q>never</q></q>.</p>", ["He said “no, ‘never’”."]),
        ("<pre>a  b\nc</pre>", ["a b\nc"]),
        ("<div class='stanza'><div>Rain</div><div>again</div></div>", ["Rain\nagain"]),
        ("<div class='poem'><div class='stanza'><p>a</p><p>b</p></div>"
         "<div class='stanza'><p>c</p></div></div>", ["a\nb", "c"]),
        ("<p>One</p><hr/><p>two</p>", ["One", "***", "two"]),
        ("<p>One</p><p>* * *</p><p>two</p>", ["One", "***", "two"]),
        ("<p>One</p><p class='scene-break'></p><p>two</p>", ["One", "***", "two"]),
    ],
)  # fmt: skip
def test_blocks(body: str, expected: list[str]) -> None:
    assert blocks(body) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>alert(1)</script>",
        "<style>p { }</style>",
        "<p hidden>no</p>",
        "<p aria-hidden='true'>no</p>",
        "<p style='display: none'>no</p>",
        "<nav><a href='#a'>no</a></nav>",
        "<figure><img src='x.png' alt='no'/><figcaption>no</figcaption></figure>",
        "<span class='pagenum'>[Pg 12]</span>",
        "<span role='doc-pagebreak'>12</span>",
        "<aside role='doc-footnote'>no</aside>",
        "<sup><a href='#n1'>12</a></sup>",
        "<a role='doc-noteref' href='#n1'>n</a>",
        "<a href='#fn3'>3</a>",
        "<a href='#x'>[*]</a>",
        "<sup>7</sup>",
        "<!-- no -->",
        "<button>no</button>",
    ],
)
def test_what_is_not_text_of_the_page_is_not_read(hidden: str) -> None:
    assert " ".join(blocks(f"<p>It rained.{hidden} Ann slept.</p>")).split() == [
        "It", "rained.", "Ann", "slept.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "10<sup>6</sup> stars",
        "ten m<sup>2</sup>",
        "the 3<sup>rd</sup> of May",
        "see <a href='#s2'>chapter 2</a>",
        "on <a href='http://x.y/z'>the web</a>",
        "M<sup>me</sup> Roux",
    ],
)
def test_superscripts_and_links_that_are_no_notes_are_read(text: str) -> None:
    assert blocks(f"<p>{text}</p>") == [re.sub(r"<.*?>", "", text)]


def test_notes_are_found_by_the_marks_that_lead_to_them() -> None:
    body = (
        "<p id='r1'>She stayed.<sup><a href='#n1'>1</a></sup> Nobody knew.</p><h3>Notes</h3>"
        "<ol><li id='n1'>In May. <a href='#r1'>1</a></li></ol><p>The end.</p>"
    )
    assert blocks(body) == ["She stayed. Nobody knew.", "The end."]


def test_empty_paragraphs_separate_scenes_only_where_they_are_rare() -> None:
    scene = "<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>"
    assert blocks(f"{scene}<p>&nbsp;</p>{scene}").count("***") == 1
    spaced = "<p>One.</p><p></p>" * 6
    assert "***" not in blocks(spaced)
    assert blocks(f"{spaced}<p><br/></p>{spaced}").count("***") == 1
    assert "***" not in blocks(f"<h2>One</h2><p></p>{scene}")


def test_a_picture_that_recurs_between_paragraphs_is_a_scene_break() -> None:
    ornament = "<p><img src='o.png'/></p>"
    assert (
        blocks(f"<p>a</p>{ornament}<p>b</p>{ornament}<p>c</p>{ornament}<p>d</p>").count("***") == 3
    )
    assert "***" not in blocks("<p>a</p><p><img src='map.png'/></p><p>b</p>")


def test_broken_html_is_read_as_a_browser_reads_it() -> None:
    assert blocks("<p>AT&T <b>one<p>two</i> <a name='x'/>three<title/><script/><p>four") == [
        "AT&T one", "two three", "four",
    ]  # fmt: skip


def test_chapters_begin_at_headings(tmp_path: Path) -> None:
    body = (
        "<h1>The Ferry</h1><p>by Ann Author</p><h2>Part One</h2><h3>1</h3><h3>The Quay</h3><p>a</p>"
        "<h3>2</h3><p>b</p><h4>Below</h4><p>c</p><h2>Part Two</h2><h3>3</h3><p>d</p>"
    )
    book = read(write(tmp_path, f"<html lang='en'><body>{body}</body></html>"))
    assert titles(book) == ["Part One, 1: The Quay", "2", "Part Two, 3"]
    assert book.metadata.title == "The Ferry"
    assert book.metadata.language == "en"
    assert "by Ann Author" in spoken(book)


def test_chapters_begin_at_paragraphs_that_read_like_headings(tmp_path: Path) -> None:
    prose = "It rained all night, and nobody came to the ferry. The bell hung still."
    body = f"<p>CHAPTER I</p><p>{prose}</p><p>CHAPTER II</p><p>{prose}</p>"
    assert titles(read(write(tmp_path, f"<html><body>{body}</body></html>"))) == [
        "CHAPTER I", "CHAPTER II",
    ]  # fmt: skip


def test_metadata_of_a_page(tmp_path: Path) -> None:
    head = "<title>The Ferry</title><meta name='DC.Creator' content='Ann Author'/>"
    page = write(tmp_path, f"<html><head>{head}</head><body><p>Rain.</p></body></html>")
    assert (read(page).metadata.title, read(page).metadata.author) == ("The Ferry", "Ann Author")
    assert read(page, {"author": "Bo"}).metadata.author == "Bo"


def test_the_licence_of_project_gutenberg_is_not_read(tmp_path: Path) -> None:
    body = (
        "<p>Title: The Ferry</p><p>*** START OF THE PROJECT GUTENBERG EBOOK THE FERRY ***</p>"
        "<p>Rain.</p><p>*** END OF THE PROJECT GUTENBERG EBOOK THE FERRY ***</p><p>Licence.</p>"
    )
    assert spoken(read(write(tmp_path, f"<html><body>{body}</body></html>"))) == ["Rain."]


STORY = """<!DOCTYPE html><html><head><title>Tidewrack - Wren - Original Work</title></head><body>
<div id="preface"><p class="message">Posted originally on <a href="http://a.example">A</a></p>
<div class="meta"><dl class="tags"><dt>Rating:</dt><dd>General</dd><dt>Series:</dt>
<dd>Part 2 of <a href="http://a.example/s">The Saltings</a></dd></dl>
<h1>Tidewrack</h1><div class="byline">by <a rel="author" href="http://a.example/u">Wren</a></div>
<p>Summary</p><blockquote class="userstuff"><p>Ann finds a door in the sea wall.</p></blockquote>
<p>Notes</p><blockquote class="userstuff"><p>Thanks to my beta!</p></blockquote></div></div>
<div id="chapters" class="userstuff">
<div class="meta group"><h2 class="heading">Chapter 1: The Wall</h2><p>Chapter Notes</p>
<blockquote class="userstuff"><p>CW: spiders</p></blockquote></div>
<div class="userstuff"><p>"Is it locked?" asked Ann.</p><p>"No," said Tom.</p></div>
<div class="meta group"><h2 class="heading">Chapter 2: The Door</h2></div>
<div class="userstuff"><p>They went in.</p></div>
<div class="meta"><p>Chapter End Notes</p><blockquote><p>Comments feed me.</p></blockquote></div>
</div><div id="afterword"><p class="message">Please drop by the archive and comment!</p></div>
</body></html>"""


def test_the_download_of_a_story_archive(tmp_path: Path) -> None:
    book = read(write(tmp_path, STORY))
    assert spoken(book) == [
        "Chapter 1: The Wall", '"Is it locked?" asked Ann.', '"No," said Tom.',
        "Chapter 2: The Door", "They went in.",
    ]  # fmt: skip
    assert titles(book) == ["Chapter 1: The Wall", "Chapter 2: The Door"]
    metadata = book.metadata
    assert (metadata.title, metadata.author) == ("Tidewrack", "Wren")
    assert (metadata.series, metadata.part) == ("The Saltings", "2")
    assert metadata.description == "Ann finds a door in the sea wall."
    assert "CW: spiders" in book.text
    assert not unread(book) or set(unread(book).values()) <= {"title page", "notes"}


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["p", "div", "li", "h2", "td", "b", "em"]), WORDS)))
def test_no_word_is_lost_and_none_added(pieces: list[tuple[str, str]]) -> None:
    body = "".join(f"<{tag}>{html.escape(word)}</{tag}> " for tag, word in pieces)
    page = extract(parse_page(f"<html><body>{body}</body></html>", HERE), HERE)
    found = re.findall(r"\w+", " ".join(block.text for block in page.blocks))
    assert found == [part for _, word in pieces for part in re.findall(r"\w+", word)]


def test_paragraphs_that_are_page_numbers_are_not_read(tmp_path: Path) -> None:
    rain = "<p>It rained all day, and nobody came down to the quay.</p>"
    body = "".join(
        (f"<h2>The {('Rain', 'Snow', 'Ice')[n // 3]}</h2>" if n % 3 == 0 else "")
        + f"{rain}<p>{12 + n}</p>"
        for n in range(9)
    )
    book = read(write(tmp_path, body))
    assert titles(book) == ["The Rain", "The Snow", "The Ice"]
    assert not re.search(r"\d", " ".join(spoken(book)))
    assert [book.text[p.start : p.end] for p in book.sections[0].omitted] == ["12", "13", "14"]


def test_paragraphs_that_number_sections_are_read(tmp_path: Path) -> None:
    rain = "<p>It rained all day, and nobody came down to the quay.</p>"
    body = "".join(
        f"<h2>The {title}</h2>" + "".join(f"<p>{n}</p>{rain}" for n in range(1, 5))
        for title in ("Rain", "Snow", "Ice")
    )
    assert re.findall(r"\d", " ".join(spoken(read(write(tmp_path, body))))) == [*"1234"] * 3


def test_a_page_without_text_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="contains nothing to read aloud; if its pages are pict"):
        read(write(tmp_path, "<html><body><img src='scan1.png'/></body></html>"))


def test_deep_nesting_is_read_or_reported(tmp_path: Path) -> None:
    assert blocks("<div>" * 200 + "deep" + "</div>" * 200) == ["deep"]
    deep = "<div>" * 10_000 + "deep" + "</div>" * 10_000
    with pytest.raises(SourceError, match="nested too deeply"):
        read(write(tmp_path, f"<html><body><p>a</p>{deep}</body></html>"))


def test_too_many_tags_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TAGS", 9)
    with pytest.raises(SourceError, match="has over 9 tags"):
        read(write(tmp_path, "<html><body><p>a</p><p>b</p><p>c</p></body></html>"))


def test_entities_are_neither_fetched_nor_expanded(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret words", "secret.txt")
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaa">'
        f'<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        "<html><body><p>Rain &s; &a; snow.</p></body></html>"
    )
    text = read(write(tmp_path, page)).text
    assert "secret" not in text
    assert "aaaa" not in text
    assert "Rain" in text
    assert "snow." in text


@pytest.mark.parametrize(
    "unit",
    [
        "<p>Rain.</p>",
        "<p></p>",
        "<b>rain ",
        "<br/>",
        "<p id='a'><a href='#a'>[1]</a> rain</p>",
        "<img src='a.png'/>",
        "<table><tr><td>rain</td></tr></table>",
        "&#8203;",
        "<div class='poem'><p>rain</p>",
        "<sup>1</sup>",
        "<!DOCTYPE [",
    ],
)
def test_the_work_grows_with_the_length_of_a_page(unit: str) -> None:
    """Five times the page takes at most ten times the work; if quadratic, it would take 25."""
    pages = (f"<html><body>{unit * (40 * n)}</body></html>" for n in (1, 5))

    def process(page: str) -> None:
        extract(parse_page(page, HERE), HERE)

    small, large = (count_calls(partial(process, page)) for page in pages)
    assert large < 10 * small


@pytest.mark.parametrize(
    ("headings", "title", "chapters"),
    [
        (["The Long Rain", "Fog"], "The Long Rain", ["Fog"]),
        (["Part One", "Fog"], "Page", ["Part One: Fog"]),
    ],
)
def test_headings_without_text_between_them(
    tmp_path: Path, headings: list[str], title: str, chapters: list[str]
) -> None:
    body = "".join(f"<h1>{words}</h1>" for words in headings)
    path = write(tmp_path, f"<html><body>{body}<p>It rained.</p></body></html>")
    book = read(path)
    assert (book.metadata.title, titles(book)) == (title, chapters)
