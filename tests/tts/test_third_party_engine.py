"""An engine of somebody else's, in a package of its own that names it in its entry points."""

import json
from pathlib import Path

import pytest

from conftest import Fullcast, organ_site

ENGINE = """
from pipeline.model.clip import Clip
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines.tone import Tone
from pathlib import Path

class Organ:
    name = "organ"
    fingerprint = "organ 1"

    def voices(self):
        model = Path(__file__).with_name("pipes.bin").read_text()
        return [
            VoiceInfo("great", "Great", "en", None, "CC BY-NC 4.0", model=model),
            VoiceInfo("swell", "Swell", "en", None, "CC BY 4.0"),
        ]

    def speak(self, text, voice):
        with Path(__file__).with_name("said.txt").open("a") as said:
            said.write(f"{voice.id}: {text}\\n")
        return Tone().speak(text, Tone_voice(voice))

def Tone_voice(voice):
    from dataclasses import replace
    return replace(voice, engine="tone", id="low")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = organ_site(tmp_path, ENGINE)
    (site / "pipes.bin").write_text("pipes of 1720")
    return site


@pytest.fixture
def organ(program: Fullcast, folder: Path, site: Path) -> Fullcast:
    """The command where the engine is installed, with a book cast for it."""
    cast = "engine: organ\nnarrator: {voice: swell}\n"
    cast += "characters:\n  Mara: {voice: great}\n  Tom: {engine: tone, voice: low}\n"
    (folder / "voices.yaml").write_text(cast)

    def run(*arguments: str, **environment: str):
        return program(*arguments, PYTHONPATH=str(site), **environment)

    return run


def test_it_is_listed_with_its_voices(organ: Fullcast) -> None:
    listed = json.loads(organ("voices", "--engine", "organ", "--json").stdout)
    assert [voice["id"] for voice in listed] == ["great", "swell"]
    assert "engine organ: organ 1; 2 voices" in organ("doctor").stdout


def test_it_speaks_its_roles_of_a_book(organ: Fullcast, folder: Path, site: Path) -> None:
    run = organ("render", "lamp.txt", "-o", "lamp.flac")
    assert (run.returncode, run.stdout) == (0, "lamp.flac\n"), run.stderr
    said = (site / "said.txt").read_text()
    assert "great: Who is there?" in said
    assert "swell: Mara put down the lamp." in said
    assert "I am rowing" not in said  # Tom's, by another engine


def test_a_licence_without_commerce_is_told_once_in_one_line(organ: Fullcast) -> None:
    run = organ("render", "lamp.txt", "--quiet")
    (line,) = (line for line in run.stderr.splitlines() if "not for commercial use" in line)
    assert "great (organ, CC BY-NC 4.0)" in line
    assert "swell" not in line


def test_another_model_speaks_its_own_lines_anew_and_no_others(organ: Fullcast, site: Path) -> None:
    """Its file is part of the key of its clips, whatever the engine's fingerprint says."""
    assert organ("render", "lamp.txt", "--quiet").returncode == 0
    (site / "said.txt").unlink()
    (site / "pipes.bin").write_text("pipes of 1850")
    assert organ("render", "lamp.txt", "--quiet").returncode == 0
    assert {line.partition(":")[0] for line in (site / "said.txt").read_text().splitlines()} == {
        "great"
    }
