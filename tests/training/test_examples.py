"""Examples from changed copies of a scene: another cast, and speakers that are known."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dialogue.attribution import ranking
from training import scenes
from training.corpus import Novel

if importlib.util.find_spec("lightgbm") is None:
    pytest.skip("needs LightGBM, of the extra `train`", allow_module_level=True)

from training.examples import (
    PreparedNovel,
    examples_of,
    examples_with_identified_cast,
    examples_with_known_speakers,
)

HEAD = """A | Ann Bell | F | Ann
T | Tom | M |
D | the driver | M |
---
"""
PROSE = """Ann Bell and Tom came down to the quay with the driver.

{T:e}"You are late," said Tom.

{A:e}"We are all late," said Ann. She put the case down.

{T:i}"Is it there?" Tom looked round. {T:i}"The boat?"

{A:i}"Look for yourself, Tom." Ann sat down on the case.

{D:e}"Not before nine," the driver said.
"""


@pytest.fixture
def scene(tmp_path: Path) -> Novel:
    path = tmp_path / "quay.src"
    path.write_text(HEAD + PROSE, encoding="utf-8")
    return scenes.load(path)


def test_turns_whose_speaker_is_known_are_no_examples(scene: Novel) -> None:
    prepared = PreparedNovel.of(scene)
    some = examples_with_known_speakers(prepared, 0.5)
    assert some is not None
    assert 0 < len(some.sizes) < len(prepared.speakers)
    assert examples_with_known_speakers(prepared, 1.0) is None


def test_without_known_speakers_they_are_the_examples_of_the_scene(scene: Novel) -> None:
    prepared = PreparedNovel.of(scene)
    own = examples_of(ranking.book_table(prepared.book, prepared.guesses), prepared.speakers)
    same = examples_with_known_speakers(prepared, 0.0)
    assert same is not None
    assert (same.rows == own.rows).all()
    assert (same.is_speaker == own.is_speaker).all()


def test_an_identified_cast_has_the_annotated_speakers(scene: Novel) -> None:
    """Ann and Tom are found by their names; the driver, who has one line, is nobody."""
    examples = examples_with_identified_cast(scene)
    assert examples is not None
    assert len(examples.sizes) == len(PreparedNovel.of(scene).speakers)
    last_of_turn = examples.sizes.cumsum() - 1
    assert examples.is_speaker[last_of_turn].tolist() == [False] * 4 + [True]


def test_people_who_share_an_identified_character_are_left_out(scene: Novel) -> None:
    ann, tom, driver = scene.cast
    twice = (ann, tom, driver, replace(ann, name="Miss Bell", aliases=("Ann",)))
    examples = examples_with_identified_cast(replace(scene, cast=twice))
    assert examples is not None
    assert len(examples.sizes) == 3
