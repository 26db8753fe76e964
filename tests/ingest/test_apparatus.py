"""What plain text writes out besides its story: contents, notes, copyright, an index."""

from pathlib import Path

import pytest
from outlines import spoken, titles, unread

from pipeline.ingest.reader import read
from pipeline.ingest.selection import SectionChoice, sections_of, select
from pipeline.model.book import Book

PROSE = "The ferry was late again, and nobody on the quay had thought to bring a lamp or any bread."


def omitted(book: Book) -> list[str]:
    """Return what is left out within the sections of a book."""
    return [book.text[p.start : p.end] for s in sections_of(book) for p in s.omitted]


def read_text(folder: Path, text: str) -> Book:
    path = folder / "a.txt"
    path.write_text(text, "utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("mark", "body"),
    [
        (".[7]", "[7] See the log of the harbour."),
        (".*", "* A kind of barge."),
        (".\u2020", "\u2020 Two guineas then."),
        (".\u00b9", "\u00b9 Since drained."),
        (".4", "Note 4: It was a Tuesday."),
        (".[2]", "[Footnote 2: The lamp was\nof tin.]"),
    ],
)
def test_a_note_is_not_read_where_its_mark_is(tmp_path: Path, mark: str, body: str) -> None:
    book = read_text(tmp_path, f"Chapter 1\n\nIt rained on the quay{mark}\n\n{body}\n\n{PROSE}\n")
    assert spoken(book) == ["Chapter 1", "It rained on the quay.", PROSE]
    assert omitted(book) == [body]


@pytest.mark.parametrize(
    "items", ["* bread\n\n* salt", "1. Bread.\n\n2. Salt.", "(1) Bread\n\n(2) Salt", "[7] Bread"]
)
def test_a_list_without_marks_is_read(tmp_path: Path, items: str) -> None:
    book = read_text(tmp_path, f"Chapter 1\n\n{PROSE}\n\n{items}\n\n{PROSE}\n")
    assert spoken(book) == ["Chapter 1", PROSE, *items.split("\n\n"), PROSE]
    assert not omitted(book)


def test_notes_in_round_brackets_have_marks_in_other_paragraphs(tmp_path: Path) -> None:
    text = (
        f"Chapter 1\n\nThe bell (1) rang.\n\n{PROSE} (2)\n\n(1) Now in Leeds.\n\n(2) Or salt.\n\n"
        "Chapter 2\n\nThere were (1) the stairs and (2) the window.\n"
    )
    book = read_text(tmp_path, text)
    assert "The bell rang." in spoken(book)
    assert omitted(book) == ["(1) Now in Leeds.", "(2) Or salt."]
    assert spoken(book)[-1] == "There were (1) the stairs and (2) the window."


def test_notes_at_the_end_are_a_section_that_can_be_included(tmp_path: Path) -> None:
    text = (
        f"Chapter 1\n\n{PROSE}[1]\n\nChapter 2\n\n{PROSE}[2]\n\nENDNOTES\n\nChapter 1\n\n"
        "1. See the log.\n\nChapter 2\n\n1. See above.\n"
    )
    book = read_text(tmp_path, text)
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert unread(book) == {"ENDNOTES": "notes"}
    assert "1. See above." in spoken(select(book, SectionChoice(include=("endnotes",))))


def test_the_contents_are_not_read_and_name_the_chapters(tmp_path: Path) -> None:
    names = ("The Quay", "A Light on the Bar", "Home")
    chapters = "".join(f"{name}\n\n{PROSE}\n\n" for name in names)
    book = read_text(tmp_path, "Harbour\n\nContents\n\n" + "\n\n".join(names) + "\n\n" + chapters)
    assert titles(book) == [*names]
    assert spoken(book).count("Home") == 1
    assert omitted(book) == ["Contents", *names]


def test_a_refrain_is_no_table_of_contents(tmp_path: Path) -> None:
    song = "Row the boat\n\nDown to the sea\n\nDown again to the sea\n\n"
    book = read_text(tmp_path, f"{song}{PROSE}\n\n{song}{PROSE}\n")
    assert " ".join(spoken(book)).count("Row the boat") == 2


def test_a_copyright_notice_and_an_index_are_not_read(tmp_path: Path) -> None:
    notice = "Copyright \u00a9 2019 Ines Corvo. All rights reserved."
    text = f"{notice}\n\nChapter 1\n\n{PROSE}\n\nINDEX\n\nbread, 3, 40\n\nquay, 12\n"
    book = read_text(tmp_path, text)
    assert spoken(book) == ["Chapter 1", PROSE]
    assert unread(book) == {"INDEX": "index"}
    assert omitted(book) == [notice]


@pytest.mark.parametrize("title", ["Ember", "EMBER"])
def test_a_chapter_with_the_title_of_the_book_is_a_chapter(tmp_path: Path, title: str) -> None:
    text = (
        f"---\ntitle: Ember\n---\n\n# {title}\n\n{PROSE}\n\n# Ash\n\n{PROSE}\n\n# Smoke\n\nRain.\n"
    )
    path = tmp_path / "a.md"
    path.write_text(text, "utf-8")
    assert titles(read(path)) == [title, "Ash", "Smoke"]


def test_a_row_of_paragraphs_in_cells_is_read_as_a_row(tmp_path: Path) -> None:
    cells = "".join(f"<td><p></p><p>{x}</p></td>" for x in ("Keeper", "From"))
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><p>A.</p><table><tr>{cells}</tr></table></body></html>")
    assert spoken(read(path)) == ["A.", "Keeper, From"]


def test_long_cells_are_columns_of_text(tmp_path: Path) -> None:
    cells = "".join(f"<td><p>{PROSE * 4}</p></td>" for _ in range(2))
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><table><tr>{cells}</tr></table></body></html>")
    assert spoken(read(path)) == [PROSE * 4] * 2
