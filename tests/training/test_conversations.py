"""The examples for the conversation network, from what the passes leave of a small scene."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.dialogue.attribution.conversation_cells import EXTRA_FEATURES
from training import scenes
from training.conversations import Example, conversations_of
from training.copies import PreparedNovel

SCENE = """A | Ann | F |
T | Tom | M |
X | the guard | ? |
---
Chapter 1

{A:e}"Are you there, Tom?" asked Ann.

{T:i}"Where else?"

Chapter 2

Nobody spoke.

Chapter 3

{X:e}"Tickets," said somebody. {?}"Hush," came from the dark.

{A:i}"Here." Ann held hers up.
"""
EVEN = Forest((Tree((), (), (), (), (0.0,)),))


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedNovel:
    path = tmp_path / "a" / "train.src"
    path.parent.mkdir()
    path.write_text(SCENE, encoding="utf-8")
    return PreparedNovel.of(scenes.load(path))


def guesses(example: Example) -> np.ndarray:
    column = list(EXTRA_FEATURES).index("guess") - len(EXTRA_FEATURES)
    return example.cells.features[:, column]


def test_each_chapter_with_turns_is_an_example(prepared: PreparedNovel) -> None:
    first, last = conversations_of(prepared, EVEN)
    assert len(first.cells.starts) == 2
    assert len(first.cells.starts) + len(last.cells.starts) == len(prepared.speakers)


def test_the_speaker_of_a_turn_is_one_of_its_own_cells(prepared: PreparedNovel) -> None:
    speakers = [who for example in conversations_of(prepared, EVEN) for who in example.speakers]
    assert [who < 0 for who in speakers] == [who is None for who in prepared.speakers]
    for example in conversations_of(prepared, EVEN):
        turns = [example.cells.turns[who] for who in example.speakers if who >= 0]
        assert turns == [turn for turn, who in enumerate(example.speakers) if who >= 0]


def test_a_speaker_known_for_certain_is_so_in_the_guesses(prepared: PreparedNovel) -> None:
    known = {0: {1: 1}}  # the second turn is Tom's
    certain = next(conversations_of(replace(prepared, known=known), EVEN))
    unsure = next(conversations_of(prepared, EVEN))
    assert guesses(certain)[certain.speakers[1]] == pytest.approx(1)
    assert guesses(unsure)[unsure.speakers[1]] < 0.9
