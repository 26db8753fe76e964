"""Casts of several engines, and `--engine`: who may have which voice, and whose is shifted."""

import json
from pathlib import Path

import pytest
from cast_files import write_cast

from pipeline.casting import voice_advice as voice_advice_module
from pipeline.casting.auto_casting import audible_settings, cast_roles
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.similarity import BANDS, Voiceprint, known_voiceprint
from pipeline.casting.voice_advice import voice_advice
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError, EngineError
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line, Script
from pipeline.model.voice import Voice, VoiceInfo

PRINT = Voiceprint(200.0, (0.0,) * BANDS)
ENGINES = ("hibari", "kokoro", "organ", "piper", "pyttsx3")


def infos(*ids: str) -> list[VoiceInfo]:
    """Return American voices of people, a woman for each id that begins with f."""
    genders = {"f": "female", "m": "male"}
    return [VoiceInfo(i, i.title(), "en-us", genders[i[0]], rates=(80, 350)) for i in ids]


OFFERED = {
    "hibari": infos("f1"),
    "kokoro": infos("fa", "fb", "fc", "ma", "mb", "mc"),
    "piper": infos("m1"),
    "pyttsx3": [VoiceInfo("x", "X", "en-us", "male", variants=("+f1", "+m1"), formant=True)],
}


def voices_of(engine: str) -> list[VoiceInfo]:
    if engine not in OFFERED:
        raise EngineError.of(f"{engine} is not installed")
    return OFFERED[engine]


def cast_of(folder: Path, text: str, wanted: str | None = None) -> Cast:
    return cast_roles(load(write_cast(folder, text), ENGINES, voices_of, wanted), voices_of, {})


def people(men: int, women: int) -> str:
    crowd = {f"Man {n}": {"gender": "male"} for n in range(men)}
    crowd |= {f"Woman {n}": {"gender": "female"} for n in range(women)}
    return f"characters: {json.dumps(crowd)}"


def voices(cast: Cast) -> dict[str, Voice]:
    return {name: role.voice for name, role in cast.roles.items()}


@pytest.mark.parametrize("top", ["engine: auto", "engines: [hibari, kokoro, piper]"])
def test_with_enough_real_voices_nobody_is_shifted_and_each_has_one_alone(tmp_path, top):
    cast = cast_of(tmp_path, f"{top}\n{people(4, 3)}")
    assert cast.narrator.voice == Voice("hibari", "f1")
    assert {(v.shift, v.pitch) for v in voices(cast).values()} == {(0.0, None)}
    assert {v.id[0] for name, v in voices(cast).items() if name.startswith("Man")} == {"m"}
    assert {v.id[0] for name, v in voices(cast).items() if name.startswith("Woman")} == {"f"}
    assert len({(v.engine, v.id) for v in voices(cast).values()}) == 7
    assert {v.engine for v in voices(cast).values()} >= {"kokoro", "piper"}


def test_when_they_run_out_voices_are_shifted_before_they_change_sex(tmp_path):
    cast = cast_of(tmp_path, f"engine: auto\n{people(9, 0)}")
    used = voices(cast).values()
    assert {v.id[0] for v in used} == {"m"}
    assert sum(v.shift == 0 for v in used) >= 4
    assert len({audible_settings(v) for v in used}) == 9


def test_a_narrator_of_the_other_gender_comes_from_the_next_engine(tmp_path):
    cast = cast_of(tmp_path, "engine: auto\nnarrator: {gender: male}\n")
    assert cast.narrator.voice.engine == "kokoro"
    assert cast.narrator.voice.id[0] == "m"


def test_a_list_is_in_the_order_of_preference(tmp_path):
    cast = cast_of(tmp_path, f"engines: [kokoro, hibari]\n{people(2, 2)}")
    assert cast.narrator.voice.engine == "kokoro"
    assert {v.engine for v in voices(cast).values()} <= {"kokoro", "hibari"}


def test_a_voice_named_in_a_pool_is_found_in_its_engine(tmp_path):
    text = (
        "engine: auto\nnarrator: {voice: mb}\ncharacters: {Ann: {voice: m1}, Bo: {engine: piper}}"
    )
    cast = cast_of(tmp_path, text)
    assert cast.narrator.voice == Voice("kokoro", "mb")
    assert cast.roles["Ann"].voice == Voice("piper", "m1")
    assert cast.roles["Bo"].voice.engine == "piper"


def test_a_child_is_shifted_all_the_same(tmp_path):
    """Nobody's voice is a child's."""
    cast = cast_of(tmp_path, "engine: auto\ncharacters: {Tim: {gender: male, age: child}}")
    assert cast.roles["Tim"].voice.shift > 0 or cast.roles["Tim"].voice.id[0] == "f"


def test_automatic_leaves_out_what_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(OFFERED, "kokoro", [])
    monkeypatch.delitem(OFFERED, "hibari")
    cast = cast_of(tmp_path, f"engine: auto\n{people(1, 0)}")
    assert cast.engines == ()
    assert cast.engine == "piper"


def test_automatic_with_nothing_installed_says_so(tmp_path, monkeypatch):
    for engine in ("hibari", "kokoro", "piper"):
        monkeypatch.delitem(OFFERED, engine)
    cast = cast_of(tmp_path, "engine: auto")
    assert cast.narrator.voice.engine == "pyttsx3"
    (problem,) = voice_advice(cast, Script((), {}), voices_of)
    assert "pip install '.[cast]'" in str(problem)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("engine: auto\nengines: [hibari]", "2: there is 'engine' as well as 'engines'"),
        ("engines: [hibari, kokorro]", "1: .*'kokorro', which is not .*did you mean 'kokoro'"),
        ("engine: aut", "1: .*'aut', which is not installed"),
    ],
)
def test_mistakes_are_reported(tmp_path, text, message):
    with pytest.raises(CastError, match=message):
        load(write_cast(tmp_path, text), ENGINES, voices_of)


NAMED = (
    "engine: pyttsx3\nnarrator: {voice: x, rate: 150}\n"
    "characters:\n"
    "  Ann: {gender: female, voice: x+f1, pitch: 70, volume: 0.5}\n"
    "  Bo: {engine: piper, voice: m1, shift: 1}\n"
)


def test_another_engine_replaces_the_voices_of_the_file_s_own(tmp_path):
    """Rate and volume mean the same in every engine; pitch and shift belonged to the voice."""
    cast = cast_of(tmp_path, NAMED, "kokoro")
    assert (cast.narrator.voice.engine, cast.narrator.voice.rate) == ("kokoro", 150)
    ann = cast.roles["Ann"].voice
    assert (ann.engine, ann.pitch, ann.volume, ann.id[0]) == ("kokoro", None, 0.5, "f")
    assert cast.roles["Bo"].voice == Voice("piper", "m1", shift=1.0)


@pytest.mark.parametrize("wanted", ["pyttsx3", "pyttsx3,kokoro"])
def test_the_file_s_own_engine_keeps_its_voices(tmp_path, wanted):
    cast = cast_of(tmp_path, NAMED, wanted)
    assert cast.narrator.voice == Voice("pyttsx3", "x", 150)
    assert cast.roles["Ann"].voice == Voice("pyttsx3", "x+f1", pitch=70, volume=0.5)


def test_an_unknown_engine_is_reported_with_what_is_known(tmp_path):
    with pytest.raises(CastError, match=r"no engine 'kokro'; did you mean 'kokoro'\?"):
        load(write_cast(tmp_path, NAMED), ENGINES, voices_of, "kokro")


def test_casting_with_another_engine_leaves_the_cached_one_alone(tmp_path):
    """It is for a trial: afterwards the roles sound as before."""
    path = write_cast(tmp_path, f"engine: kokoro\n{people(2, 2)}")
    script = Script((), {})
    before = with_voices(load(path, ENGINES, voices_of), script, voices_of, tmp_path)
    tried = load(path, ENGINES, voices_of, "hibari")
    assert with_voices(tried, script, voices_of, tmp_path).narrator.voice.engine == "hibari"
    write_cast(tmp_path, f"engine: kokoro\n{people(3, 2)}")
    after = with_voices(load(path, ENGINES, voices_of), script, voices_of, tmp_path)
    assert voices(after).items() >= voices(before).items()


def talk(cast: Cast) -> Script:
    return Script(tuple(Line("Yes.", name, Kind.SPEECH, 1) for name in cast.roles), {1: ""})


def test_what_more_voices_would_bring_is_said_once_where_roles_share_one(tmp_path, monkeypatch):
    monkeypatch.setenv("FULLCAST_DATA", str(tmp_path / "data"))
    monkeypatch.setitem(OFFERED, "hibari", infos("f1", "m2"))
    cast = cast_of(tmp_path, f"engine: hibari\n{people(3, 3)}")
    (problem,) = voice_advice(cast, talk(cast), voices_of)
    assert problem.what == "6 roles share 2 voices of hibari"
    assert problem.remedy.startswith("`fullcast voices install hibari` brings 4 more: ")
    alone = cast_of(tmp_path, f"engine: hibari\n{people(1, 0)}")
    assert list(voice_advice(alone, talk(alone), voices_of)) == []
    robots = cast_of(tmp_path, f"engine: pyttsx3\n{people(9, 0)}")
    assert list(voice_advice(robots, talk(robots), voices_of)) == []


def test_where_main_roles_sound_alike_the_richest_engine_is_advised(tmp_path, monkeypatch):
    """Once, whatever the number of pairs, and never where that engine speaks already."""
    monkeypatch.setenv("FULLCAST_DATA", str(tmp_path / "data"))
    same = "engine: pyttsx3\ncharacters: {Ann: {voice: x+f1}, Eve: {voice: x+f1, rate: 170}}"
    cast = cast_of(tmp_path, same)
    monkeypatch.setattr(voice_advice_module, "known_voiceprint", lambda voice: PRINT)
    (problem,) = voice_advice(cast, talk(cast), voices_of)
    assert problem.what == "main roles sound alike in the voices of pyttsx3"
    assert "`fullcast voices install kokoro` (28 English voices" in problem.remedy
    assert problem.remedy.endswith(", then `--engine kokoro`")
    kokoro = "engine: kokoro\ncharacters: {Ann: {voice: fa}, Eve: {voice: fa, rate: 170}}"
    rich = cast_of(tmp_path, kokoro)
    monkeypatch.setattr("pipeline.tts.engines.voice_packs.missing", lambda engine: ())
    assert list(voice_advice(rich, talk(rich), voices_of)) == []
    (problem,) = voice_advice(cast, talk(cast), voices_of)
    assert problem.remedy == "`--engine kokoro`"


def test_one_voice_makes_men_deeper_than_women(tmp_path, monkeypatch):
    """Although it is a woman's: whoever is shifted is heard as what the pitch says."""
    heart = [VoiceInfo("heart", "Heart", "en-us", "female", rates=(80, 350))]
    monkeypatch.setitem(OFFERED, "hibari", heart)
    cast = cast_of(tmp_path, f"engine: hibari\n{people(5, 6)}")
    pitches = {name: known_voiceprint(voice).pitch for name, voice in voices(cast).items()}
    highest_man = max(pitch for name, pitch in pitches.items() if name.startswith("Man"))
    lowest_woman = min(pitch for name, pitch in pitches.items() if name.startswith("Woman"))
    assert highest_man < 160 < lowest_woman
    assert all(abs(voice.shift) <= 6 for voice in voices(cast).values())
