"""eSpeak NG gives the same audio for a text, whatever was spoken before."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines.espeak_state import make_reset
from pipeline.tts.engines.pyttsx3 import Pyttsx3

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG is Linux's engine here")

TEXT = "The ferry would not sail before the fog had lifted, and the fog was in no hurry at all."
BEFORE = ("", "Yes.", "Why? Nobody said.", "One two three four five six seven.", "A", "Hm, no.")
OTHER = Voice("pyttsx3", "gmw/en-gb-scotland+f2", rate=220, pitch=70)


@pytest.fixture(scope="module")
def engine() -> Pyttsx3:
    return Pyttsx3()


def clips_after_each(engine: Pyttsx3, voice: Voice) -> list[Clip]:
    """Return clips of TEXT, each after another text was spoken."""
    clips = []
    for before in BEFORE:
        if before:
            engine.speak(before, OTHER)
        clips.append(engine.speak(TEXT, voice))
    return clips


@pytest.mark.parametrize("name", ["gmw/en", "gmw/en-us+m3", "gmw/en+f4", "gmw/en+whisper"])
def test_previous_text_changes_no_sample(engine: Pyttsx3, name: str) -> None:
    assert len(set(clips_after_each(engine, Voice("pyttsx3", name)))) == 1


def test_previous_text_does_not_change_length_of_klatt_voices(engine: Pyttsx3) -> None:
    """Their noise has its own generator; chapter marks depend only on their lengths."""
    clips = clips_after_each(engine, Voice("pyttsx3", "gmw/en+klatt2"))
    assert len({clip.frames for clip in clips}) == 1


def test_reset_is_still_needed() -> None:
    """Without it clips differ; once they do not, `espeak_state` can be removed."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import pipeline.tts.engines.espeak_state as state\n"
        "state.make_reset = lambda library: (lambda: None)\n"
        "from test_espeak_state import *\n"
        "print(len(set(clips_after_each(Pyttsx3(), Voice('pyttsx3', 'gmw/en')))))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(run.stdout) > 1


def test_library_without_symbols_is_left_alone(tmp_path: Path) -> None:
    """It still works; only its phases are not reset."""
    import espeakng_loader

    stripped = tmp_path / "libespeak-ng.so"
    content = Path(espeakng_loader.get_library_path()).read_bytes()
    stripped.write_bytes(content.replace(b"Flutter_ix", b"flutter_xx"))
    make_reset(stripped)()
