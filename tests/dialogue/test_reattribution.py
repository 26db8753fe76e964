"""Corrections teach: a book attributed again around speakers that are known for certain."""

from pathlib import Path

import pytest

from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.reattribution import Reattribution
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import UNKNOWN, Character, Gender
from pipeline.model.script import Line, Script

TALK = """Chapter 1

Vera and Otto were on the pier, and the ferry was late again.

"We could walk."

"We could not."

"It is only as far as the mill."

"You said that on Monday."

"On Monday it rained."

Chapter 2

Vera and Otto sat in the kitchen with the cards between them.

"Your turn."

"I know."
"""
CAST = (Character("Vera", (), Gender.FEMALE), Character("Otto", (), Gender.MALE))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "talk.txt"
    path.write_text(TALK, encoding="utf-8")
    return read(path)


def line_with(script: Script, words: str) -> Line:
    return next(line for line in script if words in line.text)


def start_of(script: Script, words: str) -> int:
    return line_with(script, words).start or 0


def speakers(script: Script, chapter: int) -> list[str]:
    return [line.speaker for line in script if line.chapter == chapter and line.kind == "speech"]


def test_without_corrections_it_is_the_same_attribution(book: Book) -> None:
    assert Reattribution(book, CAST).script({}) == attribute(book, CAST)


@pytest.mark.parametrize("known", ["Vera", "Otto"])
def test_one_known_speaker_decides_an_exchange(book: Book, known: str) -> None:
    """Whoever opens it, the two go on taking turns."""
    other = "Otto" if known == "Vera" else "Vera"
    again = Reattribution(book, CAST)
    script = again.script({start_of(again.script({}), "walk"): known})
    assert speakers(script, 1) == [known, other, known, other, known]
    assert line_with(script, "walk").confidence == 1


def test_a_known_speaker_makes_its_neighbours_surer(book: Book) -> None:
    again = Reattribution(book, CAST)
    before = again.script({})
    speaker = line_with(before, "walk").speaker
    after = again.script({start_of(before, "walk"): speaker})
    reply = line_with(after, "could not")
    assert reply.confidence > line_with(before, "could not").confidence


def test_other_chapters_stay_as_they_were(book: Book) -> None:
    again = Reattribution(book, CAST)
    before = again.script({})
    other = "Otto" if line_with(before, "walk").speaker == "Vera" else "Vera"
    after = again.script({start_of(before, "walk"): other})
    assert [a for a in after if a.chapter == 2] == [b for b in before if b.chapter == 2]


def test_a_correction_that_is_taken_back_leaves_no_trace(book: Book) -> None:
    again = Reattribution(book, CAST)
    before = again.script({})
    again.script({start_of(before, "walk"): "Otto", start_of(before, "Your turn"): "Otto"})
    assert again.script({}) == before


def test_somebody_outside_the_cast_speaks_for_nobody_in_it(book: Book) -> None:
    again = Reattribution(book, CAST)
    script = again.script({start_of(again.script({}), "walk"): "the ferryman"})
    assert line_with(script, "walk").speaker == UNKNOWN
