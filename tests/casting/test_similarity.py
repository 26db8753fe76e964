"""Voice similarity, measured on synthetic signals and on engines' voices."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from conftest import ROOT
from pipeline.casting import voice_figures
from pipeline.casting.lookalikes import lookalike_problems, lookalikes, main_roles
from pipeline.casting.similarity import (
    BANDS,
    LOOKALIKE_DISTANCE,
    Voiceprint,
    band_centres,
    coordinates,
    distance,
    known_voiceprint,
    verifier_coordinates,
)
from pipeline.casting.voice_figures import SAME_SPEAKER
from pipeline.casting.voiceprint import measure
from pipeline.casting.voices_file.loading import load
from pipeline.model.cast import Cast, Role
from pipeline.model.characters import NARRATOR, Character
from pipeline.model.clip import Clip
from pipeline.model.script import Kind, Line, Script
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry

RATE = 22_050
OTHER = (
    "Nobody had told the children that the boat would leave at nine, so they still had breakfast.",
    "Their uncle laughed, put on his hat, and said that the sea had waited for better people.",
    "Is it far to the island? Far enough, he answered, though one can see the lighthouse from it.",
)


def buzz(hertz: float, rate: int = RATE, seconds: float = 2.0, tilt: float = 1.0) -> Clip:
    """Return a tone with all harmonics, the nth with an amplitude of 1 / n ** tilt."""
    time = np.arange(round(seconds * rate)) / rate
    numbers = np.arange(1, int(7_000 / hertz))
    wave = sum(np.sin(2 * np.pi * hertz * n * time + n * n) / n**tilt for n in numbers)
    return Clip((wave / np.abs(wave).max() * 20_000).astype("<i2").tobytes(), rate)


def measured(voice: Voice, texts: tuple[str, ...] = PASSAGE) -> Voiceprint:
    return measure([registry.speak(voice.engine, text, voice) for text in texts])


@pytest.mark.parametrize("hertz", [65, 100, 147.5, 220, 310, 480])
@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000])
def test_the_pitch_of_a_known_tone_is_measured(hertz, rate):
    """Within a tenth of a semitone, without octave errors."""
    assert abs(12 * np.log2(measure([buzz(hertz, rate)]).pitch / hertz)) < 0.1


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(1).normal(0, 5_000, RATE).astype("<i2")
    assert measure([Clip(noise.tobytes(), RATE)]).pitch == 0
    for clips in ([], [Clip(bytes(RATE), RATE)], [Clip(b"", RATE)]):
        silent = measure(clips)
        assert (silent.pitch, silent.spectrum) == (0, (0.0,) * BANDS)
        assert distance(silent, silent).total == 0


def test_the_spectrum_is_independent_of_the_level():
    """Harmonics that fall by 12 dB an octave differ by 6 from those that fall by 6."""
    one, other = measure([buzz(110)]), measure([buzz(110, tilt=2.0)])
    octaves = np.log2(np.array(band_centres()))
    slope = np.polyfit(octaves[3:-2], np.subtract(one.spectrum, other.spectrum)[3:-2], 1)[0]
    assert 5 < slope < 7
    louder = measure([Clip((np.frombuffer(buzz(110).pcm, "<i2") // 2).tobytes(), RATE)])
    assert distance(one, louder).decibels < 0.2


def test_distances_have_units_and_a_euclidean_sum():
    flat = Voiceprint(100, (0.0,) * BANDS)
    higher = Voiceprint(200, (3.0, -3.0) * (BANDS // 2))
    apart = distance(flat, higher)
    assert (apart.semitones, apart.decibels) == (12, 3)
    assert apart == distance(higher, flat)
    assert apart.total == pytest.approx(
        np.linalg.norm(np.subtract(coordinates(flat), coordinates(higher)))
    )
    assert str(apart) == "12.0 semitones, 3.0 dB"


def test_a_verifier_that_knows_both_voices_decides():
    """At its threshold the distance is that of lookalikes, whatever pitch and spectrum are."""
    at = math.acos(SAME_SPEAKER)
    one = Voiceprint(100, (0.0,) * BANDS, (1.0, 0.0))
    other = Voiceprint(300, (9.0, -9.0) * (BANDS // 2), (math.cos(at), math.sin(at)))
    assert distance(one, other).total == pytest.approx(LOOKALIKE_DISTANCE)
    assert distance(one, replace(other, embedding=one.embedding)).total == 0
    assert distance(one, replace(other, embedding=())).total > 2


@pytest.mark.parametrize("engine", ["hibari", "kokoro", "pyttsx3"])
def test_points_in_the_verifiers_space_are_as_far_apart_as_it_says(engine):
    ids = list(voice_figures.table()[engine])[:9]
    prints = [known_voiceprint(Voice(engine, voice)) for voice in ids]
    for one, other in combinations(prints, 2):
        points = verifier_coordinates(one), verifier_coordinates(other)
        assert math.dist(*points) == pytest.approx(distance(one, other).total, abs=1e-6)


def test_the_pace_of_a_voice_does_not_make_it_another():
    slow, fast = (known_voiceprint(Voice("pyttsx3", "gmw/en-us", rate)) for rate in (120, 240))
    assert distance(slow, fast).total == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("voice", ["gmw/en", "gmw/en-us+f2", "gmw/en-us+m3"])
def test_a_voice_is_similar_to_itself_with_another_text_but_not_to_others(voice):
    own = measured(Voice("pyttsx3", voice))
    assert distance(own, measured(Voice("pyttsx3", voice), OTHER)).total < LOOKALIKE_DISTANCE
    assert distance(own, measured(Voice("pyttsx3", "gmw/en-us+m8"))).total > LOOKALIKE_DISTANCE


@pytest.mark.parametrize(
    "voice",
    [
        Voice("pyttsx3", "gmw/en-us"),
        Voice("pyttsx3", "gmw/en+f3", 152, 74),
        Voice("pyttsx3", "gmw/en+m4", 165, 26),
        Voice("pyttsx3", "gmw/en-us+f2", shift=-5),
        Voice("pyttsx3", "gmw/en-us+m3", 178, shift=4),
    ],
)
def test_the_computed_effect_of_settings_is_close_to_the_measured_one(voice):
    """Close enough to pass for the same voice."""
    assert distance(known_voiceprint(voice), measured(voice)).total < 0.8 * LOOKALIKE_DISTANCE


def test_a_voice_without_measurements_has_no_known_voiceprint():
    assert known_voiceprint(Voice("tone", "low")) is None


# Lookalikes


def cast_of(tmp_path, teller=None, **voices: Voice) -> Cast:
    people = {name: Character(name) for name in voices}
    roles = {name: Role(name, voice, people[name]) for name, voice in voices.items()}
    narrator = Role("narrator", Voice("pyttsx3", "gmw/en"), people.get(teller))
    return Cast(tmp_path / "voices.yaml", narrator, roles, {}, {}, first_person=teller)


def talk(**times: int) -> Script:
    lines = [Line("They sat.", NARRATOR, Kind.NARRATION, 1)]
    lines += [Line("Yes.", name, Kind.SPEECH, 1) for name, n in times.items() for _ in range(n)]
    return Script(tuple(lines), {1: ""})


def test_main_roles_that_sound_alike_are_reported_with_a_remedy(tmp_path):
    near = Voice("pyttsx3", "gmw/en-us+f2", pitch=54)
    cast = cast_of(tmp_path, Ann=Voice("pyttsx3", "gmw/en-us+f2"), Eve=near)
    (problem,) = lookalike_problems(cast, talk(Ann=5, Eve=5), known_voiceprint)
    assert problem.what.startswith("'Ann' and 'Eve' sound alike: 0.7 semitones, 0.0 dB, similarity")
    assert problem.file == cast.path
    assert problem.remedy == "give 'Eve' another voice"
    apart = {"Ann": Voice("kokoro", "af_heart"), "Eve": Voice("kokoro", "bf_emma")}
    assert not list(lookalikes(cast_of(tmp_path, **apart), talk(Ann=5, Eve=5), known_voiceprint))


def test_of_many_pairs_the_closest_are_named_and_the_others_counted(tmp_path):
    names = {f"N{n}": 5 for n in range(5)}
    cast = cast_of(tmp_path, **dict.fromkeys(names, Voice("hibari", "heart")))
    problems = list(lookalike_problems(cast, talk(**names), known_voiceprint))
    assert [problem.what.split(":")[0] for problem in problems] == [
        "'N0' and 'N1' sound alike",
        "'N0' and 'N2' sound alike",
        "'N0' and 'N3' sound alike",
        "'N0' and 'N4' sound alike",
        "6 other pairs of main roles sound alike too",
    ]


def test_minor_roles_and_the_first_person_narrator_are_not_compared(tmp_path):
    same = Voice("pyttsx3", "gmw/en")
    cast = cast_of(tmp_path, Ann=Voice("pyttsx3", "gmw/en-us+f2"), Eve=same)
    assert not list(lookalikes(cast, talk(Ann=500, Eve=1), known_voiceprint))
    assert len(list(lookalikes(cast, talk(Ann=5, Eve=5), known_voiceprint))) == 1
    telling = cast_of(tmp_path, "Eve", Ann=Voice("pyttsx3", "gmw/en-us+f2"), Eve=same)
    assert not list(lookalikes(telling, talk(Ann=5, Eve=5), known_voiceprint))


def test_the_main_roles_are_the_narrator_and_those_with_most_speeches(tmp_path):
    names = {f"N{n}": 20 + n for n in range(14)}
    cast = cast_of(tmp_path, **dict.fromkeys(names, Voice("pyttsx3")))
    roles = main_roles(cast, talk(**names))
    assert [role.name for role in roles] == ["narrator", *(f"N{n}" for n in range(13, 3, -1))]
    assert main_roles(cast, Script((), {})) == [cast.narrator]


def test_the_voices_of_the_cast_in_the_package_are_told_apart():
    cast = load(ROOT / "voices.yaml", ["pyttsx3"])
    roles = (cast.narrator, *cast.roles.values())
    assert [role.name for role in roles] == ["narrator", "Bruce", "Joker"]
    prints = [known_voiceprint(role.voice) for role in roles]
    assert min(distance(a, b).total for a, b in combinations(prints, 2)) > LOOKALIKE_DISTANCE


def test_cast_and_render_warn_of_lookalikes(fullcast, folder):
    """The engine is not in the table: its voices are measured on the passage."""
    people = "{Mara: {voice: high}, Tom: {voice: high}}"
    text = f"engine: tone\nnarrator: {{voice: even}}\ncharacters: {people}\n"
    (folder / "voices.yaml").write_text(text, encoding="utf-8")
    for arguments in (("cast", "lamp.txt"), ("render", "lamp.txt", "-o", "lamp.wav")):
        done = fullcast(*arguments)
        assert done.returncode == 0
        assert " ".join(done.stderr.split()).count("'Tom' and 'Mara' sound alike") == 1
