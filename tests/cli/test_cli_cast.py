"""`fullcast cast`: missing characters are added, and reported on stderr."""

from pathlib import Path

from conftest import BOOK, CAST, Fullcast
from pipeline.casting.voices_file.loading import load


def test_a_missing_character_is_added(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("engine: tone\ncharacters:\n  Tom: {voice: low}\n")
    run = fullcast("cast", "lamp.txt")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "found 2 characters, 1 of them already in the cast; wrote voices.yaml" in run.stderr
    cast = load(folder / "voices.yaml", ["tone"])
    assert [c.name for c in cast.characters] == ["Tom", "Mara"]
    assert cast.roles["Tom"].voice.id == "low"


def test_a_second_run_adds_nothing(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").unlink()
    assert fullcast("cast", "lamp.txt").returncode == 0
    first = (folder / "voices.yaml").read_bytes()
    again = fullcast("cast", "lamp.txt")
    assert ", all already in voices.yaml" in again.stderr
    assert (folder / "voices.yaml").read_bytes() == first
    assert b"lines, such as" in first


def test_a_complete_cast_keeps_its_bytes(fullcast: Fullcast, folder: Path) -> None:
    assert fullcast("cast", "lamp.txt").returncode == 0
    assert (folder / "voices.yaml").read_text() == CAST


def test_a_mistake_is_reported_and_nothing_written(fullcast: Fullcast, folder: Path) -> None:
    broken = "characters:\n  Mara: {gender: mael}\n"
    (folder / "voices.yaml").write_text(broken)
    run = fullcast("cast", "lamp.txt")
    assert run.returncode == 1
    assert "voices.yaml:2:" in run.stderr
    assert (folder / "voices.yaml").read_text() == broken


def test_another_cast_can_be_named(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("cast", "lamp.txt", "--voices", "other.yaml")
    assert run.stdout == "other.yaml\n"
    assert {c.name for c in load(folder / "other.yaml", ["pyttsx3"]).characters} == {
        "Mara",
        "Tom",
    }
    assert (folder / "lamp.txt").read_text() == BOOK


def test_render_without_a_cast_finds_and_writes_it(fullcast: Fullcast, folder: Path) -> None:
    """A script and a dry run write nothing; the first render does, the second uses it."""
    (folder / "voices.yaml").unlink()
    for arguments in (("script", "lamp.txt", "--json"), ("render", "lamp.txt", "--dry-run")):
        run = fullcast(*arguments)
        assert run.returncode == 0, run.stderr
        assert not (folder / "voices.yaml").exists()
    assert '"speaker": "Mara"' in fullcast("script", "lamp.txt", "--json").stdout
    run = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert (run.returncode, run.stdout) == (0, "lamp.flac\n"), run.stderr
    assert "found 2 characters; wrote voices.yaml" in run.stderr
    assert {c.name for c in load(folder / "voices.yaml", ["pyttsx3"]).characters} == {
        "Mara",
        "Tom",
    }
    again = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert "found" not in again.stderr
    assert " 0 new clips" in again.stderr


def test_an_empty_cast_is_filled_in_place(fullcast: Fullcast, folder: Path) -> None:
    (folder / "voices.yaml").write_text("# mine\nengine: tone\ncharacters: {}\n")
    run = fullcast("render", "lamp.txt", "-o", "lamp.flac")
    assert run.returncode == 0, run.stderr
    assert "wrote voices.yaml" in run.stderr
    assert (folder / "voices.yaml").read_text().startswith("# mine\nengine: tone\ncharacters:\n")


SCRIPT = """Title: The Lamp

INT. QUAY - NIGHT

MARA (V.O.)
Who is there?

@Old  Tom
Only me, and nobody else, I should think.

MARA
Come in.

@mara
Sit down.

@TOM
I sit.

@NARRATOR
They waited.

@B\x07d
Nobody can write my name.
"""


def test_the_speakers_of_a_script_are_added(fullcast: Fullcast, folder: Path) -> None:
    """By the name in the cue, whatever its letter case; then all but one are in the cast."""
    (folder / "lamp.fountain").write_text(SCRIPT)
    (folder / "voices.yaml").write_text("engine: tone\ncharacters:\n  Thomas: {aliases: [Tom]}\n")
    run = fullcast("cast", "lamp.fountain")
    assert (run.returncode, run.stdout) == (0, "voices.yaml\n"), run.stderr
    assert "found 3 characters, 1 of them already in the cast; wrote voices.yaml" in run.stderr
    written = (folder / "voices.yaml").read_text()
    assert '  # 3 lines, such as "Who is there?"\n  MARA: {}\n  # 1 line, such as "Only' in written
    cast = load(folder / "voices.yaml", ["tone"])
    assert [c.name for c in cast.characters] == ["Thomas", "MARA", "Old Tom"]
    assert ", all already in voices.yaml" in fullcast("cast", "lamp.fountain").stderr
    script = fullcast("script", "lamp.fountain", "--json")
    assert (script.returncode, script.stderr.count("is not in the cast")) == (0, 1)


def test_a_script_without_a_cast_gets_one(fullcast: Fullcast, folder: Path) -> None:
    (folder / "lamp.fountain").write_text(SCRIPT)
    run = fullcast("cast", "lamp.fountain", "--voices", "other.yaml")
    assert run.returncode == 0, run.stderr
    names = [c.name for c in load(folder / "other.yaml", ["pyttsx3"]).characters]
    assert names == ["MARA", "Old Tom", "TOM"]
