"""Pathological books are read, attributed and searched for characters in linear time."""

import time
from pathlib import Path

import pytest

import typography
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.model.characters import Character

CAST = tuple(map(Character, ("Ann", "Tom", "Mr. Gray", "Mrs. Gray", "Bess", "Hal", "Nan", "Ned")))
SENTENCE = '"Is it late, Tom?" asked Ann. He did not know. "Ask Mr. Gray," said he, and Ann went. '
MAX_SECONDS = 10.0  # of CPU; the slowest takes four
PARTS = 5
TRIES = 3  # other work on the same cores may double the CPU time of one, not of three


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        pytest.param(SENTENCE, 200_000 // len(SENTENCE), id="a long paragraph"),
        pytest.param(
            "word ", 200_000, id="a paragraph of a million characters without punctuation"
        ),
        pytest.param("x", 1_000_000, id="a word of a million characters"),
        pytest.param('"Yes, Tom."\n\n"No, Ann?"\n\n', 750, id="only speeches"),
        pytest.param("Tom went home. Ann stayed.\n\n", 5_000, id="no speeches"),
        pytest.param('"\n\n', 10_000, id="only quote marks"),
    ],
)
def test_a_pathological_book_takes_linear_time(unit: str, times: int, tmp_path: Path) -> None:
    """Five times the text takes at most ten times as long; in quadratic time it would take 25."""
    check_linear([unit * (times // PARTS), unit * times], tmp_path)


def test_a_speech_without_end_takes_linear_time(tmp_path: Path) -> None:
    check_linear(['"' + "Ann said no, Tom. " * n + '"' for n in (3_000, 15_000)], tmp_path)


def check_linear(texts: list[str], folder: Path) -> None:
    cpu_seconds(SENTENCE, folder)  # loads what is loaded once
    for _ in range(TRIES):
        small, large = (cpu_seconds(text, folder) for text in texts)
        if large < 2 * PARTS * max(small, 0.1):
            break
    assert large < 2 * PARTS * max(small, 0.1)
    assert large < MAX_SECONDS


def cpu_seconds(text: str, folder: Path) -> float:
    """Return the CPU time to read and attribute a book and find its characters, losing nothing."""
    start = time.process_time()
    book = typography.reread(text, folder)
    script = attribute(book, CAST)
    identify_characters(book)
    seconds = time.process_time() - start
    spoken = "".join(char for line in script for char in line.text if char.isalnum())
    assert spoken == "".join(filter(str.isalnum, text))
    return seconds
