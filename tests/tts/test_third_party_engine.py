"""An engine in a package of its own, found by its entry point."""

import json
from pathlib import Path

import pytest

from conftest import Fullcast, engine_site

ENGINE = """
from dataclasses import replace
from pathlib import Path

from pipeline.tts.engines import Clip, Voice, VoiceInfo
from pipeline.tts.engines.tone import Tone

class Organ:
    name = "organ"
    fingerprint = "organ 1"

    def voices(self):
        model = Path(__file__).with_name("pipes.bin").read_text()
        return [
            VoiceInfo("great", "Great", "en", None, "CC BY-NC 4.0", model=model),
            VoiceInfo("swell", "Swell", "en", None, "CC BY 4.0"),
        ]

    def speak(self, text: str, voice: Voice) -> Clip:
        with Path(__file__).with_name("spoken.txt").open("a") as log:
            log.write(f"{voice.id}: {text}\\n")
        return Tone().speak(text, replace(voice, engine="tone", id="low"))
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = engine_site(tmp_path, ENGINE)
    (site / "pipes.bin").write_text("pipes of 1720")
    return site


@pytest.fixture
def organ(program: Fullcast, folder: Path, site: Path) -> Fullcast:
    """The command with the engine installed, and a cast that uses it."""
    cast = "engine: organ\nnarrator: {voice: swell}\n"
    cast += "characters:\n  Mara: {voice: great}\n  Tom: {engine: tone, voice: low}\n"
    (folder / "voices.yaml").write_text(cast)

    def run(*arguments: str, **environment: str):
        return program(*arguments, PYTHONPATH=str(site), **environment)

    return run


def test_engine_is_listed_with_its_voices(organ: Fullcast) -> None:
    listed = json.loads(organ("voices", "--engine", "organ", "--json").stdout)
    assert [voice["id"] for voice in listed] == ["great", "swell"]
    assert "engine organ: organ 1; 2 voices" in organ("doctor").stdout


def test_engine_speaks_its_roles(organ: Fullcast, folder: Path, site: Path) -> None:
    run = organ("render", "lamp.txt", "-o", "lamp.flac")
    assert (run.returncode, run.stdout) == (0, "lamp.flac\n"), run.stderr
    spoken = (site / "spoken.txt").read_text()
    assert "great: Who is there?" in spoken
    assert "swell: Mara put down the lamp." in spoken
    assert "I am rowing" not in spoken  # Tom has another engine


def test_non_commercial_licence_is_reported_once(organ: Fullcast) -> None:
    run = organ("render", "lamp.txt", "--quiet")
    (line,) = (line for line in run.stderr.splitlines() if "not for commercial use" in line)
    assert "great (organ, CC BY-NC 4.0)" in line
    assert "swell" not in line


def test_changed_model_resynthesises_only_its_lines(organ: Fullcast, site: Path) -> None:
    """The model is part of the keys of its clips, beside the engine's fingerprint."""
    assert organ("render", "lamp.txt", "--quiet").returncode == 0
    (site / "spoken.txt").unlink()
    (site / "pipes.bin").write_text("pipes of 1850")
    assert organ("render", "lamp.txt", "--quiet").returncode == 0
    assert {line.partition(":")[0] for line in (site / "spoken.txt").read_text().splitlines()} == {
        "great"
    }
