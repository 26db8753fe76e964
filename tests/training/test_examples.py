"""Examples from changed copies of a scene: another cast, and speakers that are known."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.table import NAMES
from pipeline.model.characters import Character
from training import scenes
from training.corpus import Novel
from training.loose_paragraphs import with_loose_paragraphs

if importlib.util.find_spec("lightgbm") is None:
    pytest.skip("needs LightGBM, of the extra `train`", allow_module_level=True)

from training.copies import (
    PreparedNovel,
    copies_of,
    identified_as,
    with_identified_cast,
    with_known_speakers,
)
from training.examples import examples_of

HEAD = """A | Ann Bell | F | Ann
T | Tom | M |
D | the driver | M |
---
"""
PROSE = """Chapter 1

Ann Bell and Tom came down to the quay with the driver.

{T:e}"You are late," said Tom.

{A:e}"We are all late," said Ann. She put the case down.

{T:i}"Is it there?" Tom looked round. {T:i}"The boat?"

{A:i}"Look for yourself, Tom." Ann sat down on the case.

{D:e}"Not before nine," the driver said.

Chapter 2

Nobody came before ten.

{A:i}"And now?"

{T:i}"Now we wait."

{A:i}"You said that on Monday."
"""


@pytest.fixture
def scene(tmp_path: Path) -> Novel:
    path = tmp_path / "quay.src"
    path.write_text(HEAD + PROSE, encoding="utf-8")
    return scenes.load(path)


def test_turns_whose_speaker_is_known_are_no_examples(scene: Novel) -> None:
    prepared = PreparedNovel.of(scene)
    some = examples_of(with_known_speakers(prepared, 0.5))
    assert 0 < len(some.sizes) < len(prepared.speakers)
    assert not with_known_speakers(prepared, 1.0).is_annotated


def test_known_speakers_tell_of_the_turns_around(scene: Novel) -> None:
    """The row of whoever speaks before a known turn says that the other is certain there."""
    prepared = PreparedNovel.of(scene)
    examples = examples_of(with_known_speakers(prepared, 0.5))
    unaware = examples_of(with_known_speakers(prepared, 0.0))
    column = NAMES.index("guess +1")
    assert examples.rows[:, column].max() > 0.999 > unaware.rows[:, column].max()


def test_without_known_speakers_they_are_the_examples_of_the_scene(scene: Novel) -> None:
    prepared = PreparedNovel.of(scene)
    own, same = examples_of(prepared), examples_of(with_known_speakers(prepared, 0.0))
    assert (same.rows == own.rows).all()
    assert (same.is_speaker == own.is_speaker).all()


def test_an_identified_cast_has_the_annotated_speakers(scene: Novel) -> None:
    """The driver, who has one line, is found to be nobody, the last candidate."""
    examples = examples_of(with_identified_cast(scene))
    assert len(examples.sizes) == len(PreparedNovel.of(scene).speakers)
    last_of_turn = examples.sizes.cumsum() - 1
    nobody = [False] * 4 + [True] + [False] * 3
    assert examples.is_speaker[last_of_turn].tolist() == nobody


def test_annotated_characters_are_identified_by_a_name_or_a_part() -> None:
    annotated = [Character("Tom"), Character("Ann Bell", ("the mate",)), Character("Zoe")]
    names = CastNames([Character("Ann"), Character("Rob"), Character("tom", ("Tommy",))])
    assert identified_as(annotated, names) == {0: 2, 1: NOBODY, 2: NOBODY}
    names = CastNames([Character("Ann Bell"), Character("Tom Reed")])
    assert identified_as([Character("Ann"), Character("Tom")], names) == {0: 0, 1: 1}


def test_whoever_is_two_in_an_identified_cast_is_left_out() -> None:
    names = CastNames([Character("Ann"), Character("the mate"), Character("Tom")])
    annotated = [Character("Ann Bell", ("Ann", "the mate")), Character("Tom")]
    assert identified_as(annotated, names) == {1: 2}


def test_people_who_share_an_identified_character_are_left_out(scene: Novel) -> None:
    ann, tom, driver = scene.cast
    twice = (ann, tom, driver, replace(ann, name="Miss Bell", aliases=("Ann",)))
    examples = examples_of(with_identified_cast(replace(scene, cast=twice)))
    assert len(examples.sizes) == 4


def test_loose_paragraphs_give_as_many_pieces_of_speech(scene: Novel) -> None:
    """`Tom looked round.` parts his speech into two turns."""
    examples = examples_of(PreparedNovel.of(with_loose_paragraphs(scene)))
    assert len(examples.sizes) == len(PreparedNovel.of(scene).speakers) + 1


def test_copies_are_annotated_and_a_scene_has_more_kinds_than_a_novel(scene: Novel) -> None:
    of_scene = copies_of(PreparedNovel.of(scene))
    of_novel = copies_of(PreparedNovel.of(replace(scene, is_scene=False)))
    assert all(copy.is_annotated for copy in of_scene)
    assert len(of_scene) == len(of_novel) + 3
    assert any(own for copy in of_scene for own in copy.known.values())
    assert not any(own for copy in of_novel for own in copy.known.values())
