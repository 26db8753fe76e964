"""Genders that only the attribution tells: who speaks beside `he`, and who is called `sir`."""

from pathlib import Path

import pytest

from pipeline.dialogue.characters.identification import IdentifiedCharacter, identify_characters
from pipeline.ingest.reader import read
from pipeline.model.characters import Gender

KITCHEN = """Thivi and Brask had the kitchen to themselves.

"You never called," Thivi said.

"There was no signal," said Brask.

"There was a boat." {She} cut the bread. "Boats have radios."

"It was wet, Thivi."

{Her} knife stopped. "You have been wet before."

"Not like that," said Brask.
"""


def identify(tmp_path: Path, text: str) -> dict[str, IdentifiedCharacter]:
    path = tmp_path / "scene.txt"
    path.write_text(text, encoding="utf-8")
    found = identify_characters(read(path)).characters
    return {identified.character.name: identified for identified in found}


@pytest.mark.parametrize(
    ("she", "her", "gender"),
    [("She", "Her", Gender.FEMALE), ("He", "His", Gender.MALE), ("Thivi", "The", None)],
)
def test_a_pronoun_beside_the_speeches_tells_the_gender(
    tmp_path: Path, she: str, her: str, gender: Gender | None
) -> None:
    people = identify(tmp_path, KITCHEN.format(She=she, Her=her))
    assert people["Thivi"].character.gender is gender
    assert bool(people["Thivi"].evidence) == (gender is not None)
    assert people["Brask"].character.gender is None


def test_pronouns_that_contradict_each_other_tell_nothing(tmp_path: Path) -> None:
    people = identify(tmp_path, KITCHEN.format(She="She", Her="His"))
    assert people["Thivi"].character.gender is None


def test_who_owns_the_actor_is_not_the_actor(tmp_path: Path) -> None:
    text = KITCHEN.format(She="Her brother", Her="Her brother’s")
    assert identify(tmp_path, text)["Thivi"].character.gender is None


SHOP = """"Is it mended?" asked Okparo.

{pause}"Yes, {title}," said the boy.

{pause}"All of it?" asked Okparo.

{pause}"All of it, {title}," said the boy.
"""


@pytest.mark.parametrize(
    ("title", "gender", "evidence"),
    [
        ("ma’am", Gender.FEMALE, "addressed as a woman"),
        ("sir", Gender.MALE, "addressed as a man"),
        ("doctor", None, ""),
    ],
)
def test_a_title_tells_the_gender_of_whoever_it_answers(
    tmp_path: Path, title: str, gender: Gender | None, evidence: str
) -> None:
    okparo = identify(tmp_path, SHOP.format(title=title, pause=""))["Okparo"]
    assert (okparo.character.gender, okparo.evidence) == (gender, evidence)


@pytest.mark.parametrize("pause", ["***\n\n", "It rained.\n\nIt stopped.\n\n"])
def test_nobody_is_answered_after_a_break(tmp_path: Path, pause: str) -> None:
    okparo = identify(tmp_path, SHOP.format(title="sir", pause=pause))["Okparo"]
    assert okparo.character.gender is None


def test_a_title_that_comes_with_a_name_tells_nothing_of_others(tmp_path: Path) -> None:
    text = SHOP.format(title="Mr. Stone, sir", pause="") + "\nMr. Stone nodded.\n"
    assert identify(tmp_path, text)["Okparo"].character.gender is None


def test_a_gender_that_the_words_around_a_name_tell_stays(tmp_path: Path) -> None:
    text = KITCHEN.format(She="He", Her="His").replace("Thivi", "Mrs. Thivi")
    assert identify(tmp_path, text)["Mrs. Thivi"].character.gender is Gender.FEMALE


def test_no_pronoun_is_the_teller(tmp_path: Path) -> None:
    """`She` beside a speech is not who says `I` in the narration."""
    text = (
        "I had the shop to myself until Okparo came.\n\n"
        '"Is it mended?" I asked.\n\n"Not yet, Winslet," said Okparo.\n\n'
        '"It was mended on Monday." She had brought the rain in with her.\n\n'
        '"Not this one, Winslet," said Okparo.\n\nI put the kettle on. I was cold.\n'
    )
    assert identify(tmp_path, text)["Winslet"].character.gender is None
