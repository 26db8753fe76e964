"""DOCX, ODT and RTF: what is read of them, and what is not."""

import re
import zipfile
from functools import partial
from pathlib import Path

import pytest
from documents import (
    field,
    needs_pandoc,
    paragraph,
    picture,
    run,
    write_by_pandoc,
    write_docx,
    write_odt,
    write_zip,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outlines import spoken, titles
from strategies import bodies

from pipeline.core.errors import SourceError
from pipeline.ingest import archive, limits
from pipeline.ingest.office import pandoc, rtf
from pipeline.ingest.office.rtf_cleaning import clean
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from work import count_calls

NOVEL = """---
title: The Lantern Boat
author: [Ada Brook, Cy Dunn]
lang: en-GB
---

# 1. The Slip

The *boat* lay **keel up**.[^1] Nobody had touched it.

[^1]: Since the autumn.

* * *

> Dear Ada,
>
> the tide will not wait.

| Home is the rower
| and home the rain

## A Table

| Tide | Hour |
|------|------|
| low  | six  |

- rope
- tar

# 2. The Weir

It held.
"""
OUTLINE = [
    "1. The Slip", "The boat lay keel up. Nobody had touched it.", "***", "Dear Ada,",
    "the tide will not wait.", "Home is the rower\nand home the rain", "A Table", "Tide, Hour",
    "low, six", "rope", "tar", "2. The Weir", "It held.",
]  # fmt: skip


def omitted(book: Book) -> list[str]:
    """Return what of the sections that are read is not."""
    return [book.text[p.start : p.end] for s in book.sections for p in s.omitted]


def error(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        read(path)
    return str(caught.value)


def docx(folder: Path, body: str, **others: str) -> Book:
    return read(write_docx(folder / "book.docx", body, **others))  # type: ignore[arg-type]


def odt(folder: Path, body: str, **others: str) -> Book:
    return read(write_odt(folder / "book.odt", body, **others))  # type: ignore[arg-type]


def rtf_book(folder: Path, body: str, head: str = "\\ansi") -> Book:
    path = folder / "book.rtf"
    path.write_bytes(f"{{\\rtf1{head} {body}}}".encode("latin_1"))
    return read(path)


@needs_pandoc
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf"])
def test_a_novel_keeps_its_outline(tmp_path: Path, suffix: str) -> None:
    book = read(write_by_pandoc(tmp_path / f"book.{suffix}", NOVEL))
    blocks = spoken(book)
    outline = blocks[blocks.index(OUTLINE[0]) :]
    assert [block for block in outline if block != "***"] == [b for b in OUTLINE if b != "***"]
    assert outline[2] == "***"
    assert "".join(blocks[:3]).startswith("The Lantern Boat")
    assert titles(book) == ["1. The Slip", "2. The Weir"]
    if suffix == "rtf":  # pandoc writes no properties into it
        assert book.metadata.title == "Book"
        return
    metadata = book.metadata
    assert (metadata.title, metadata.language) == ("The Lantern Boat", "en-GB")
    assert metadata.author in {"Ada Brook; Cy Dunn", "Ada Brook & Cy Dunn"}
    assert "Since the autumn." in omitted(book)


@needs_pandoc
@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("docx", "book"),
        ("docx", "book.zip"),
        ("odt", "book.bin"),
        ("rtf", "book.doc"),
        ("rtf", "b"),
    ],
)
def test_the_content_names_the_format(tmp_path: Path, content: str, name: str) -> None:
    made = write_by_pandoc(tmp_path / f"made.{content}", "# One\n\nRain.\n")
    assert spoken(read(made.rename(tmp_path / name))) == ["One", "Rain."]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@needs_pandoc
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf"])
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=6
)
@given(body=bodies(["{}", "# {}", "> {}", "*{}*", "- {}", "| {}"], 6))
def test_no_word_is_lost_and_none_added(
    tmp_path: Path, suffix: str, body: list[tuple[str, str]]
) -> None:
    markdown = "\n\n".join(form.format(f"x{word}") for form, word in body)
    book = read(write_by_pandoc(tmp_path / f"book.{suffix}", markdown))
    assert words(" ".join(spoken(book))) == [part for _, word in body for part in words(f"x{word}")]


# DOCX


@needs_pandoc
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            run("It ") + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>" + run("rained."),
            ["It rained."],
            id="a deletion",
        ),
        pytest.param(
            run("It") + f"<w:ins w:id='3'>{run(' rained.')}</w:ins>",
            ["It rained."],
            id="an insertion without author",
        ),
        pytest.param(
            run("It rained") + run(" secretly", "<w:vanish/>") + run(".", "<w:vanish w:val='0'/>"),
            ["It rained."],
            id="hidden text",
        ),
        pytest.param(run("Page ") + field(" PAGE ", run("17")), ["Page"], id="a page number"),
        pytest.param(
            run("See ") + field(' HYPERLINK "http://a.example" ', run("the chart")),
            ["See the chart"],
            id="a link",
        ),
        pytest.param(
            run("It rained.") + "<w:bookmarkStart w:id='1' w:name='b'/><w:commentReference"
            " w:id='0'/><w:bookmarkEnd w:id='1'/>",
            ["It rained."],
            id="a comment and a bookmark",
        ),
        pytest.param(
            run("The ") + f"<w:customXml w:element='x'>{run('old ')}</w:customXml>"
            f"<w:smartTag w:element='y'>{run('red ')}</w:smartTag><w:bdo w:val='ltr'>"
            f"{run('boat ')}</w:bdo><w:fldSimple w:instr=' REF b '>{run('lay')}</w:fldSimple>"
            f"<w:fldSimple w:instr=' PAGE '>{run('17')}</w:fldSimple>",
            ["The old red boat lay"],
            id="elements around runs",
        ),
        pytest.param(
            "<w:r><w:ruby><w:rubyPr><w:lid w:val='ja'/></w:rubyPr><w:rt>" + run("kan")
            + f"</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>" + run("字"),
            ["漢字"],
            id="ruby",
        ),
        pytest.param(
            run("low") + "<w:r><w:ptab/></w:r>" + run("six") + "<w:r><w:cr/></w:r>" + run("seven"),
            ["low six\nseven"],
            id="white space",
        ),
        pytest.param(
            run("Row,") + "<w:r><w:br/></w:r>" + run("row."), ["Row,\nrow."], id="a line break"
        ),
    ],
)  # fmt: skip
def test_paragraphs_of_word(tmp_path: Path, content: str, expected: list[str]) -> None:
    assert spoken(docx(tmp_path, paragraph(content))) == expected


@needs_pandoc
def test_tables_and_lists_of_word(tmp_path: Path) -> None:
    cell = "<w:tc>{}</w:tc>".format
    row = "<w:tr>{}</w:tr>".format(cell(paragraph("low")) + cell(paragraph("six")))
    listed = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='4'/><w:numFmt"
        " w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum><w:num w:numId='1'>"
        "<w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    body = (
        f"<w:customXml w:element='x'><w:tbl>{row}</w:tbl></w:customXml>"
        + paragraph("rope", properties=listed)
        + paragraph("It rained.")
    )
    path = write_docx(tmp_path / "a.docx", body, parts={"word/numbering.xml": numbering})
    assert spoken(read(path)) == ["low, six", "rope", "It rained."]


def box(text: str) -> str:
    return (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{paragraph(text)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )


@needs_pandoc
def test_a_text_box_is_read_unless_it_has_a_page_number(tmp_path: Path) -> None:
    body = paragraph(box("– 12 –") + box("Keep out") + run("The gate was shut."))
    assert spoken(docx(tmp_path, body)) == ["Keep out", "The gate was shut."]


@needs_pandoc
def test_headings_of_word_are_found_by_their_styles(tmp_path: Path) -> None:
    styles = (
        "<w:style w:type='paragraph' w:styleId='Ch'><w:name w:val='My Chapter'/>"
        "<w:basedOn w:val='Out'/></w:style><w:style w:type='paragraph' w:styleId='Out'>"
        "<w:name w:val='Outlined'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style>"
    )
    body = "".join(
        paragraph(title, style, properties) + paragraph("It rained.")
        for title, style, properties in (
            ("Alder", "berschrift1", ""),
            ("Birch", "Ch", ""),
            ("Cedar", "", "<w:outlineLvl w:val='0'/>"),
            ("No heading", "", "<w:outlineLvl w:val='9'/>"),
        )
    )
    assert titles(docx(tmp_path, body, styles=styles)) == ["Alder", "Birch", "Cedar"]


@needs_pandoc
def test_styles_based_on_each_other_do_no_harm(tmp_path: Path) -> None:
    styles = "".join(
        f"<w:style w:type='paragraph' w:styleId='{a}'><w:name w:val='{a}{a}'/>"
        f"<w:basedOn w:val='{b}'/></w:style>"
        for a, b in ("XY", "YX")
    )
    assert spoken(docx(tmp_path, paragraph("It rained.", "X"), styles=styles)) == ["It rained."]


@needs_pandoc
def test_contents_and_captions_of_word_are_not_read(tmp_path: Path) -> None:
    lines = run("Alder 3") + "</w:p><w:p>" + run("Birch 9")
    gallery = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='%s'/></w:docPartObj></w:sdtPr>"
    body = (
        paragraph(field(' TOC \\o "1-3" ', lines))
        + f"<w:sdt>{gallery % 'Table of Contents'}<w:sdtContent>{paragraph('Cedar 12')}"
        "</w:sdtContent></w:sdt>"
        + paragraph("Dogwood 15", "Verzeichnis1")
        + paragraph("Figure 1: a quay", "Beschriftung")
        + f"<w:sdt>{gallery % 'Cover Pages'}<w:sdtContent>{paragraph('It rained.')}</w:sdtContent>"
        "</w:sdt>"
    )
    book = docx(tmp_path, body)
    assert spoken(book) == ["It rained."]
    assert omitted(book) == ["Alder 3", "Birch 9", "Cedar 12", "Dogwood 15", "Figure 1: a quay"]


@needs_pandoc
def test_scene_breaks_of_word(tmp_path: Path) -> None:
    scene = "".join(paragraph(f"{number} bells.") for number in ("One", "Two", "Three", "Four"))
    centred = paragraph("* * *", properties="<w:jc w:val='center'/>")
    assert spoken(docx(tmp_path, scene + paragraph("") + scene)).count("***") == 1
    assert spoken(docx(tmp_path, scene + centred + scene)).count("***") == 1
    ornament = paragraph(picture())
    assert spoken(docx(tmp_path, f"{scene}{ornament}{scene}")).count("***") == 0
    assert spoken(docx(tmp_path, f"{scene}{ornament}" * 3 + scene)).count("***") == 3


@needs_pandoc
def test_metadata_of_word(tmp_path: Path) -> None:
    core = "<dc:title>Low Water</dc:title><dc:creator>Ada Brook</dc:creator>"
    body = paragraph("A Working Title", "Titel") + paragraph(
        run("Rain.", "<w:lang w:val='en-IE'/>")
    )
    book = docx(tmp_path, body, core=core)
    metadata = book.metadata
    assert (metadata.title, metadata.author, metadata.language) == (
        "Low Water", "Ada Brook", "en-IE",
    )  # fmt: skip
    assert spoken(book) == ["A Working Title", "Rain."]
    named = "<dc:title>Document1</dc:title><dc:creator>Microsoft Office User</dc:creator>"
    metadata = docx(tmp_path, body, core=named).metadata
    assert (metadata.title, metadata.author) == ("A Working Title", None)
    assert read(tmp_path / "book.docx", {"title": "Mine"}).metadata.title == "Mine"


@needs_pandoc
def test_a_book_without_a_title_is_named_after_its_file(tmp_path: Path) -> None:
    chapters = [paragraph(name, "berschrift1") + paragraph("Rain.") for name in ("Alder", "Birch")]
    book = docx(tmp_path, "".join(chapters))
    assert (book.metadata.title, titles(book)) == ("Book", ["Alder", "Birch"])
    parts = [paragraph(name, "berschrift2") + paragraph("Rain.") for name in ("Alder", "Birch")]
    book = docx(tmp_path, paragraph("Low Water", "berschrift1") + "".join(parts))
    assert (book.metadata.title, titles(book)) == ("Low Water", ["Alder", "Birch"])


# ODT


@needs_pandoc
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a<text:s text:c='3'/>b<text:tab/>c", ["a b c"]),
        ("Row,<text:line-break/>row.", ["Row,\nrow."]),
        ("It<office:annotation><text:p>No!</text:p></office:annotation> rained.", ["It rained."]),
        ("<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text>"
         "</text:ruby>字", ["漢字"]),
        ("On <text:date>1 May</text:date> it <text:meta>rained</text:meta>.",
         ["On 1 May it rained."]),
        ("Page<text:page-number>17</text:page-number>.", ["Page."]),
        ("It <text:hidden-text>never </text:hidden-text>rained.", ["It rained."]),
        ("It <text:span text:style-name='H'>never </text:span>rained.", ["It rained."]),
        ("It rained.<draw:frame><draw:text-box><text:p>Keep out</text:p></draw:text-box>"
         "</draw:frame>", ["Keep out", "It rained."]),
        ("It rained.<draw:frame><draw:text-box><text:p>– 12 –</text:p></draw:text-box>"
         "</draw:frame>", ["It rained."]),
        ("She stayed.<text:note text:note-class='footnote'><text:note-citation>1"
         "</text:note-citation><text:note-body><text:p>In May.</text:p></text:note-body>"
         "</text:note> Nobody knew.", ["She stayed. Nobody knew."]),
    ],
)  # fmt: skip
def test_paragraphs_of_opendocument(tmp_path: Path, content: str, expected: list[str]) -> None:
    hidden = (
        "<style:style style:name='H' style:family='text'>"
        "<style:text-properties text:display='none'/></style:style>"
    )
    assert spoken(odt(tmp_path, f"<text:p>{content}</text:p>", styles=hidden)) == expected


@needs_pandoc
def test_what_opendocument_keeps_beside_the_text_is_not_read(tmp_path: Path) -> None:
    book = odt(
        tmp_path,
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes><text:table-of-content>"
        "<text:index-body><text:p>Alder 3</text:p></text:index-body></text:table-of-content>"
        "<text:h text:outline-level='1'>Alder</text:h><text:section text:name='s'>"
        "<text:p>It rained.</text:p></text:section><text:p text:style-name='Horizontal_20_Line'/>"
        "<text:numbered-paragraph><text:p>First, rope.</text:p></text:numbered-paragraph>"
        "<text:section text:display='none' text:name='t'><text:p>Hidden.</text:p></text:section>",
        meta="<dc:creator>Secretary</dc:creator><meta:initial-creator>Ada Brook"
        "</meta:initial-creator><dc:title>Low Water</dc:title><dc:language>en-IE</dc:language>",
    )
    assert spoken(book) == ["Alder", "It rained.", "***", "First, rope."]
    metadata = book.metadata
    assert (metadata.title, metadata.author, metadata.language) == (
        "Low Water", "Ada Brook", "en-IE",
    )  # fmt: skip


@needs_pandoc
def test_title_and_captions_of_opendocument(tmp_path: Path) -> None:
    caption = "<text:p text:style-name='Illustration'>Figure 1: a quay</text:p>"
    book = odt(
        tmp_path,
        "<text:p text:style-name='Title'>Low <text:span>Water</text:span></text:p>"
        "<text:h text:outline-level='1'>Alder</text:h><text:p>It rained.</text:p><text:p>"
        f"<draw:frame><draw:text-box>{caption}</draw:text-box></draw:frame></text:p>"
        "<text:h text:outline-level='1'>Birch</text:h><text:p>It held.</text:p>",
    )
    assert book.metadata.title == "Low Water"
    assert titles(book) == ["Alder", "Birch"]
    assert spoken(book) == ["Low Water", "Alder", "It rained.", "Birch", "It held."]


@needs_pandoc
def test_an_encrypted_opendocument_is_refused(tmp_path: Path) -> None:
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry>'
        "<m:encryption-data/></m:file-entry></m:manifest>"
    )
    path = write_odt(tmp_path / "a.odt", "", parts={"META-INF/manifest.xml": manifest})
    assert "has a password; open it in LibreOffice and save it without" in error(path)


# RTF

FONTS = "\\deff0{\\fonttbl{\\f0\\fcharset0 Times;}{\\f1\\fcharset204 Arial;}{\\f2\\fcharset128 M;}}"


@needs_pandoc
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("It {\\deleted never }rained.\\par", ["It rained."]),
        ("It {\\v never }rained.\\par", ["It rained."]),
        ("It \\v never \\v0 rained.\\par", ["It rained."]),
        ("She stayed.{\\super\\chftn}{\\footnote\\pard{\\super\\chftn} In May.} Why?\\par",
         ["She stayed. Why?"]),
        ("She stayed.{\\footnote In\\u1?\\'07 May.} Why?\\par", ["She stayed. Why?"]),
        ("{\\header Low Water\\par}{\\footer {\\chpgn}\\par}It rained.\\par", ["It rained."]),
        ("It{\\*\\atnid AB}{\\*\\annotation No!} rained.\\par", ["It rained."]),
        ("{\\field{\\*\\fldinst { TOC \\\\o }}{\\fldrslt Alder 3\\par Birch 9}}\\par Rain.\\par",
         ["Rain."]),
        ('See {\\field{\\*\\fldinst HYPERLINK "x"}{\\fldrslt the chart}}.\\par',
         ["See the chart."]),
        ("{\\*\\bkmkstart b}Rain{\\*\\bkmkend b}.{\\pict\\pngblip 89504e47}\\par", ["Rain."]),
        ("{\\pict\\bin6 }}{{\\\\}Rain.\\par", ["Rain."]),
        ("{\\listtext\\bullet\\tab}rope\\par\\bullet\\tab tar\\par", ["rope", "tar"]),
        ("Before\\page After\\par", ["Before", "After"]),
        ("Row,\\line row.\\par", ["Row,\nrow."]),
        ("\\ldblquote Caf\\'e9\\rdblquote  \\emdash  \\u233?t\\u233?\\par", ["“Café” — été"]),
        ("{\\f1 \\'cb\\'e0\\'ec\\'ef\\'e0} {\\f2 \\'82\\'a0} \\'e0\\par", ["Лампа あ à"]),
        ("\\uc2\\u8220\\'81\\'67Ja\\u-10179\\'81\\'68\\u-8704\\'81\\'68\\par", ["“Ja😀"]),
        ("a \\{b\\} c\\\\d\\par", ["a {b} c\\d"]),
        ("{\\shp{\\*\\shpinst\\shpleft9{\\sp{\\sn x}{\\sv 1}}{\\shptxt Keep out\\par}}"
         "{\\shprslt Keep out}}Rain.\\par", ["Keep out", "Rain."]),
        ("\\trowd\\intbl low\\cell six\\cell\\row\\pard Rain.\\par", ["low, six", "Rain."]),
        ("Rain.", ["Rain."]),
    ],
)  # fmt: skip
def test_what_is_read_of_rtf(tmp_path: Path, content: str, expected: list[str]) -> None:
    assert spoken(rtf_book(tmp_path, content, f"\\ansi\\ansicpg1252{FONTS}")) == expected


@needs_pandoc
@pytest.mark.parametrize(
    ("head", "code", "letter"),
    [("\\ansi\\ansicpg1251", "cb", "Л"), ("\\mac", "8e", "é"), ("\\pca", "82", "é"),
     ("\\ansi\\ansicpg99999", "e9", "é")],
)  # fmt: skip
def test_the_encoding_of_an_rtf(tmp_path: Path, head: str, code: str, letter: str) -> None:
    assert spoken(rtf_book(tmp_path, f"\\'{code}\\par", head)) == [letter]


@needs_pandoc
def test_chapters_scenes_and_metadata_of_rtf(tmp_path: Path) -> None:
    scene = "".join(f"\\pard\\plain {number} bells.\\par" for number in ("One", "Two", "Three"))
    body = (
        "{\\info{\\title Low {\\b Water}}{\\author Ada Brook}{\\*\\company X}{\\doccomm Rain.}}"
        f"\\pard\\outlinelevel0 Alder\\par{scene}\\par{scene}{scene}"
        f"\\pard\\outlinelevel0 Birch\\par{scene}\\pard\\qc * * *\\par{scene}"
    )
    book = rtf_book(tmp_path, body)
    assert titles(book) == ["Alder", "Birch"]
    assert spoken(book).count("***") == 2
    metadata = book.metadata
    assert (metadata.title, metadata.author, metadata.description) == (
        "Low Water", "Ada Brook", "Rain.",
    )  # fmt: skip


@given(st.binary(max_size=200))
def test_any_rtf_is_cleaned(data: bytes) -> None:
    content = clean(b"{\\rtf1 " + data).content
    assert content.isprintable() or content
    braces = re.sub(r"\\[{}\\]", "", content)
    assert braces.count("}") <= braces.count("{")


@pytest.mark.parametrize("unit", ["{", "}", "\\par ", "\\'e9", "{\\b x}", "\\u8217?", "{\\*\\x y}"])
def test_the_work_grows_with_the_length_of_an_rtf(unit: str) -> None:
    """Five times the document takes at most ten times the work; if quadratic, 25."""
    documents = (f"{{\\rtf1 {unit * (40 * n)}}}".encode() for n in (1, 5))
    small, large = (count_calls(partial(clean, document)) for document in documents)
    assert large < 10 * small


# What nobody vouches for


@needs_pandoc
@pytest.mark.parametrize("write", [write_docx, write_odt])
def test_entities_are_neither_fetched_nor_expanded(tmp_path: Path, write: object) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaa">]>'
    docx = write is write_docx
    body = paragraph("Rain &s;&a; snow.") if docx else "<text:p>Rain &s;&a; snow.</text:p>"
    book = read(write(tmp_path / ("a.docx" if docx else "a.odt"), body, doctype=doctype))  # type: ignore[operator]
    assert words(" ".join(spoken(book))) == ["Rain", "snow"]


@pytest.mark.parametrize("tag", ["w:sdt", "w:tbl", "text:section", "text:span"])
def test_deep_nesting_is_refused(tmp_path: Path, tag: str) -> None:
    body = f"<{tag}>" * 10_000 + f"</{tag}>" * 10_000
    path = tmp_path / "book.docx"
    write = write_docx if tag.startswith("w:") else write_odt
    assert "nested too deeply" in error(write(path, body))


@needs_pandoc
def test_groups_of_rtf_may_be_nested_deeply(tmp_path: Path) -> None:
    assert spoken(rtf_book(tmp_path, "{" * 10_000 + "Rain." + "}" * 10_000)) == ["Rain."]


def test_a_part_that_unpacks_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive.BookArchive.read, "__defaults__", (5_000,))
    path = write_docx(tmp_path / "a.docx", paragraph("x" * 9_000))
    assert "word/document.xml is larger than a book can be once unpacked" in error(path)


@needs_pandoc
def test_other_files_in_the_archive_are_left_alone(tmp_path: Path) -> None:
    parts = {
        "../../climbed": "x",
        "/etc/x": "x",
        "word/embeddings/a.docx": b"PK\3\4",
        "a.exe": b"MZ",
    }
    path = write_docx(
        tmp_path / "in" / "a.docx" if False else tmp_path / "a.docx",
        paragraph("Rain."),
        parts=parts,
    )
    assert spoken(read(path)) == ["Rain."]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.docx"]


@pytest.mark.parametrize("name", ["book.docx", "book.odt"])
def test_a_truncated_document_is_reported(tmp_path: Path, name: str) -> None:
    write = write_docx if name.endswith("docx") else write_odt
    path = write(tmp_path / name, paragraph("Rain."))
    path.write_bytes(path.read_bytes()[:300])
    assert "is damaged: its ZIP archive cannot be read" in error(path)


def test_too_many_paragraphs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OFFICE_PARAGRAPHS", 3)
    path = write_docx(tmp_path / "a.docx", paragraph("Rain.") * 4)
    assert "has over 3 paragraphs, too many for a book; split it" in error(path)


ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style")
)


def test_too_many_styles_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_STYLES", 3)
    styles = "<style:style/>" * 4
    content = f"<office:document-content {ODF}>{styles}</office:document-content>"
    path = write_zip(tmp_path / "a.odt", {"content.xml": content})
    assert "has over 3 styles, too many for a book; split it" in error(path)


def test_a_document_without_text_is_reported(tmp_path: Path) -> None:
    assert "it has no text; open it" in error(write_zip(tmp_path / "a.docx", {"x": "y"}))
    assert "it has no content; open it" in error(write_zip(tmp_path / "a.odt", {"x": "y"}))


def test_a_long_list_of_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_docx(tmp_path / "a.docx", "")
    monkeypatch.setattr(archive, "MAX_DIRECTORY", 100)
    assert "contains more files than a book can have" in error(path)


@pytest.mark.parametrize(
    ("limit", "body", "message"),
    [
        ("MAX_WORDS", "\\par" * 6, "has over 5 control words, "),
        ("MAX_WORDS_APIECE", "\\b a" * 6, "has over 5 control words in a paragraph"),
        ("MAX_WORDS_APIECE", "{" * 6, "has over 5 control words in a paragraph"),
    ],
)
def test_an_rtf_with_too_many_control_words_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, body: str, message: str
) -> None:
    monkeypatch.setattr(rtf, limit, 5)
    with pytest.raises(SourceError, match=message):
        rtf_book(tmp_path, body)


@needs_pandoc
@pytest.mark.parametrize("limit", ["_SECONDS", "_HEAP"])
def test_pandoc_is_stopped_at_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    if limit == "_HEAP":
        monkeypatch.setattr(pandoc, "_HEAP", "65M")
        body = "ab " * 900_000
    else:
        monkeypatch.setattr(pandoc, "_SECONDS", 1)
        monkeypatch.setattr(pandoc, "_SECONDS_PER_MILLION", 0)
        monkeypatch.setattr(pandoc, "_PATIENCE", 0.5)
        body = "{\\b a}" * 60_000
    with pytest.raises(SourceError, match="is too long or too intricate to convert; split it"):
        rtf_book(tmp_path, body)


def test_what_to_do_without_pandoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "packaged", lambda: None)
    message = error(write_docx(tmp_path / "a.docx", paragraph("Rain.")))
    assert "pandoc, which is not installed; install it with: pip install '.[formats]'" in message


@needs_pandoc
def test_pandoc_gets_no_picture_and_no_other_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_documents = []
    convert = pandoc.to_page

    def keep(document: bytes, *others: object) -> object:
        given_documents.append(document)
        return convert(document, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(pandoc, "to_page", keep)
    parts = {"word/media/i.png": b"\x89PNG" * 9, "word/vbaProject.bin": b"macro"}
    read(write_docx(tmp_path / "a.docm", paragraph("Rain."), parts=parts))
    packed = tmp_path / "given.zip"
    packed.write_bytes(given_documents[0])
    with zipfile.ZipFile(packed) as parts_given:
        assert parts_given.read("word/media/i.png") == b""
        assert "word/vbaProject.bin" not in parts_given.namelist()
