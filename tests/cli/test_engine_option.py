"""`--engine`: a whole cast of another engine in one line."""

import re
from pathlib import Path

import pytest

from conftest import Fullcast
from pipeline.export.tags import tagging
from pipeline.synthesis import engine_speeds


def test_a_new_cast_is_made_for_the_engine(fullcast: Fullcast, folder: Path) -> None:
    """So that every later command has the same voices."""
    (folder / "voices.yaml").unlink()
    run = fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--quiet", "--engine", "tone")
    assert run.returncode == 0, run.stderr
    written = (folder / "voices.yaml").read_text()
    assert "engine: tone\nnarrator: {}\n" in written
    assert tagging.read(folder / "lamp.mp3").texts["narrator"].endswith("(tone)")
    again = fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--dry-run").stdout
    assert "to speak: 0 lines" in again


def test_a_cast_that_exists_is_left_as_it_is(fullcast: Fullcast, folder: Path) -> None:
    before = (folder / "voices.yaml").read_bytes()
    run = fullcast("render", "lamp.txt", "--dry-run", "--engine", "pyttsx3")
    assert run.returncode == 0, run.stderr
    assert "tone:" not in run.stdout
    assert "narrator  pyttsx3:" in run.stdout
    assert (folder / "voices.yaml").read_bytes() == before


def test_several_engines_are_written_as_a_list(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").unlink()
    run = fullcast("cast", "lamp.txt", "--engine", "tone, pyttsx3")
    assert run.returncode == 0, run.stderr
    assert "engines: [tone, pyttsx3]\n" in (folder / "voices.yaml").read_text()


def test_near_human_in_one_line(
    fullcast: Fullcast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One voice for all roles, shifted apart, and a line on what would bring more."""
    pytest.importorskip("hibari", reason="pip install '.[hibari]'")
    monkeypatch.setenv("FULLCAST_DATA", str(folder / "data"))
    run = fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--engine", "hibari")
    assert run.returncode == 0, run.stderr
    assert (
        run.stderr.count("3 roles share 1 voice of hibari; `fullcast voices install hibari`") == 1
    )
    plan = fullcast("render", "lamp.txt", "--dry-run", "--engine", "hibari").stdout
    assert "to speak: 0 lines" in plan
    (mara,) = (line for line in plan.splitlines() if line.startswith("Mara"))
    (tom,) = (line for line in plan.splitlines() if line.startswith("Tom"))
    assert "shift -" in tom
    assert "hibari:heart" in mara
    assert mara.split(",")[1:] != tom.split(",")[1:]


def test_a_dry_run_foretells_the_time_of_each_engine(
    fullcast: Fullcast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only of those that take some: with eSpeak alone there is nothing to say."""
    (folder / "voices.yaml").write_text(
        "engine: pyttsx3\ncharacters:\n  Mara: {engine: tone}\n  Tom: {engine: tone}\n"
    )
    monkeypatch.setattr(engine_speeds, "_speeds", lambda: {"tone": 0.5, "pyttsx3": 0.1})
    plan = fullcast("render", "lamp.txt", "--dry-run", "--jobs", "2").stdout
    (line,) = (line for line in plan.splitlines() if line.startswith("to speak: "))
    assert re.search(r"; that takes about [\w ]+ on 2 cores: pyttsx3 [\w ]+, tone \d+ s$", line)
    monkeypatch.undo()
    assert "that takes" not in fullcast("render", "lamp.txt", "--dry-run").stdout
