"""Books that nobody would write are read, cast and attributed all the same, and in good time."""

import time
from pathlib import Path

import pytest

import manners
from pipeline.attribution import attribute
from pipeline.characters import Character
from pipeline.finder import find

CAST = tuple(map(Character, ("Ann", "Tom", "Mr. Gray", "Mrs. Gray", "Bess", "Hal", "Nan", "Ned")))
SENTENCE = '"Is it late, Tom?" asked Ann. He did not know. "Ask Mr. Gray," said he, and Ann went. '
SECONDS = 40.0  # of CPU; each takes a few


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SENTENCE * (1_000_000 // len(SENTENCE)), id="a paragraph of a million"),
        pytest.param("word " * 200_000, id="a paragraph without a mark"),
        pytest.param("x" * 1_000_000, id="a word of a million"),
        pytest.param('"' + "Ann said no, Tom. " * 55_000 + '"', id="a speech of a million"),
        pytest.param('"Yes, Tom."\n\n"No, Ann?"\n\n' * 2_500, id="nothing but quotes"),
        pytest.param("Tom went home. Ann stayed.\n\n" * 15_000, id="no quotes"),
        pytest.param('"\n\n' * 30_000 + "Ann.", id="nothing but marks"),
    ],
)
def test_a_hostile_book_is_done_in_time(text: str, tmp_path: Path) -> None:
    began = time.process_time()
    book = manners.reread(text, tmp_path)
    script = attribute(book, CAST)
    find(book)
    assert time.process_time() - began < SECONDS
    spoken = "".join(char for line in script for char in line.text if char.isalnum())
    assert spoken == "".join(filter(str.isalnum, text))
