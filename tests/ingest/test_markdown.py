"""Markdown: its marks are not read, its words are."""

from pathlib import Path

import pytest
from outlines import spoken, titles

from pipeline.core.errors import SourceError
from pipeline.ingest.reader import read


def paragraphs(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "book.md"
    path.write_text(text, encoding="utf-8")
    return spoken(read(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It *was* __late__, ~~very~~ `late`.", ["It was late, very late."]),
        ("See [the map](http://a.example/b) ![a map](m.png).", ["See the map ."]),
        ("Rain.[^1]\n\n[^1]: A note.", ["Rain."]),
        ("One\n\n***\n\ntwo\n\n* * *\n\nthree", ["One", "***", "two", "***", "three"]),
        ("- one\n- two\n\n1. three\n2. four", ["one", "two", "three", "four"]),
        ("1986. It was summer.", ["1986. It was summer."]),
        ("> Dear Ann,\n> come.", ["Dear Ann, come."]),
        ("| A | B |\n|---|---|\n| c | d |", ["A, B", "c, d"]),
        ("    “Indented,” she said.\n\nSnow.", ["“Indented,” she said.", "Snow."]),
        ("Rain,\\\nsnow &amp; \\*hail\\*.", ["Rain,\nsnow & *hail*."]),
        ("A <span class='x'>s</span>pan.", ["A span."]),
    ],
)
def test_blocks(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert [
        " ".join(p.split()) if "\\" not in text else p for p in paragraphs(tmp_path, text)
    ] == expected


def test_front_matter_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "book.md"
    path.write_text(
        "---\ntitle: The Ferry\nauthor: A. B.\n---\nOne\n===\n\nRain.\n\n# Two #\n\nSnow.\n"
    )
    book = read(path)
    assert titles(book) == ["One", "Two"]
    assert spoken(book) == ["One", "Rain.", "Two", "Snow."]
    assert (book.metadata.title, book.metadata.author) == ("The Ferry", "A. B.")


def test_an_empty_book_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing to read aloud"):
        paragraphs(tmp_path, "![cover](c.png)\n")
