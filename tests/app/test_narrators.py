"""The narrator's tag where nobody is named."""

from pathlib import Path

import pytest

from conftest import Fullcast
from pipeline.app.narrators import narrators
from pipeline.export.tags import tagging
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import registry

HEART = (Voice("hibari", "heart"), VoiceInfo("heart", "Heart, American", "en-us"))
JOE = (Voice("piper", "en_US-joe-medium"), VoiceInfo("en_US-joe-medium", "Joe", "en-us"))
ESPEAK = (
    Voice("pyttsx3", "gmw/en-us"),
    VoiceInfo(
        "gmw/en-us",
        "English (America)",
        "en-us",
        variants=("+f3",),
        formant=True,
        product="eSpeak NG",
    ),
)
CROWD = [
    (Voice("kokoro", f"af_{name}"), VoiceInfo(f"af_{name}", f"{name.title()}, American", "en-us"))
    for name in ("bella", "nova", "river", "sky")
]
VCTK = VoiceInfo("vctk", "Vctk", "en-gb", variants=("#p225", "#p226"))
SEMAINE = VoiceInfo("semaine", "Semaine", "en-gb", variants=("#poppy", "#spike"))
HFC = VoiceInfo("en_US-hfc_female-medium", "Hfc_female", "en-us")
ZIRA = VoiceInfo(
    "HKEY/ZIRA",
    "Microsoft Zira Desktop - English (United States)",
    "en-us",
    product="Windows",
)


def narrators_of(*voices: tuple[Voice, VoiceInfo | None]) -> str:
    return narrators(
        [voice for voice, _ in voices], {(voice.engine, voice.id): info for voice, info in voices}
    )


@pytest.mark.parametrize(
    ("voices", "text"),
    [
        ([HEART], "Heart (hibari)"),
        ([HEART, JOE], "Heart (hibari) & Joe (piper)"),
        ([ESPEAK], "Synthetic voice (eSpeak NG)"),
        ([ESPEAK, (Voice("pyttsx3", "gmw/en-us+f3"), ESPEAK[1])], "Synthetic voices (eSpeak NG)"),
        ([HEART, ESPEAK], "Heart (hibari) & synthetic voice (eSpeak NG)"),
        (CROWD[:3], "Bella (kokoro) & Nova (kokoro) & River (kokoro)"),
        (CROWD, "4 voices (kokoro)"),
        ([JOE, *CROWD], "Joe (piper) & 4 voices (kokoro)"),
        ([(Voice("piper", "vctk#p226"), VCTK)], "Vctk (piper)"),
        ([(Voice("piper", f"vctk#p22{n}"), VCTK) for n in (5, 6)], "Vctk (piper)"),
        ([(Voice("piper", "semaine#poppy"), SEMAINE)], "Poppy (piper)"),
        ([(Voice("piper", "en_US-hfc_female-medium"), HFC)], "Hfc female (piper)"),
        ([(Voice("pyttsx3", "HKEY/ZIRA"), ZIRA)], "Microsoft Zira Desktop (Windows)"),
        ([(Voice("organ", None), None)], "Synthetic voice (organ)"),
        ([(Voice("organ", "x/y-1"), None)], "Synthetic voice (organ)"),
        ([(Voice("organ", None), VoiceInfo("pipe", "Pipe, Old & Loud", "en"))], "Pipe (organ)"),
    ],
)
def test_voices_are_named_as_a_person_would(
    voices: list[tuple[Voice, VoiceInfo]], text: str
) -> None:
    """Never with a comma, a slash or a semicolon, at which libraries split names."""
    assert narrators_of(*voices) == text
    assert not set(text) & set(",;/")


def test_a_voice_with_several_settings_is_named_once() -> None:
    """A shifted pitch makes another role, not another person."""
    shifted = Voice("hibari", "heart", shift=-4.0, rate=150)
    assert narrators_of(HEART, (shifted, HEART[1])) == "Heart (hibari)"


def test_a_book_names_its_voices_the_narrator_first(fullcast: Fullcast, folder: Path) -> None:
    """Although a character speaks before the narrator does."""
    (folder / "lamp.txt").write_text('"Row," said Mara.\n\n"I am rowing," said Tom.\n')
    assert fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--quiet").returncode == 0
    texts = tagging.read(folder / "lamp.mp3").texts
    assert texts["narrator"] == "Even (tone) & High (tone) & Low (tone)"


def test_a_named_narrator_is_kept(fullcast: Fullcast, folder: Path) -> None:
    run = fullcast("render", "lamp.txt", "-o", "lamp.mp3", "--quiet", "--narrator", "Ann, Bo")
    assert run.returncode == 0
    assert tagging.read(folder / "lamp.mp3").texts["narrator"] == "Ann, Bo"


@pytest.mark.parametrize("engine", ["hibari", "kokoro", "piper", "pyttsx3"])
def test_no_installed_voice_is_named_by_its_id(engine: str) -> None:
    if not registry.is_installed(engine):
        pytest.skip(f"{engine} is not installed: {registry.install_command(engine)}")
    for info in registry.voices(engine):
        for voice in (info.id, *(info.id + variant for variant in info.variants[:3])):
            name = narrators_of((Voice(engine, voice), info)).rpartition(" (")[0]
            assert name
            assert voice not in name
            assert not set(name) & set("/_#+")
