"""Books that nobody would write are read, cast and attributed all the same, and in good time."""

import time
from pathlib import Path

import pytest

import typography
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.model.characters import Character

CAST = tuple(map(Character, ("Ann", "Tom", "Mr. Gray", "Mrs. Gray", "Bess", "Hal", "Nan", "Ned")))
SENTENCE = '"Is it late, Tom?" asked Ann. He did not know. "Ask Mr. Gray," said he, and Ann went. '
SECONDS = 10.0  # of CPU; the slowest takes four
PARTS = 5
TRIES = 3  # other work on the same cores may double the CPU time of one; not of three


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        pytest.param(SENTENCE, 200_000 // len(SENTENCE), id="a long paragraph"),
        pytest.param("word ", 200_000, id="a paragraph of a million without a mark"),
        pytest.param("x", 1_000_000, id="a word of a million"),
        pytest.param('"Yes, Tom."\n\n"No, Ann?"\n\n', 750, id="nothing but quotes"),
        pytest.param("Tom went home. Ann stayed.\n\n", 5_000, id="no quotes"),
        pytest.param('"\n\n', 10_000, id="nothing but marks"),
    ],
)
def test_a_hostile_book_takes_time_in_proportion(unit: str, times: int, tmp_path: Path) -> None:
    """Five times as much takes at most ten times as long; what is quadratic would take 25."""
    in_proportion([unit * (times // PARTS), unit * times], tmp_path)


def test_a_speech_without_end_takes_time_in_proportion(tmp_path: Path) -> None:
    in_proportion(['"' + "Ann said no, Tom. " * n + '"' for n in (3_000, 15_000)], tmp_path)


def in_proportion(texts: list[str], folder: Path) -> None:
    done_in(SENTENCE, folder)  # what is loaded with the first book
    for _ in range(TRIES):
        small, large = (done_in(text, folder) for text in texts)
        if large < 2 * PARTS * max(small, 0.1):
            break
    assert large < 2 * PARTS * max(small, 0.1)
    assert large < SECONDS


def done_in(text: str, folder: Path) -> float:
    """Read a book, attribute it and find its cast, no letter lost; the seconds of CPU it took."""
    began = time.process_time()
    book = typography.reread(text, folder)
    script = attribute(book, CAST)
    identify_characters(book)
    seconds = time.process_time() - began
    spoken = "".join(char for line in script for char in line.text if char.isalnum())
    assert spoken == "".join(filter(str.isalnum, text))
    return seconds
