"""`fullcast chapters` and `fullcast text`, and the choice of sections on the command line."""

import json
from pathlib import Path

import pytest
from epubs import Epub, page

from conftest import Fullcast

PAGES = {
    "t.xhtml": page("<h1>The Ferry</h1><p>Ann Author</p>"),
    "a.xhtml": page(
        "<h2>Rain</h2><p>It rained all day.<a href='#n1'>[1]</a></p><p id='n1'>In May.</p>"
    ),
    "b.xhtml": page("<h2>Snow</h2><p>It snowed.</p>"),
    "i.xhtml": page("<h2>Index</h2><p>ferries, 12</p>"),
}


@pytest.fixture
def epub(folder: Path) -> Path:
    return Epub(PAGES).write(folder / "ferry.epub")


def test_sections_are_listed(fullcast: Fullcast, epub: Path) -> None:
    run = fullcast("chapters", epub.name)
    assert [" ".join(line.split()) for line in run.stdout.splitlines()] == [
        "title words time read",
        "1 The Ferry 4 2 s no: title page",
        "2 Rain 5 2 s chapter 1, without 2 words of notes and the like",
        "3 Snow 3 1 s chapter 2",
        "4 Index 3 1 s no: index",
    ]
    assert run.stderr == "2 of 4 sections read: 8 words, about 3 s\n"


def test_sections_are_listed_as_json(fullcast: Fullcast, epub: Path) -> None:
    run = fullcast("chapters", epub.name, "--json", "--include", "index", "--exclude", "2")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(row["number"], row["read"], row["reason"], row["chapter"]) for row in rows] == [
        (1, False, "title page", None),
        (2, False, "excluded", None),
        (3, True, None, 1),
        (4, True, None, 2),
    ]


def test_the_chapters_of_plain_text_and_of_scripts(fullcast: Fullcast, folder: Path) -> None:
    assert "1  Chapter 1. The Quay" in fullcast("chapters", "lamp.txt").stdout
    (folder / "play.fountain").write_text("# One\n\n@Tom\nHello there.\n\n# Two\n\nRain.\n")
    rows = [line.split() for line in fullcast("chapters", "play.fountain").stdout.splitlines()]
    assert [row[-2:] for row in rows[1:]] == [["chapter", "1"], ["chapter", "2"]]
    run = fullcast("chapters", "play.fountain", "--exclude", "one")
    assert "no: excluded" in run.stdout


def test_a_section_that_is_none_is_reported(fullcast: Fullcast, epub: Path) -> None:
    run = fullcast("chapters", epub.name, "--exclude", "7")
    assert run.returncode == 1
    assert run.stderr == (
        "fullcast: ferry.epub: no section 7: the book has 4; "
        "list them with `fullcast chapters ferry.epub`\n"
    )


CHOICES = [
    ("exclude: 2", (), [3]),
    ("exclude: [Snow]", (), [2]),
    ("exclude: [2-3], include: [1, index]", (), [1, 4]),
    ("exclude: [2, 3]", ("--include", "3"), [3]),
    ("include: [4], exclude: [2]", ("--exclude", "4"), [3]),
]


@pytest.mark.parametrize(("setting", "given", "read"), CHOICES)
def test_a_choice_is_kept_in_the_settings_and_overridden_by_options(
    fullcast: Fullcast,
    epub: Path,
    folder: Path,
    setting: str,
    given: tuple[str, ...],
    read: list[int],
) -> None:
    (folder / "voices.yaml").write_text(f"engine: tone\nsections: {{{setting}}}\n")
    run = fullcast("chapters", epub.name, "--json", *given)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert [row["number"] for row in rows if row["read"]] == read
    script = fullcast("script", epub.name, "--json", *given).stdout
    assert len({json.loads(line)["chapter"] for line in script.splitlines()}) == len(read)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("[1,\n  Snwo]", "3: no section is named 'Snwo'; did you mean 'Snow'"),
        ("[1,\n  9]", "3: no section 9: the book has 4"),
    ],
)
def test_a_mistake_in_a_choice_is_reported_with_file_and_line(
    fullcast: Fullcast, epub: Path, folder: Path, setting: str, message: str
) -> None:
    (folder / "voices.yaml").write_text(f"engine: tone\nsections: {{exclude: {setting}}}\n")
    run = fullcast("chapters", epub.name)
    assert run.returncode == 1
    assert f"voices.yaml:{message}" in run.stderr


def test_the_text_is_written(fullcast: Fullcast, epub: Path, folder: Path) -> None:
    printed = fullcast("text", epub.name).stdout
    assert printed.startswith("The Ferry\n\nAnn Author\n\nRain\n\nIt rained all day.\n\n")
    run = fullcast("text", epub.name, "-o", "ferry.txt")
    assert run.stdout == "ferry.txt\n"
    assert (folder / "ferry.txt").read_text(encoding="utf-8") == printed
    refused = fullcast("text", "lamp.txt", "-o", "lamp.txt")
    assert (refused.returncode, "is the book itself" in refused.stderr) == (1, True)


def test_headings_of_the_producers_own(fullcast: Fullcast, folder: Path) -> None:
    book = folder / "logs.txt"
    book.write_text("Log 1\n\nIt rained.\n\nLog 2\n\nIt snowed.\n", encoding="utf-8")
    assert "Log 2" in fullcast("chapters", str(book), "--heading", r"^Log \d").stdout
    for command in ("script", "cast"):
        assert fullcast(command, str(book), "--heading", r"^Log \d").returncode == 0
    bad = fullcast("chapters", str(book), "--heading", "(")
    assert (bad.returncode, "not a regular expression" in bad.stderr) == (2, True)
    none = fullcast("chapters", str(book), "--heading", "^Day")
    assert (none.returncode, "no line" in none.stderr) == (1, True)


def test_converted_text_is_read_repaired_with_the_offsets_of_the_file(
    fullcast: Fullcast, folder: Path
) -> None:
    text = "&quot;The lan-\ntern,&quot; said Ann.2 Nobody\n\n17\n\nmoved.\n"
    book = folder / "converted.txt"
    book.write_text(text, encoding="utf-8")
    result = fullcast("script", str(book), "--json")
    parts = [json.loads(line) for line in result.stdout.splitlines()]
    assert [part["text"] for part in parts] == ["The lantern,", "said Ann. Nobody moved."]
    source = [text[part["start"] : part["end"]] for part in parts]
    assert source == ["The lan-\ntern,", "said Ann.2 Nobody\n\n17\n\nmoved."]
    assert "repaired: 2 entities" in result.stderr
    assert fullcast("text", str(book)).stdout == text


@pytest.mark.parametrize("setting", ["[Rain]", "[2]"])
def test_a_script_has_the_sections_chosen_when_it_was_written(
    folder: Path, fullcast: Fullcast, epub: Path, setting: str
) -> None:
    """Section 2 of the book is not chapter 2 of its script, and a title is not there any more."""
    (folder / "voices.yaml").write_text(
        f"engine: tone\nsections: {{exclude: {setting}, include: [Index]}}\n"
    )
    assert fullcast("script", epub.name, "-o", "ferry.fountain").returncode == 0
    run = fullcast("chapters", "ferry.fountain", "--json")
    sections = [json.loads(line) for line in run.stdout.splitlines()]
    assert [section["title"] for section in sections] == ["Snow", "Index"]
    assert all(section["chapter"] for section in sections)
    run = fullcast("render", "ferry.fountain", "--dry-run", "--exclude", "Index")
    assert run.returncode == 0, run.stderr
    assert "in 'Snow'" in run.stdout


def test_the_choice_holds_for_a_script_by_somebody_else(folder: Path, fullcast: Fullcast) -> None:
    (folder / "voices.yaml").write_text("engine: tone\nsections: {exclude: [No Such]}\n")
    (folder / "play.fountain").write_text("Title: Play\n\n# One\n\n@Ann\nHello.\n")
    assert "no section is named 'No Such'" in fullcast("chapters", "play.fountain").stderr
