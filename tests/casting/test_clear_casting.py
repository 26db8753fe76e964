"""Automatic casting by clarity, quality and a verifier's ear, over made-up catalogues of voices."""

import random
from itertools import combinations

import pytest
from cast_files import write_cast

from pipeline.casting import similarity
from pipeline.casting import voice_figures as figures
from pipeline.casting.auto_casting import cast_roles
from pipeline.casting.similarity import distance, known_voiceprint
from pipeline.casting.voices_file.loading import load
from pipeline.model.voice import Voice, VoiceInfo

SIZE = 24
Entry = tuple[str, str, float, float, list[float]]
"""Id, gender, words wrong, quality and embedding."""


def axis(number: int, towards: int | None = None, share: float = 0.0) -> list[float]:
    """Return a unit vector along an axis, or turned by a share towards another."""
    vector = [0.0] * SIZE
    vector[number] = 1 - share
    if towards is not None:
        vector[towards] += share
    length = sum(x * x for x in vector) ** 0.5
    return [x / length for x in vector]


@pytest.fixture
def cast_with(tmp_path, monkeypatch):
    """Return a function that casts people, as name and gender, with a catalogue of voices."""
    caches = (
        *(figures.voice_figures, figures._rows, figures._usual, figures._shift_loss),
        similarity.known_voiceprint,
    )

    def cast(catalogue: list[Entry], people: dict[str, str]) -> dict[str, Voice]:
        table = {"viol": {v[0]: [[50, 0, v[2], v[3], 1, *v[4]]] for v in catalogue}}
        monkeypatch.setattr(figures, "table", lambda: table)
        monkeypatch.setattr(similarity, "_table", lambda: prints(catalogue))
        for cached in caches:
            cached.cache_clear()
        infos = [VoiceInfo(voice[0], voice[0], "en", voice[1]) for voice in catalogue]
        sheet = ", ".join(f"{name}: {{gender: {gender}}}" for name, gender in people.items())
        path = write_cast(tmp_path, f"engine: viol\ncharacters: {{{sheet}}}")
        done = cast_roles(load(path, ("viol",), lambda _: infos), lambda _: infos, {})
        return {role.name: role.voice for role in (done.narrator, *done.roles.values())}

    yield cast
    for cached in caches:
        cached.cache_clear()


def prints(catalogue: list[Entry]):
    """Return a table of voiceprints: men at 110 Hz, women at 210, all of one spectrum."""
    pitches = {voice[0]: 110.0 if voice[1] == "male" else 210.0 for voice in catalogue}
    flat = [0.0] * similarity.BANDS
    return {"viol": {"voices": {voice: [hertz, *flat] for voice, hertz in pitches.items()}}}


def crowd(men: int, women: int) -> dict[str, str]:
    return {f"M{n}": "male" for n in range(men)} | {f"W{n}": "female" for n in range(women)}


def random_catalogue(seed: int) -> list[Entry]:
    """Return 24 voices, clear and unclear, some of them close to others."""
    draw = random.Random(seed)
    return [
        (
            f"v{n}",
            draw.choice(["male", "female"]),
            draw.choice([1.0, 5.0, 12.0, 16.0, 28.0, 42.0]),
            draw.uniform(3.0, 4.6),
            axis(n, draw.randrange(SIZE), draw.choice([0.0, 0.0, 0.5])),
        )
        for n in range(SIZE)
    ]


def apart(first: Voice, second: Voice) -> float:
    return distance(known_voiceprint(first), known_voiceprint(second)).total


@pytest.mark.parametrize("seed", range(12))
def test_no_unclear_voice_is_given_while_a_clear_and_distinct_one_is_free(cast_with, seed):
    catalogue = random_catalogue(seed)
    people = crowd(4, 4)
    cast = cast_with(catalogue, people)
    wrong = {voice[0]: voice[2] for voice in catalogue}
    used = {voice.id for voice in cast.values()}
    for name, voice in cast.items():
        if wrong[voice.id] <= 15:
            continue
        free = [
            Voice("viol", entry[0])
            for entry in catalogue
            if entry[2] <= 15 and entry[0] not in used and entry[1] == people.get(name, entry[1])
        ]
        others = [other for other in cast.values() if other is not voice]
        assert not [v for v in free if all(apart(v, other) > 1.3 for other in others)], name


@pytest.mark.parametrize("seed", range(12))
def test_nobody_has_a_voice_of_the_other_gender_while_there_is_one_of_the_right(cast_with, seed):
    catalogue = random_catalogue(seed)
    gender = {voice[0]: voice[1] for voice in catalogue}
    cast = cast_with(catalogue, crowd(14, 14))
    for name, voice in cast.items():
        if name != "narrator":
            assert gender[voice.id] == ("male" if name.startswith("M") else "female")


def test_with_voices_enough_nobody_is_shifted_and_no_voice_given_twice(cast_with):
    """Some of them sound much like others, which is better than one voice twice."""
    catalogue = [
        (f"v{n}", "male" if n % 2 else "female", 2.0, 4.4, axis(n, (n + 2) % SIZE, 0.4))
        for n in range(SIZE)
    ]
    cast = cast_with(catalogue, crowd(11, 11))
    assert len({voice.id for voice in cast.values()}) == 23
    assert {voice.shift for voice in cast.values()} == {0}


def test_the_narrator_and_who_comes_first_get_the_clearest_voices(cast_with):
    clear, fair = ("clear", "male", 1.0, 4.5), ("fair", "male", 12.0, 3.4)
    catalogue = [(*fair, axis(0)), (*clear, axis(1)), ("good", "male", 4.0, 4.2, axis(2))]
    cast = cast_with(catalogue, crowd(2, 0))
    assert [voice.id for voice in cast.values()] == ["clear", "good", "fair"]


@pytest.mark.parametrize(("wrong", "expected"), [(22.0, "rough"), (80.0, "twin")])
def test_a_voice_like_another_is_worse_than_one_that_is_hard_to_follow(cast_with, wrong, expected):
    """Unless hardly anything of it is followed."""
    catalogue = [
        ("first", "male", 1.0, 4.5, axis(0)),
        ("twin", "male", 3.0, 4.4, axis(0, 1, 0.25)),
        ("rough", "male", wrong, 4.0, axis(2)),
    ]
    cast = cast_with(catalogue, crowd(1, 0))
    assert 0.3 < apart(Voice("viol", "first"), Voice("viol", "twin")) < 1
    assert [voice.id for voice in cast.values()] == ["first", expected]


def test_a_whisperer_is_cast_after_all_others_even_shifted_ones(cast_with):
    catalogue = [(f"v{n}", "female", 1.0, 4.5, axis(n)) for n in range(4)]
    catalogue.append(("hush", "female", 1.0, 1.8, axis(9)))
    cast = cast_with(catalogue, crowd(0, 8))
    assert "hush" not in {voice.id for voice in cast.values()}
    assert any(voice.shift for voice in cast.values())


@pytest.mark.parametrize("copies", [0, 1, 2])
def test_as_many_roles_as_there_are_speakers_are_all_told_apart(cast_with, copies):
    """Whatever the order of the catalogue, and however many voices sound like another."""
    catalogue = [
        (f"v{n}-{copy}", "male" if n % 2 else "female", 3.0, 4.3, axis(n, 23, 0.05 * copy))
        for n in range(11)
        for copy in range(copies + 1)
    ]
    random.Random(copies).shuffle(catalogue)
    cast = cast_with(catalogue, crowd(4, 5))
    assert min(apart(a, b) for a, b in combinations(cast.values(), 2)) > 1.3


def test_a_shift_that_spoils_a_voice_is_not_used(cast_with, monkeypatch):
    catalogue = [("only", "female", 2.0, 4.4, axis(0))]
    monkeypatch.setattr(figures, "_SHIFT_LOSS", 0.5)  # points a semitone
    cast = cast_with(catalogue, crowd(0, 6))
    assert {abs(voice.shift) for voice in cast.values()} == {0, 1.5}
