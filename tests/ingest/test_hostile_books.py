"""Pathological books are read, attributed and searched for characters in linear time."""

from functools import partial
from pathlib import Path

import pytest

import typography
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.model.characters import Character
from work import count_calls, count_lines

CAST = tuple(map(Character, ("Ann", "Tom", "Mr. Gray", "Mrs. Gray", "Bess", "Hal", "Nan", "Ned")))
SENTENCE = '"Is it late, Tom?" asked Ann. He did not know. "Ask Mr. Gray," said he, and Ann went. '
PARTS = 5
SENTENCES = 200


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        pytest.param(SENTENCE, 8_000 // len(SENTENCE), id="a long paragraph"),
        pytest.param("word ", 40_000, id="a paragraph of 200,000 characters without punctuation"),
        pytest.param("x", 300_000, id="a word of 300,000 characters"),
        pytest.param('"Yes, Tom."\n\n"No, Ann?"\n\n', 60, id="only speeches"),
        pytest.param("Tom went home. Ann stayed.\n\n", 500, id="no speeches"),
        pytest.param('"\n\n', 1_500, id="only quote marks"),
    ],
)
def test_a_pathological_book_takes_work_in_proportion(
    unit: str, times: int, tmp_path: Path
) -> None:
    """Five times the text takes at most ten times the work; if quadratic, it would take 25."""
    check_linear([unit * (times // PARTS), unit * times], tmp_path)


def test_a_speech_without_end_takes_work_in_proportion(tmp_path: Path) -> None:
    check_linear(['"' + "Ann said no, Tom. " * n + '"' for n in (300, 1_500)], tmp_path)


@pytest.mark.parametrize("unit", ["said Tom, ", "she looked at him. ", "Ann saw Tom. "])
def test_a_speech_before_much_narration_takes_work_in_proportion(unit: str, tmp_path: Path) -> None:
    process(SENTENCE, tmp_path)  # loads what is loaded once
    texts = (f'"No," {unit * times}' for times in (SENTENCES, PARTS * SENTENCES))
    small, large = (count_lines(partial(process, text, tmp_path)) for text in texts)
    assert large < 1.5 * PARTS * small


def check_linear(texts: list[str], folder: Path) -> None:
    """Check that the work grows no faster than twice the text; a hang runs into the time limit."""
    process(SENTENCE, folder)  # loads what is loaded once
    small, large = (count_calls(partial(process, text, folder)) for text in texts)
    assert large < 2 * PARTS * small


def process(text: str, folder: Path) -> None:
    """Read and attribute a book and find its characters, losing nothing."""
    book = typography.reread(text, folder)
    script = attribute(book, CAST)
    identify_characters(book)
    spoken = "".join(char for line in script for char in line.text if char.isalnum())
    assert spoken == "".join(filter(str.isalnum, text))
