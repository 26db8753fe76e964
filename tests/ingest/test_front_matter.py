"""Metadata from front matter, Project Gutenberg's header, the title page or the file name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.ingest import front_matter, title_case
from pipeline.ingest.reader import read
from pipeline.model.book import METADATA_FIELDS, Metadata

PATH = Path("book.txt")
PROSE = "The lamp went out. Nobody in the long room moved, and the rain could be heard again."


def metadata(tmp_path: Path, text: str, name: str = "the_long-room.txt") -> Metadata:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return read(path).metadata


def error(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        front_matter.read(text, PATH)
    return caught.value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_read_and_not_spoken(tmp_path: Path, end: str) -> None:
    block = "---\ntitle: No\nauthor: [A. One, B. Two]\nyear: 0123\nsubtitle:\n---\n"
    path = tmp_path / "book.txt"
    path.write_bytes((block + "\n" + PROSE + "\n").replace("\n", end).encode())
    book = read(path)
    assert book.metadata == Metadata("No", author="A. One & B. Two", year="0123")
    (paragraph,) = book.chapters[0].paragraphs
    assert book.text[paragraph.start : paragraph.end] == PROSE


@pytest.mark.parametrize("key", METADATA_FIELDS)
def test_every_metadata_field_is_a_key(key: str) -> None:
    assert front_matter.read(f"---\n{key}: 'x: y'\n---\n", PATH).fields == {key: "x: y"}


def test_keys_have_synonyms() -> None:
    block = (
        "---\nAuthors: [One, Two]\nRead by: Mara\ndate: 2026-05-01\nlicense: CC0\n"
        "author-sort: One\nTitle Sort: Lamp\n---\n"
    )
    assert front_matter.read(block, PATH).fields == {
        "author": "One & Two",
        "narrator": "Mara",
        "year": "2026-05-01",
        "licence": "CC0",
        "author_sort": "One",
        "title_sort": "Lamp",
    }
    assert "year is given twice" in str(error("---\nyear: 1\ndate: 2\n---\n"))


def test_a_description_may_have_paragraphs() -> None:
    block = "---\ntitle: |\n  The\n  Lamp\ndescription: |\n  It rains.\n\n  And  rains.\n---\n"
    fields = front_matter.read(block, PATH).fields
    assert fields == {"title": "The Lamp", "description": "It rains.\n\nAnd rains."}


@pytest.mark.parametrize(
    "text",
    [
        f"---\n\n{PROSE}\n\n---\n\n{PROSE}",
        f"---\n{PROSE}\n",
        "---\n\nHe said: go.\n\n---\n",
        "---\n- a list\n- of things\n---\n",
        "---\n---\nProse.",
        "----\ntitle: x\n----\n",
        "title: x\n",
        "",
    ],
)
def test_a_scene_break_at_the_head_is_not_front_matter(text: str) -> None:
    assert front_matter.read(text, PATH) == front_matter.FrontMatter({}, 0)


def test_an_unknown_key_is_reported_with_its_line_and_the_nearest_key() -> None:
    message = str(error("\n---\ntitle: x\nauthr: y\nzzzz: 1\n---\n"))
    assert "book.txt:4: unknown key 'authr'; did you mean 'author'?" in message
    assert "book.txt:5: unknown key 'zzzz'; known are title," in message


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("title: a: b\n", 2),
        ("title: x\nauthor: [y\n", 4),
        ("title: x\ntitle: y\n", 3),
        ("title: {a: b}\n", 2),
        ("title: *x\n", 2),
        ("title: x\nyear: " + "[" * 3000 + "\n", None),
        ("title: x\ny\x01\n", None),
    ],
)
def test_invalid_yaml_is_reported_with_its_line(block: str, line: int | None) -> None:
    (problem,) = error(f"---\n{block}---\n").problems
    assert problem.file == PATH
    assert problem.remedy
    assert line in {None, problem.line}


def test_front_matter_without_an_end_is_reported() -> None:
    assert "is not closed" in str(error("---\ntitle: x\n\nProse.\n"))


@given(st.text(max_size=200), st.sampled_from(["", "title: "]))
def test_any_front_matter_is_read_or_rejected_with_a_line(junk: str, key: str) -> None:
    lines: list[int | None] = [1]
    try:
        front_matter.read(f"---\n{key}{junk}\n---\nProse.", PATH)
    except SourceError as rejection:
        lines = [problem.line for problem in rejection.problems]
    assert all(lines)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("THE LONG ROOM\n\nBy A. N. Author", Metadata("The Long Room", author="A. N. Author")),
        ("The Long Room\n\nby\n\nAnn Author", Metadata("The Long Room", author="Ann Author")),
        ("The Long Room\nby Ann Author", Metadata("The Long Room", author="Ann Author")),
        ("The Long Room, by Ann Author", Metadata("The Long Room", author="Ann Author")),
        ("THE LONG ROOM\n\nA NOVEL\n\nBY ANN O'NEILL\n\n(1911)", None),
        (
            "Title: The Long Room\nAuthor: Ann Author",
            Metadata("The Long Room", author="Ann Author"),
        ),
        ("# The Long Room\n\nby Ann Author", Metadata("The Long Room", author="Ann Author")),
    ],
)
@pytest.mark.parametrize("heading", ["", "Chapter 1\n\n"])
def test_title_and_author_are_on_the_title_page(
    tmp_path: Path, page: str, expected: Metadata | None, heading: str
) -> None:
    full = Metadata("The Long Room", subtitle="A Novel", author="Ann O'Neill", year="1911")
    text = f"{page}\n\n{heading}{PROSE}\n"
    assert metadata(tmp_path, text, "x.txt") == (expected or full)


@pytest.mark.parametrize(
    "opening",
    [
        PROSE,
        "By the river it rained.",
        "“No.”",
        "It rained\nby the river.",
        "It rained",
        "Contents",
    ],
)
def test_without_a_title_page_the_title_is_the_file_name(tmp_path: Path, opening: str) -> None:
    assert metadata(tmp_path, f"{opening}\n\n{PROSE}\n") == Metadata("The Long Room")


def test_front_matter_precedes_gutenberg_precedes_the_title_page(tmp_path: Path) -> None:
    text = (
        "---\nauthor: From Block\n---\nTitle: From\n   Header\nAuthor: X\nLanguage: English\n\n"
        "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nProduced by Someone\nand others\n\n"
        f"FROM PAGE\n\nby Y\n\n(1900)\n\nChapter 1\n\n{PROSE}\n\n"
        "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n\nLicence.\n"
    )
    expected = Metadata("From Header", author="From Block", language="en", year="1900")
    assert metadata(tmp_path, text) == expected
    assert metadata(tmp_path, text.replace("\n", "\r\n")) == expected


def test_given_metadata_precede_all_others(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text(f"---\ntitle: Of the Text\nauthor: A. One\n---\n\n{PROSE}\n")
    given = {"title": "As Given", "year": "1900"}
    assert read(path, given).metadata == Metadata("As Given", author="A. One", year="1900")


@pytest.mark.parametrize(
    ("capitals", "tidy"),
    [
        ("THE MAN OF THE HOUSE.", "The Man of the House"),
        ("ANN'S LAMP: A TALE OF WHAT IS TO COME", "Ann's Lamp: A Tale of What Is to Come"),
        ("BOOK II OF THE O'NEILLS", "Book II of the O'Neills"),
        ("C. S. AUTHOR, JR.", "C. S. Author, Jr."),
        ("A HALF-LIT ROOM", "A Half-Lit Room"),
        ("The LAMP", "The LAMP"),
        ("X", "X"),
    ],
)
def test_capitals_become_title_case(capitals: str, tidy: str) -> None:
    assert title_case.tidy(capitals) == tidy


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("the_long-room", "The Long Room"),
        ("Ann's Lamp", "Ann's Lamp"),
        ("__", "Untitled"),
        ("03_The Rain", "03 The Rain"),
        ("don't_go", "Don't Go"),
        ("a  b__c", "A B C"),
    ],
)
def test_a_file_name_becomes_a_title(stem: str, title: str) -> None:
    assert title_case.from_stem(stem) == title
