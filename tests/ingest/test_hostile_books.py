"""Pathological books are read, attributed and searched for characters in linear time."""

import sys
from pathlib import Path
from types import FrameType

import pytest

import typography
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.model.characters import Character

CAST = tuple(map(Character, ("Ann", "Tom", "Mr. Gray", "Mrs. Gray", "Bess", "Hal", "Nan", "Ned")))
SENTENCE = '"Is it late, Tom?" asked Ann. He did not know. "Ask Mr. Gray," said he, and Ann went. '
PARTS = 5


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        pytest.param(SENTENCE, 100_000 // len(SENTENCE), id="a long paragraph"),
        pytest.param(
            "word ", 200_000, id="a paragraph of a million characters without punctuation"
        ),
        pytest.param("x", 1_000_000, id="a word of a million characters"),
        pytest.param('"Yes, Tom."\n\n"No, Ann?"\n\n', 750, id="only speeches"),
        pytest.param("Tom went home. Ann stayed.\n\n", 5_000, id="no speeches"),
        pytest.param('"\n\n', 10_000, id="only quote marks"),
    ],
)
def test_a_pathological_book_takes_work_in_proportion(
    unit: str, times: int, tmp_path: Path
) -> None:
    """Five times the text takes at most ten times the work; if quadratic, it would take 25."""
    check_linear([unit * (times // PARTS), unit * times], tmp_path)


def test_a_speech_without_end_takes_work_in_proportion(tmp_path: Path) -> None:
    check_linear(['"' + "Ann said no, Tom. " * n + '"' for n in (2_000, 10_000)], tmp_path)


def check_linear(texts: list[str], folder: Path) -> None:
    """Check that the work grows no faster than twice the text; a hang runs into the time limit."""
    count_calls(SENTENCE, folder)  # loads what is loaded once
    small, large = (count_calls(text, folder) for text in texts)
    assert large < 2 * PARTS * small


def count_calls(text: str, folder: Path) -> int:
    """Return the function calls to read and attribute a book and find its characters, losslessly.

    Calls do not depend on the load of the machine, as seconds do.
    """
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        book = typography.reread(text, folder)
        script = attribute(book, CAST)
        identify_characters(book)
    finally:
        sys.setprofile(None)
    spoken = "".join(char for line in script for char in line.text if char.isalnum())
    assert spoken == "".join(filter(str.isalnum, text))
    return calls
