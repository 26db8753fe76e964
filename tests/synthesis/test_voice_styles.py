"""Styles of voices: from the text and voices.yaml to what an engine is asked for."""

from pathlib import Path

import pytest

from pipeline.casting.auto_casting import cast_roles
from pipeline.casting.voices_file.loading import load
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line
from pipeline.model.voice import VoiceInfo
from pipeline.synthesis.takes import TakeMaker

INFOS = [
    VoiceInfo("actor", "Actor", "en", rates=(90, 300), styles=("whispered", "angry", "Cheerfully")),
    VoiceInfo("reader", "Reader", "en", rates=(90, 300)),
]
CAST = """
engine: stage
narrator: {voice: reader}
characters:
  Ida: {voice: actor, rate: 150, pitch: 50, style: cheerfully}
  Ned: {voice: reader, rate: 150, pitch: 50, style: coldly}
"""


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    path = tmp_path / "voices.yaml"
    path.write_text(CAST)
    read = load(path, ["stage"], lambda _: INFOS)
    return cast_roles(read, lambda _: INFOS, {})


@pytest.mark.parametrize(
    ("speaker", "delivery", "style", "rate", "pitch"),
    [
        ("Ida", "whispering", "whispered", 150, 50),  # in the style of the voice: nothing is bent
        ("Ida", None, "Cheerfully", 150, 50),  # in that of the role
        ("Ida", "slowly", None, 128, 50),  # which the voice has no style for
        ("Ned", "whispering", None, 138, 44),
        ("Ned", None, None, 140, 43),  # coldly
        ("narrator", None, None, 165, None),
    ],
)
def test_an_engine_is_asked_for_the_style_or_else_for_rate_and_pitch(
    cast: Cast,
    speaker: str,
    delivery: str | None,
    style: str | None,
    rate: int,
    pitch: int | None,
) -> None:
    fingerprints = {("stage", info.id): "stage 1" for info in INFOS}
    line = Line("Nobody moved.", speaker, Kind.SPEECH, 1, delivery=delivery)
    (take,) = TakeMaker(cast, fingerprints, "en").takes_of(line)
    voice = take.voice
    assert (voice.style, voice.rate, voice.pitch) == (style, rate, pitch)


def test_a_style_changes_recipe_and_clip(cast: Cast) -> None:
    maker = TakeMaker(cast, {("stage", info.id): "stage 1" for info in INFOS}, "en")
    lines = [Line("So.", "Ida", Kind.SPEECH, 1, delivery=name) for name in ("whispering", None)]
    assert maker.recipe(lines[0]) != maker.recipe(lines[1])
    assert len({take.key for line in lines for take in maker.takes_of(line)}) == 2
