"""Automatic casting: voices that fit, differ between roles in dialogue, and stay the same."""

import json
import os
import re
from itertools import combinations
from pathlib import Path

import pytest
from cast_files import ENGINES, names, voices_of, without_case, write_cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.casting import similarity
from pipeline.casting.auto_casting import audible_settings, cast_roles
from pipeline.casting.casting_cache import CastingCache, with_voices
from pipeline.casting.exchanges import count_exchanges
from pipeline.casting.similarity import LOOKALIKE_DISTANCE, distance, known_voiceprint
from pipeline.casting.voices_file.loading import load
from pipeline.model.age import Age, age_from_names
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line, Script
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import registry

same_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
few = settings(same_file, max_examples=40)
EMPTY = Script((), {})

people = st.lists(
    st.tuples(names, st.sampled_from([None, "male", "female", "neutral"])),
    unique_by=lambda person: without_case(person[0]),
    max_size=40,
)


def read(folder: Path, text: str) -> Cast:
    return load(write_cast(folder, text), ENGINES, voices_of)


def cast_of(folder: Path, people: list[tuple[str, str | None]], top: str = "") -> Cast:
    """Cast people with a name and a gender; `top` goes before them in the file."""
    sheet = {name: {"gender": gender} for name, gender in people}
    cast = read(folder, f"{top}\ncharacters: {json.dumps(sheet)}\n")
    return cast_roles(cast, voices_of, {})


def voices(cast: Cast) -> list[Voice]:
    return [cast.narrator.voice, *(role.voice for role in cast.roles.values())]


def talk(*speakers: str) -> Script:
    return Script(tuple(Line("Yes.", name, Kind.SPEECH, 1) for name in speakers), {1: ""})


def apart(one: Voice, other: Voice) -> float:
    """Return the distance of two known voices."""
    first, second = known_voiceprint(one), known_voiceprint(other)
    assert first
    assert second
    return distance(first, second).total


@few
@given(people, st.sampled_from(["", "narrator: {voice: gmw/en-us}", "engine: tone"]))
def test_roles_get_different_voices_and_the_same_each_time(tmp_path, people, top):
    cast = cast_of(tmp_path, people, top)
    assert len({audible_settings(voice) for voice in voices(cast)}) == len(people) + 1
    assert cast == cast_of(tmp_path, people, top)


@few
@given(people.filter(bool), st.integers(0))
def test_a_character_added_at_the_end_changes_no_other_voice(tmp_path, people, cut):
    some = people[: cut % len(people)]
    fewer, all_of_them = cast_of(tmp_path, some), cast_of(tmp_path, people)
    assert voices(fewer) == voices(all_of_them)[: len(some) + 1]


def test_voices_fit_gender_and_language_and_are_plain_variants(tmp_path):
    people = [(f"{gender} {n}", gender) for gender in ("male", "female") for n in range(12)]
    cast = cast_of(tmp_path, people, "narrator: {voice: gmw/en-us}")
    for name, role in cast.roles.items():
        base, _, variant = role.voice.id.partition("+")
        assert base in ("gmw/en", "gmw/en-us", "gmw/en-gb-scotland")
        assert re.fullmatch("f[1-5]" if name[0] == "f" else "(m[1-8])?", variant)
    same = [role for role in cast.roles.values() if role.voice.id.startswith("gmw/en-us")]
    assert len(same) >= len(cast.roles) / 3  # it is preferred, but no voice is given twice for it


def test_when_voices_run_out_they_are_modified_before_another_language_is_used(tmp_path):
    cast = cast_of(tmp_path, [(str(n), "female") for n in range(60)])
    ids = {role.voice.id for role in cast.roles.values()}
    assert all(re.fullmatch(r"gmw/en(-us|-gb-scotland)?\+f\d", voice) for voice in ids)
    assert len({audible_settings(voice) for voice in voices(cast)}) == 61


def test_a_voice_rate_pitch_or_shift_set_by_hand_is_kept(tmp_path):
    text = (
        "engine: tone\ncharacters:\n"
        "  Ann: {rate: 200, shift: 1}\n  Bob: {rate: 200}\n  Cy: {rate: 200}\n"
        "  Fay: {rate: 200, shift: 1}\n"
        "  Di: {voice: sine, rate: 165}\n  Ed: {voice: sine, rate: 165, volume: 0.5}\n"
    )
    cast = cast_roles(read(tmp_path, text), voices_of, {})
    # Two equal voices are better than a setting that the producer did not ask for.
    assert cast.roles["Ann"].voice == cast.roles["Fay"].voice
    assert cast.roles["Ann"].voice == Voice("tone", "sine", 200, None, 1.0, 1.0)
    assert cast.roles["Bob"].voice.rate == cast.roles["Cy"].voice.rate == 200
    assert cast.roles["Di"].voice == Voice("tone", "sine", 165)
    assert cast.roles["Ed"].voice == Voice("tone", "sine", 165, None, 0.5)


def test_the_narrator_of_a_first_person_book_has_the_gender_of_the_character(tmp_path):
    cast = cast_of(tmp_path, [("Jane", "female")], "narrator: {character: Jane}")
    assert "+f" in cast.narrator.voice.id
    assert cast.narrator.voice == cast.roles["Jane"].voice


@pytest.mark.parametrize(
    ("narrator", "nell", "same"),
    [
        ("{character: Nell}", "{gender: female}", True),
        ("{character: Nell, voice: gmw/en-us}", "{}", True),
        ("{character: Nell}", "{voice: gmw/en-us, pitch: 60}", True),
        ("{character: Nell, voice: gmw/en-us}", "{voice: gmw/en-gb-scotland}", False),
        ("{character: Nell}", "{rate: 140}", False),
        ("{voice: gmw/en-us}", "{}", False),
    ],
)
def test_who_tells_the_book_has_one_voice_unless_the_cast_gives_two(narrator, nell, same, tmp_path):
    text = f"narrator: {narrator}\ncharacters: {{Nell: {nell}, Tom: {{}}}}\n"
    cast = cast_roles(read(tmp_path, text), voices_of, {})
    own, nells, toms = map(audible_settings, voices(cast))
    assert (own == nells) is same
    assert toms not in (own, nells)


def test_each_engine_in_use_is_asked_for_its_voices_once(tmp_path):
    asked = []
    text = "characters: {Ann: {engine: tone}, Bob: {engine: tone}}\n"
    load(write_cast(tmp_path, text), (*ENGINES, "x"), lambda e: asked.append(e) or voices_of(e))
    assert sorted(asked) == ["pyttsx3", "tone"]


def test_an_engine_without_voices_is_cast_with_its_default_voice(tmp_path):
    cast = load(write_cast(tmp_path, "characters: {Ann: , Bob: }"), ENGINES, lambda _: [])
    cast = cast_roles(cast, lambda _: [], {})
    assert {voice.id for voice in voices(cast)} == {None}
    assert cast.narrator.voice == Voice("pyttsx3")
    assert len({audible_settings(voice) for voice in voices(cast)}) == 3


def test_one_voice_is_shifted_to_men_and_women(tmp_path):
    """An engine with a single female voice: men are below 160 Hz, and all differ."""
    heart = [VoiceInfo("heart", "Heart", "en-us", "female")]
    people = "{Tom: {gender: male}, Ann: {gender: female}, Eve: {gender: female}}"
    text = f"engine: hibari\ncharacters: {people}"
    cast = load(write_cast(tmp_path, text), ("hibari",), lambda _: heart)
    cast = cast_roles(cast, lambda _: heart, {})
    assert cast.narrator.voice == Voice("hibari", "heart")
    assert known_voiceprint(cast.roles["Tom"].voice).pitch < 160
    assert min(known_voiceprint(cast.roles[name].voice).pitch for name in ("Ann", "Eve")) > 160
    assert all(apart(a, b) > 0.2 * LOOKALIKE_DISTANCE for a, b in combinations(voices(cast), 2))


def test_a_crowd_with_one_voice_gets_only_rates_within_its_range(tmp_path):
    """Not up to eSpeak NG's limits, which are beyond those of other engines."""
    heart = [VoiceInfo("heart", "Heart", "en-us", "female", rates=(140, 200))]
    crowd = ", ".join(f"Number{n}:" for n in range(150))
    cast = load(
        write_cast(tmp_path, f"engine: hibari\ncharacters: {{{crowd}}}"),
        ("hibari",),
        lambda _: heart,
    )
    rates = {voice.rate for voice in voices(cast_roles(cast, lambda _: heart, {}))}
    assert min(rates) >= 140
    assert max(rates) <= 200


def test_a_rate_set_by_hand_gets_a_voice_that_can_speak_at_it(tmp_path):
    infos = [VoiceInfo("a", "A", "en", rates=(60, 200)), VoiceInfo("b", "B", "en", rates=(90, 360))]
    text = "engine: hibari\ncharacters: {Ann: {rate: 300}, Bob: {rate: 310}, Cid: {rate: 320}}"
    cast = load(write_cast(tmp_path, text), ("hibari",), lambda _: infos)
    cast = cast_roles(cast, lambda _: infos, {})
    assert {cast.roles[name].voice.id for name in ("Ann", "Bob", "Cid")} == {"b"}
    assert cast.roles["Ann"].rates == (90, 360)


def test_roles_that_talk_to_each_other_are_furthest_apart(tmp_path):
    """Of three men, the two who talk are as far apart as any two can be."""
    cast = read(
        tmp_path, "characters: {Al: {gender: male}, Bo: {gender: male}, Cy: {gender: male}}"
    )
    alone = cast_roles(cast, voices_of, {})
    script = talk(*["Al", "Cy"] * 200)
    exchanges = count_exchanges(script, cast)
    assert exchanges == {frozenset(("Al", "Cy")): 399}
    together = cast_roles(cast, voices_of, exchanges)
    distances = [apart(c.roles["Al"].voice, c.roles["Cy"].voice) for c in (together, alone)]
    assert distances[0] >= distances[1]
    assert distances[0] == max(apart(a, b) for a, b in combinations(voices(together), 2))


def test_an_exchange_spans_narration_but_not_chapters(tmp_path):
    cast = read(tmp_path, "characters: {Al: , Bo: }")
    lines = (
        Line("Yes.", "Al", Kind.SPEECH, 1),
        Line("He sat.", "narrator", Kind.NARRATION, 1),
        Line("No.", "Bo", Kind.SPEECH, 1),
        Line("Why?", "Al", Kind.SPEECH, 2),
    )
    assert count_exchanges(Script(lines, {}), cast) == {frozenset(("Al", "Bo")): 1}


@pytest.mark.parametrize(
    ("names", "age"),
    [
        (["the old man"], Age.OLD),
        (["Tom", "the boy"], Age.CHILD),
        (["Granny Smith"], Age.OLD),
        (["old boy"], None),
        (["Mr. Goldman"], None),
    ],
)
def test_names_suggest_an_age(names, age):
    assert age_from_names(names) is age


def test_pitch_and_rate_fit_the_age(tmp_path):
    people = "{Tom: {gender: male, age: child}, Al: {gender: male, age: old}, Bo: {gender: male}}"
    cast = cast_roles(read(tmp_path, f"characters: {people}"), voices_of, {})
    assert known_voiceprint(cast.roles["Tom"].voice).pitch > 215
    assert known_voiceprint(cast.roles["Bo"].voice).pitch < 155
    assert cast.roles["Al"].voice.rate < 165


# Cached casting


def test_an_edit_of_the_cast_changes_no_other_voice(tmp_path):
    """A voice named by hand, a role put first, one taken out: the others keep their voices."""
    names = ["Al", "Bo", "Cy", "Di"]
    first = "characters: {" + ", ".join(f"{n}: {{gender: male}}" for n in names) + "}"
    before = with_voices(read(tmp_path, first), EMPTY, voices_of, tmp_path)
    edited = (
        "characters: {Zed: {gender: male}, Al: {voice: gmw/en-us+f1}, Bo: {gender: male}, "
        "Di: {gender: male, rate: 200}}"
    )
    after = with_voices(read(tmp_path, edited), EMPTY, voices_of, tmp_path)
    assert after.roles["Bo"] == before.roles["Bo"]
    assert after.roles["Di"].voice.id == before.roles["Di"].voice.id
    assert after.roles["Di"].voice.rate == 200
    assert after.roles["Al"].voice.id == "gmw/en-us+f1"
    again = with_voices(read(tmp_path, edited), talk("Bo", "Zed"), voices_of, tmp_path)
    assert voices(again) == voices(after)


def test_a_cached_voice_that_no_longer_fits_is_dropped(tmp_path):
    """Another gender, another engine, or a voice that another role names by now."""
    before = with_voices(
        read(tmp_path, "characters: {Al: {gender: male}, Bo: {gender: male}}"),
        *(EMPTY, voices_of, tmp_path),
    )
    woman = read(tmp_path, "characters: {Al: {gender: female}, Bo: {gender: male}}")
    assert "+f" in with_voices(woman, EMPTY, voices_of, tmp_path, keep=False).roles["Al"].voice.id
    toned = read(tmp_path, "engine: tone\ncharacters: {Al: {gender: male}}")
    assert with_voices(toned, EMPTY, voices_of, tmp_path, False).roles["Al"].voice.engine == "tone"
    bo = before.roles["Bo"].voice
    pitch = f", pitch: {bo.pitch}" if bo.pitch is not None else ""
    taken = f"characters: {{Al: {{voice: {bo.id}, rate: {bo.rate}{pitch}}}, Bo: {{gender: male}}}}"
    assert with_voices(read(tmp_path, taken), EMPTY, voices_of, tmp_path).roles["Bo"].voice != bo


def casting_file(root):
    (file,) = (root / "casts").rglob("*.json")
    return file


def test_damaged_casting_is_ignored(tmp_path):
    cast = read(tmp_path, "characters: {Al: {gender: male}}")
    whole = with_voices(cast, EMPTY, voices_of, tmp_path)
    casting_file(tmp_path).write_bytes(b"{")
    assert CastingCache(tmp_path).voices(cast, voices_of) == {}
    assert with_voices(cast, EMPTY, voices_of, tmp_path) == whole


@pytest.mark.parametrize(
    "casting", [[], {}, {"roles": []}, {"roles": {"al": 1}}, {"roles": {"al": {"voice": {"x": 1}}}}]
)
def test_casting_of_another_version_is_ignored(tmp_path, casting):
    cast = read(tmp_path, "characters: {Al: {gender: male}}")
    whole = with_voices(cast, EMPTY, voices_of, tmp_path)
    file = casting_file(tmp_path)
    CastingCache(tmp_path).write(file.parent.name + file.stem, casting)
    assert CastingCache(tmp_path).voices(cast, voices_of) == {}
    assert with_voices(cast, EMPTY, voices_of, tmp_path) == whole


def test_casting_outlives_pruning_while_its_voices_file_exists(tmp_path):
    """It takes next to no space, and a casting that grew with its book cannot be computed again."""
    cast = read(tmp_path, "characters: {Al: {gender: male}}")
    with_voices(cast, EMPTY, voices_of, tmp_path)
    castings = CastingCache(tmp_path)
    kept = castings.voices(cast, voices_of)
    assert castings.usage().files == 1
    os.utime(casting_file(tmp_path), (0, 0))
    assert castings.prune().files == 0
    assert castings.prune(older_than=3600).files == 0
    assert castings.voices(cast, voices_of) == kept != {}
    cast.path.unlink()
    assert castings.prune(older_than=3600).files == 1
    assert castings.usage().files == 0


def test_every_english_voice_of_espeak_ng_is_in_the_table_of_voiceprints():
    for info in registry.voices("pyttsx3"):
        if info.language.startswith("en") and "shaw" not in info.language:
            assert similarity.known_voiceprint(Voice("pyttsx3", f"{info.id}+f2"))
            assert similarity.known_voiceprint(Voice("pyttsx3", info.id))
