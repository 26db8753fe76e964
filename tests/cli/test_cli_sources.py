"""Several files, a folder and standard input as SOURCE on the command line."""

import io
import json
import sys
from pathlib import Path

import pytest

from conftest import BOOK, Fullcast


@pytest.fixture
def chapters(folder: Path) -> Path:
    """The folder's book as a folder of chapters."""
    one, two = BOOK.partition("---\nChapter 1")[2].split("Chapter 2")
    (folder / "lamp").mkdir()
    (folder / "lamp" / "ch2.txt").write_text(f"Chapter 1{one}")
    (folder / "lamp" / "ch10.md").write_text(f"# Chapter 2{two}")
    return folder / "lamp"


def lines(run: object) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in run.stdout.splitlines()]  # type: ignore[attr-defined]
    return [(row["speaker"], row["text"]) for row in rows]


@pytest.mark.usefixtures("chapters")
def test_a_folder_is_read_as_its_files_are(fullcast: Fullcast) -> None:
    script = lines(fullcast("script", "--json", "lamp/"))
    assert script == lines(fullcast("script", "--json", "lamp/ch2.txt", "lamp/ch10.md"))
    assert script == lines(fullcast("script", "--json", "lamp.txt"))


@pytest.mark.usefixtures("chapters")
def test_offsets_count_in_the_text_of_the_folder(fullcast: Fullcast) -> None:
    text = fullcast("text", "lamp").stdout
    rows = [json.loads(line) for line in fullcast("script", "--json", "lamp").stdout.splitlines()]
    assert [" ".join(text[r["start"] : r["end"]].split()) for r in rows] == [
        r["text"] for r in rows
    ]


def test_after_an_edit_only_its_chapter_is_rendered_again(
    fullcast: Fullcast, chapters: Path
) -> None:
    assert fullcast("render", "lamp", "--quiet").stdout == "output/lamp.m4b\n"
    assert "to encode: nothing" in fullcast("render", "lamp", "--dry-run").stdout
    with (chapters / "ch10.md").open("a") as file:
        file.write("\n\nThey rowed on.\n")
    plan = fullcast("render", "lamp", "--dry-run").stdout
    assert "to speak: 1 line," in plan
    assert "in 'Chapter 2. The Boat'" in plan


@pytest.mark.usefixtures("chapters")
def test_corrections_of_a_folder_are_kept(fullcast: Fullcast, folder: Path) -> None:
    script = folder / "lamp" / "lamp.fountain"
    assert fullcast("script", "lamp", "-o", "lamp/lamp.fountain").returncode == 0
    script.write_text(script.read_text().replace("@Tom\nI am", "@Mara\nI am"))
    run = fullcast("script", "lamp", "-o", "lamp/lamp.fountain")
    assert "corrections kept: 1" in run.stderr
    assert "@Mara\nI am" in script.read_text()


@pytest.mark.usefixtures("chapters")
def test_a_chapter_is_not_overwritten(fullcast: Fullcast) -> None:
    for command in (["text"], ["script"], ["script", "--json"]):
        run = fullcast(*command, "lamp", "-o", "lamp/ch10.md")
        assert (run.returncode, "is the book itself" in run.stderr) == (1, True)


def test_doubts_are_placed_in_their_file(fullcast: Fullcast, chapters: Path) -> None:
    (chapters / "ch11.txt").write_text("Nobody moved.\n\n“Oars,” somebody said.\n\n“Rain.”\n")
    run = fullcast("script", "lamp", "--doubtful")
    assert {line.partition(": ")[0] for line in run.stdout.splitlines()} <= {
        "lamp/ch11.txt:3",
        "lamp/ch11.txt:5",
    }
    assert run.stdout


def test_files_that_are_left_out_are_reported(fullcast: Fullcast, chapters: Path) -> None:
    (chapters / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    for command in (["chapters"], ["render", "--dry-run"]):
        assert "not chapters, so not read: cover.jpg" in fullcast(*command, "lamp").stderr


def test_a_book_is_piped_through(fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(text: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        run = fullcast(*arguments)
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert pipe(BOOK, "text", "-") == BOOK
    assert "Chapter 2. The Boat" in pipe(BOOK, "chapters", "-")
    assert pipe(BOOK, "cast", "-") == "voices.yaml\n"
    script = pipe(BOOK, "script", "-")
    assert script == fullcast("script", "lamp.txt").stdout
    assert pipe(script, "render", "-", "-o", "x.wav", "--quiet") == "x.wav\n"
    assert pipe(BOOK, "render", "-", "--quiet") == "output/book.m4b\n"


def test_nothing_is_piped_in(fullcast: Fullcast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    run = fullcast("render", "-")
    assert (run.returncode, run.stdout) == (1, "")
    assert "standard input: is empty; pipe a book into it" in run.stderr
