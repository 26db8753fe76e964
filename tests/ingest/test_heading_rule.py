"""A producer's rule for headings, titles that are repeated, and books without headings."""

from pathlib import Path

import pytest
from outlines import spoken, titles

from pipeline.core.errors import SourceError
from pipeline.ingest import heading_rule
from pipeline.ingest.notices import notices
from pipeline.ingest.reader import read

PROSE = "The lamp went out. Nobody in the long room moved, and the rain could be heard again."


def written(folder: Path, *blocks: str, name: str = "book.txt", gap: str = "\n\n") -> Path:
    path = folder / name
    path.write_text(gap.join(PROSE if b == "_" else b for b in blocks) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_chapters_begin_at_lines_that_match(tmp_path: Path, gap: str) -> None:
    path = written(tmp_path, "Log 7 / rain", "_", "Log 9 / snow", "_", "Log on.", "_", gap=gap)
    book = read(path, heading=r"^Log \d+")
    assert titles(book) == ["Log 7 / rain", "Log 9 / snow"]


def test_the_rule_adds_to_the_headings_of_the_book(tmp_path: Path) -> None:
    path = written(tmp_path, "Prologue", "_", "-> one", "_", "2", "_", "3", "_", "-> two", "_")
    assert titles(read(path, heading="^->")) == ["Prologue", "-> one", "-> two"]


@pytest.mark.parametrize(
    ("name", "paragraph"), [("book.md", "{}\n\n"), ("book.html", "<p>{}</p>\n")]
)
def test_the_rule_divides_pages_too(tmp_path: Path, name: str, paragraph: str) -> None:
    blocks = ("The wire, day one", PROSE, "The wire, day two", PROSE)
    path = tmp_path / name
    head = "<!doctype html><html><body>" if name.endswith("html") else ""
    path.write_text(head + "".join(paragraph.format(block) for block in blocks))
    book = read(path, heading="^The wire")
    assert titles(book)[-1] == "The wire, day two"
    assert len(book.chapters) == 2
    assert [len(chapter.paragraphs) for chapter in book.chapters] == [2, 2]


def test_a_rule_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no line of at most 120 characters matches"):
        read(written(tmp_path, "Log 7", "_"), heading="^Day")


def test_a_catastrophic_rule_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heading_rule, "_SECONDS", 0.5)
    with pytest.raises(SourceError, match="takes too long"):
        read(written(tmp_path, "a" * 60, "_"), heading="^(a+)+$b")


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?P<x", ".*", "a?"])
def test_what_is_no_usable_expression_is_explained(pattern: str) -> None:
    assert heading_rule.problem(pattern)
    assert heading_rule.problem("^Log") is None


@pytest.mark.parametrize(
    ("blocks", "read_once"),
    [
        (("Chapter 1: Rain", "Chapter 1: Rain", "_"), ["Chapter 1: Rain"]),
        (("CHAPTER 1", "Chapter 1.", "_"), ["CHAPTER 1"]),
        (("Chapter 1", "Chapter 1: Rain", "_"), ["Chapter 1: Rain"]),
        (("Chapter 1: Rain", "Rain", "_"), ["Chapter 1: Rain"]),
        (("Prologue", "PROLOGUE", "_"), ["Prologue"]),
        (("Chapter 1\nChapter 1", "_"), ["Chapter 1"]),
    ],
)
def test_a_title_that_is_there_twice_is_read_once(
    tmp_path: Path, blocks: tuple[str, ...], read_once: list[str]
) -> None:
    book = read(written(tmp_path, *blocks, "Chapter 2", "_"))
    assert spoken(book) == [*read_once, PROSE, "Chapter 2", PROSE]
    assert titles(book) == [*read_once, "Chapter 2"]


def test_titles_that_differ_are_both_read(tmp_path: Path) -> None:
    path = written(tmp_path, "Part 1", "Chapter 1", "Rain.", "_", "Chapter 12", "Chapter 13", "_")
    assert spoken(read(path)) == [
        *("Part 1", "Chapter 1", "Rain.", PROSE, "Chapter 12", "Chapter 13", PROSE)
    ]


def test_a_long_text_without_headings_is_reported(tmp_path: Path) -> None:
    scenes = [block for number in range(90) for block in (f"-> {number}", *["_"] * 5)]
    (problem,) = notices(read(written(tmp_path, *scenes)))
    assert "-> 0' (90 times)" in problem.what
    assert "--heading REGEX" in (problem.remedy or "")
    assert not list(notices(read(written(tmp_path, *scenes[:60]))))
    assert not list(notices(read(written(tmp_path, *scenes), heading="^->")))
