"""`fullcast cast`: who is missing is added, and told on stderr."""

from pathlib import Path

from conftest import BOOK, CAST, Fullcast
from pipeline.cast import load


def test_who_is_missing_is_added(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: tone\ncharacters:\n  Tom: {voice: low}\n")
    run = fullcast("cast", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "found 2 characters, 1 of them there already; wrote voices.yaml" in run.stderr
    cast = load(folder / "voices.yaml", ["tone"])
    assert [c.name for c in cast.characters] == ["Tom", "Mara"]
    assert cast.roles["Tom"].voice.id == "low"


def test_a_second_run_adds_nothing(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").unlink()
    assert fullcast("cast", "lamp.txt").returncode == 0
    first = (folder / "voices.yaml").read_bytes()
    again = fullcast("cast", "lamp.txt")
    assert "all are in voices.yaml already" in again.stderr
    assert (folder / "voices.yaml").read_bytes() == first
    assert b"lines, such as" in first


def test_a_full_cast_stays_to_the_letter(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("cast", "lamp.txt").returncode == 0
    assert (folder / "voices.yaml").read_text() == CAST


def test_a_mistake_is_told_and_nothing_written(fullcast: Fullcast, folder: Path) -> None:
    broken = "characters:\n  Mara: {gender: mael}\n"
    (folder / "voices.yaml").write_text(broken)
    run = fullcast("cast", "lamp.txt")
    assert run.returncode == 1
    assert "voices.yaml:2:" in run.stderr
    assert (folder / "voices.yaml").read_text() == broken


def test_another_cast_may_be_named(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("cast", "lamp.txt", "--voices", "other.yaml")
    assert run.stdout == "other.yaml\n"
    assert {c.name for c in load(folder / "other.yaml", ["pyttsx3"]).characters} == {"Mara", "Tom"}
    assert (folder / "lamp.txt").read_text() == BOOK
