"""Reading whole files: encodings, rejected files, paragraphs, chapters."""

import os
import re
import sys
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.ingest.paragraphs import INVISIBLE, split
from pipeline.ingest.reader import FORMATS, read
from pipeline.ingest.selection import sections_of
from pipeline.model.book import Block, Book
from work import count_calls

NOVELS = sorted((Path(__file__).parents[3] / "shared" / "pdnc").glob("*/novel_text.txt"))

FIRST = (
    "The lamp went out. Nobody in the long room moved, and the rain could be heard again, "
    "as it had been heard every night since the mill was closed and the men went home."
)
SPEECH = '"Is it you?" she asked at last, and drew the curtain.'
LAST = "It was not; it was only the dog, who came in, shook himself, and lay down to sleep."
THREE = [FIRST, SPEECH, LAST]


def write(tmp_path: Path, data: bytes | str, name: str = "book.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def wrap(paragraph: str, width: int = 60, indent: str = "") -> str:
    """Wrap a paragraph, as an editor does."""
    lines = [indent]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += word + " "
    return "\n".join(line.rstrip() for line in lines)


def blocks(text: str) -> list[str]:
    return [" ".join(text[p.start : p.end].split()) for p in split(text)]


def spoken(book: Book) -> list[str]:
    return [
        book.text[p.start : p.end]
        for chapter in book.chapters
        for p in chapter.paragraphs
        if p.block is not Block.BREAK
    ]


def error(path: Path) -> str:
    """Return the only message of the error that reading a file raises."""
    with pytest.raises(SourceError) as caught:
        read(path)
    assert len(caught.value.problems) == 1
    return str(caught.value)


# Encodings

# The characters that encodings differ in.
ACCENTS = "“It’s a café — naïve,” said Zoë; “déjà vu.” He paid £5 for the rôle of the façade.\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
@pytest.mark.parametrize("times", [1, 40])
def test_the_encoding_is_detected(tmp_path: Path, encoding: str, times: int) -> None:
    """The decoded text has no byte order mark."""
    assert read(write(tmp_path, (ACCENTS * times).encode(encoding))).text == ACCENTS * times


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "Les élèves étaient très contents à l'école où ils étaient restés.\n"),
        ("cp1252", "Der größte Lärm – „schön“, sagte er – kam von der Tür her.\n"),
        ("cp1250", "Zażółć gęślą jaźń, powiedział stary młynarz i wyszedł na deszcz.\n"),
        ("cp1251", "Лампа погасла, и в длинной комнате снова стал слышен дождь.\n"),
        ("koi8-r", "Лампа погасла, и в длинной комнате снова стал слышен дождь.\n"),
        ("utf-16-le", "Лампа погасла, и в длинной комнате снова стал слышен дождь.\n"),
        ("utf-16-be", "Лампа погасла, и в длинной комнате снова стал слышен дождь.\n"),
    ],
)
def test_encodings_of_other_languages_are_detected(
    tmp_path: Path, encoding: str, text: str
) -> None:
    assert read(write(tmp_path, (text * 8).encode(encoding))).text == text * 8


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_unchanged(tmp_path: Path, end: str) -> None:
    text = (end * 2).join(THREE) + end
    book = read(write(tmp_path, text))
    assert book.text == text
    assert spoken(book) == THREE


def archive(name: str, content: str) -> bytes:
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr(name, content)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            archive("mimetype", "application/epub+zip"),
            "is no EPUB book: it has no package document",
        ),
        (archive("a.txt", "a"), "seems to be a ZIP archive"),
        (b"%PDF-1.7\n1 0 obj", "is no PDF document, or damaged"),
        (b"<!DOCTYPE html><script>Hello", "nothing to read aloud"),
        (b"<?xml version='1.0'?><fo:root/>", "seems to be an XML document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "seems to be a picture"),
        (b"One line.\nTwo\0three.", "book.txt:2: contains NUL bytes"),
        (bytes(range(256)) * 40, "contains NUL bytes"),
        (b"\x01\x02\x03\x04" * 9, "control characters"),
        ("Zoë and Zoë.\nZo".encode() + b"\xeb" + " and Zoë Zoë.".encode(), "book.txt:2: is UTF-8"),
        (b"\xff\xfeA\0\n\0\x00\xd8A\0", "book.txt:2: begins as UTF-16"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (" \r\n\t\u00a0\u200b\n".encode(), "is blank"),
        (b"***\n\n---\n", "nothing to read aloud"),
        (b"---\ntitle: x\n---\n", "nothing to read aloud"),
    ],
)
def test_a_file_that_is_not_text_is_rejected_with_a_remedy(
    tmp_path: Path, data: bytes, words: str
) -> None:
    message = error(write(tmp_path, data))
    assert words in message
    assert "; " in message


# Files


def test_a_missing_file_is_reported_with_similar_names(tmp_path: Path) -> None:
    write(tmp_path, FIRST, "long_room.txt")
    assert "no such file; did you mean 'long_room.txt'?" in error(tmp_path / "longroom.txt")
    assert "does not exist either" in error(tmp_path / "none" / "x.txt")


def test_folders_and_invalid_names_are_rejected(tmp_path: Path) -> None:
    assert "is a folder" in error(tmp_path)
    assert "cannot be used" in error(Path("x" * 5000)) or sys.platform == "win32"
    assert error(Path("a\0b.txt"))
    assert "\\udcff" in error(tmp_path / os.fsdecode(b"\xff.txt"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_rejected_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in error(tmp_path / "pipe.txt")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file"
)
def test_a_file_without_permission_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, FIRST)
    path.chmod(0)
    assert "permission denied" in error(path)


@pytest.mark.parametrize("name", ["a", "a.txt", "a.TXT", "a.text", "a.md"])
def test_the_suffix_of_plain_text(tmp_path: Path, name: str) -> None:
    assert spoken(read(write(tmp_path, FIRST, name))) == [FIRST]


def test_an_unknown_suffix_is_reported_with_the_known_ones(tmp_path: Path) -> None:
    message = error(write(tmp_path, FIRST, "a.xyz"))
    assert all(suffix in message for form in FORMATS for suffix in form.suffixes)


# Paragraphs


def test_paragraphs_between_blank_lines() -> None:
    assert blocks("\n\n".join(map(wrap, THREE))) == THREE
    assert blocks(" \n\t\n".join([*map(wrap, THREE), ""])) == THREE


@pytest.mark.parametrize("indent", ["    ", "\t", "  "])
@pytest.mark.parametrize("times", [1, 30])
def test_indented_paragraphs(indent: str, times: int) -> None:
    text = "\n".join(wrap(p, indent=indent) for p in THREE * times)
    assert blocks(text) == THREE * times


def test_one_line_per_paragraph() -> None:
    assert blocks("\n".join(THREE)) == THREE
    assert blocks("\n".join("\t" + p for p in THREE * 9)) == THREE * 9
    assert blocks("\n".join(['"No."', '"Yes."', "They slept."])) == [
        '"No."',
        '"Yes."',
        "They slept.",
    ]


@pytest.mark.parametrize(
    "end", ["\u2029", "\u2028", "\u2028\u2028", "\x85\x85", "\v\v", "\n\u2029", "\f"]
)
def test_every_separator_of_paragraphs(end: str) -> None:
    assert blocks(end.join(THREE)) == THREE


@pytest.mark.parametrize("end", ["\x85", "\v"])
def test_every_line_end_wraps_a_paragraph(end: str) -> None:
    wrapped = [wrap(paragraph).replace("\n", end) for paragraph in THREE]
    assert blocks("\n\n".join(wrapped)) == THREE


@pytest.mark.parametrize("page_end", ["\f", "\n\f", "\f\n"])
def test_a_page_may_end_within_a_paragraph(page_end: str) -> None:
    before, after = FIRST.split(" heard ", 1)
    torn = f"{before}{page_end}heard {after}"
    assert blocks(f"{torn}\n\n{SPEECH}\n\n{LAST}") == THREE


def test_invisible_characters_make_no_paragraph() -> None:
    text = f"\u200e{FIRST}\u200e\n\u00ad\u200c\n\u202b{SPEECH}\u202c\n\u2066\u2069\n{LAST}\ufe0f"
    assert blocks(text) == THREE


def test_paragraphs_that_end_with_a_short_line() -> None:
    """Without blank lines or indents, nothing else separates wrapped paragraphs."""
    long = [FIRST + " Then.", LAST + " So they all slept on."] * 40
    assert blocks("\n".join(wrap(p, 70) for p in long)) == long


def test_headings_with_one_line_per_paragraph() -> None:
    text = "\n".join(["Chapter 1", "The Lamp", *THREE, "***", LAST, "Chapter 2", *THREE])
    assert blocks(text) == text.splitlines()


def test_headings_among_indented_paragraphs() -> None:
    body = "\n".join(wrap(p, indent="    ") for p in THREE * 3)
    assert blocks(f"CHAPTER I\n{body}\nCHAPTER II\n{body}") == [
        *("CHAPTER I", *THREE * 3),
        *("CHAPTER II", *THREE * 3),
    ]


def test_indented_verse_does_not_split_wrapped_paragraphs() -> None:
    verse = (
        "  O lamp that burned,\n    O rain that fell,\n  O dog returned,\n    All shall be well."
    )
    text = "\n\n".join([*map(wrap, THREE * 3), verse, *map(wrap, THREE * 3)])
    assert blocks(text) == [*THREE * 3, " ".join(verse.split()), *THREE * 3]


def test_a_break_without_blank_lines_separates_two_paragraphs() -> None:
    assert blocks(f"{wrap(FIRST)}\n* * *\n{wrap(LAST)}") == [FIRST, "* * *", LAST]


@pytest.mark.parametrize(
    "unit",
    [
        "\n\n".join(map(wrap, THREE)) + "\n\n",
        "\n".join(wrap(p, indent="  ") for p in THREE) + "\n",
        "\n".join(THREE) + "\n",
        "word " * 20_000,
        "I\n\nII\n\n" * 20 + "Chapter 1\n\n" * 20,
        "\n" * 5_000,
        "* " * 10_000,
    ],
    ids=["blank lines", "indented", "lines", "a word", "headings", "nothing", "stars"],
)
def test_a_text_is_read_with_work_in_proportion(unit: str, tmp_path: Path) -> None:
    """In each layout, and as one paragraph; a hang runs into the time limit."""
    small, large = (
        count_calls(partial(read, write(tmp_path, unit * times + "x"))) for times in (10, 50)
    )
    assert large < 10 * small


# Chapters


def test_a_book_without_headings_is_one_chapter_named_after_it(tmp_path: Path) -> None:
    path = write(tmp_path, "\n\n".join(THREE), "the_lamp.txt")
    assert [(c.number, c.title) for c in read(path).chapters] == [(1, "The Lamp")]
    assert [c.title for c in read(path, {"title": "A Lamp"}).chapters] == ["A Lamp"]


def test_a_title_page_belongs_to_the_first_chapter(tmp_path: Path) -> None:
    text = f"THE LAMP\n\nby Ann Author\n\nFor my mother.\n\nChapter 1\n\n{FIRST}\n"
    (chapter,) = read(write(tmp_path, text)).chapters
    assert chapter.title == "Chapter 1"
    kinds = [(text[p.start : p.end], p.block) for p in chapter.paragraphs]
    assert kinds == [
        ("THE LAMP", Block.HEADING),
        ("by Ann Author", Block.HEADING),
        ("For my mother.", Block.PROSE),
        ("Chapter 1", Block.HEADING),
        (FIRST, Block.PROSE),
    ]


def test_a_first_paragraph_that_says_by_is_no_title_page(tmp_path: Path) -> None:
    speech = "Ruwani set the kettle down. “You told them we'd be gone by Friday.”"
    book = read(write(tmp_path, f"{speech}\n\n{FIRST}\n"))
    assert spoken(book) == [speech, FIRST]
    assert {p.block for chapter in book.chapters for p in chapter.paragraphs} == {Block.PROSE}


def test_a_preface_is_a_chapter_named_after_the_book(tmp_path: Path) -> None:
    text = "\n\n".join(["THE LAMP", *THREE * 3, "Chapter 1", *THREE])
    assert [c.title for c in read(write(tmp_path, text)).chapters] == ["The Lamp", "Chapter 1"]


def test_the_content_picks_the_format_before_the_suffix(tmp_path: Path) -> None:
    page = f"<!-- saved -->\n<!DOCTYPE HTML><html><body><p>{FIRST}</p></body></html>"
    for name in ("page", "page.txt", "page.md"):
        assert spoken(read(write(tmp_path, page, name))) == [FIRST]


def test_markdown_hashes_are_not_spoken(tmp_path: Path) -> None:
    book = read(write(tmp_path, f"# The Lamp #\n\n## One\n\n{FIRST}\n\n## Two\n{LAST}\n", "a.md"))
    assert spoken(book) == ["The Lamp", "One", FIRST, "Two", LAST]
    assert [c.title for c in book.chapters] == ["One", "Two"]
    assert book.metadata.title == "The Lamp"


def test_the_gutenberg_licence_is_not_spoken(tmp_path: Path) -> None:
    text = (
        f"Title: The Lamp\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE\nLAMP ***\n\n{FIRST}\n\n"
        "End of the Project Gutenberg EBook of The Lamp\n\n"
        "*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\nLicence.\n"
    )
    for end in ("\n", "\r\n", "\r"):
        assert spoken(read(write(tmp_path, text.replace("\n", end)))) == [FIRST]


def test_the_end_of_the_world_is_not_the_end_of_the_book(tmp_path: Path) -> None:
    text = f"{FIRST}\n\n*** END OF THE WORLD ***\n\n{LAST}\n"
    assert spoken(read(write(tmp_path, text)))[-1] == LAST


# Properties

PIECES = st.sampled_from(
    [
        *(FIRST, SPEECH, LAST, wrap(FIRST), wrap(LAST, indent="   ")),
        *("I", "II", "1", "2.", "***", "#", "---", "...", "I. Rain", "# Rain", "## Lamp"),
        *("Chapter 1", "CHAPTER II. Rain", "Chapter 1\nRain", "Part One", "Prologue"),
        *("The Lamp", "by Ann Author", "(1900)", "title: x"),
    ]
)
BODIES = st.lists(
    st.tuples(PIECES | st.text(max_size=40), st.sampled_from(["\n", "\n\n", "\n \n\n", "\n\n\n"])),
    min_size=1,
    max_size=30,
).map(lambda parts: "".join(a + b for a, b in parts))


def covered(book: Book) -> list[int]:
    """Return the number of paragraphs that each character lies in, those left out among them."""
    counts = [0] * len(book.text)
    for section in sections_of(book):
        for paragraph in (*section.paragraphs, *section.omitted):
            for offset in range(paragraph.start, paragraph.end):
                counts[offset] += 1
    return counts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(BODIES)
def test_no_word_is_lost_or_spoken_twice(tmp_path: Path, text: str) -> None:
    """Every character but white space and the `#` of headings lies in exactly one paragraph."""
    try:
        book = read(write(tmp_path, text))
    except SourceError:
        return
    counts = covered(book)
    body = book.text.replace("---\ntitle: x\n---", "") if book.metadata.title == "x" else book.text
    assert max(counts) == 1
    lost = [c if not n else " " for c, n in zip(book.text, counts, strict=True)]
    repeated = {word for p in spoken(book) for word in p.split()}
    words = set("".join(lost).translate(dict.fromkeys(map(ord, INVISIBLE), " ")).split())
    assert words <= {"#", "##"} | repeated or body != book.text
    order = [p.start for chapter in book.chapters for p in chapter.paragraphs]
    assert order == sorted(order)
    assert [c.number for c in book.chapters] == list(range(1, len(book.chapters) + 1))
    assert all(c.title and c.title == " ".join(c.title.split()) for c in book.chapters)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(BODIES.map(lambda text: re.sub(r"[\r\0]", "", text)), st.sampled_from(["\r\n", "\r"]))
@example("Chapter 1\n1\n", "\r\n")
def test_line_ends_change_no_chapter_or_paragraph(tmp_path: Path, text: str, end: str) -> None:
    """Without NUL: a text with it may be UTF-16, which its number of line ends can decide."""

    def shape(text: str) -> object:
        try:
            book = read(write(tmp_path, text))
        except SourceError as error:
            return [(problem.what, problem.line) for problem in error.problems]
        return [
            (c.title, [(book.text[p.start : p.end].split(), p.block) for p in c.paragraphs])
            for c in book.chapters
        ], book.metadata

    assert shape(text.replace("\n", end)) == shape(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_rejected(tmp_path: Path, data: bytes) -> None:
    book = None
    try:
        book = read(write(tmp_path, data))
    except SourceError as error:
        assert str(error)  # noqa: PT017 - either outcome is fine
    assert book is None or spoken(book)


@pytest.mark.skipif(not NOVELS, reason="the annotated novels are not installed")
def test_every_novel_has_chapters_and_loses_no_word() -> None:
    for path in NOVELS:
        book = read(path)
        assert 2 <= len(book.chapters) <= 70, path
        assert all(any(p.block is Block.PROSE for p in c.paragraphs) for c in book.chapters), path
        lost = {c for c, n in zip(book.text, covered(book), strict=True) if n != 1}
        assert lost <= set(INVISIBLE), path
