"""What corrects the probabilities after each pass: when it is asked, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.conversation_cells import Conversation
from pipeline.dialogue.attribution.conversation_network import ConversationNetwork
from pipeline.dialogue.attribution.reattribution import Reattribution
from pipeline.dialogue.attribution.speaker_model import PASSES, SpeakerModel
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Kind, Script

CAST = (Character("Ann"), Character("Tom"))
TEXT = """Chapter 1

"Are you there, Tom?" asked Ann.

"Where else?"

Chapter 2

Nobody spoke.

Chapter 3

"Well?" said Tom.
"""


@dataclass
class AllAnn:
    """Gives every turn to Ann, and remembers what it was asked."""

    asked: list[Conversation] = field(default_factory=list)

    def __call__(self, conversation: Conversation) -> Sequence[Probabilities]:
        self.asked.append(conversation)
        return [{0: 0.7, 1: 0.3} for _ in conversation.candidates]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "book.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read(path)


def model(corrector: AllAnn) -> SpeakerModel:
    return SpeakerModel(speaker_model.shipped().passes, corrector)


def speakers(script: Script) -> list[str]:
    return [line.speaker for line in script if line.kind is Kind.SPEECH]


def test_the_corrector_has_the_last_word_on_each_chapter_with_turns(book: Book) -> None:
    """It is asked once a chapter and pass."""
    corrector = AllAnn()
    script = attribute(book, CAST, model=model(corrector))
    assert speakers(script) == ["Ann", "Ann", "Ann"]
    assert [len(own.candidates) for own in corrector.asked] == [2, 1] * PASSES


def test_it_sees_the_guesses_before_and_after_a_pass(book: Book) -> None:
    """Those before are what it made of the pass before."""
    corrector = AllAnn()
    attribute(book, CAST, model=model(corrector))
    without = attribute(book, CAST, model=SpeakerModel(speaker_model.shipped().passes[:1]))
    first = [line.candidates["Ann"] for line in without if line.kind is Kind.SPEECH]
    seen = [turn[0] for own in corrector.asked[:2] for turn in own.after]
    assert seen == pytest.approx(first)
    later = [turn for own in corrector.asked[2:] for turn in own.before]
    assert later == [{0: 0.7, 1: 0.3}] * len(later)


def test_it_sees_which_turns_no_narration_touches(book: Book) -> None:
    corrector = AllAnn()
    attribute(book, CAST, model=model(corrector))
    assert [own.bare for own in corrector.asked] == [[False, True], [False]] * PASSES


def test_a_speaker_known_for_certain_stays(book: Book) -> None:
    """Also one who is nobody of the cast."""
    starts = [line.start for line in attribute(book, CAST) if line.kind is Kind.SPEECH]
    taught = Reattribution(book, CAST, model=model(AllAnn()))
    script = taught.script({starts[1]: "Tom", starts[2]: "somebody"})
    assert speakers(script) == ["Ann", "Tom", "unknown"]


def test_the_package_has_networks() -> None:
    corrector = speaker_model.shipped().corrector
    assert isinstance(corrector, ConversationNetwork)
    assert corrector.networks
