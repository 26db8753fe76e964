"""Who says what, kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.casting.voices_file.loading import load
from pipeline.core.cache import JsonCache
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory
from pipeline.dialogue.delivery import with_delivery
from pipeline.dialogue.script_cache import kept
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Script

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book() -> Book:
    return read(ROOT / "examples" / "three-chapters.txt")


@pytest.fixture
def cast() -> Cast:
    return load(ROOT / "examples" / "three-chapters.voices.yaml", ["pyttsx3"])


def judged(book: Book, cast: Cast) -> Script:
    return with_delivery(attribute(book, cast.characters, cast.first_person))


def never(_: AttributionMemory) -> Script:
    raise AssertionError("judged again")


def test_what_was_judged_once_is_read_to_the_last_bit(
    book: Book, cast: Cast, tmp_path: Path
) -> None:
    """Speakers, confidences, reasons, pauses and delivery are those that attribution gave."""
    first = kept(book, cast, JsonCache(tmp_path), True, lambda _: judged(book, cast))
    again = kept(book, cast, JsonCache(tmp_path), True, never)
    assert first == again == judged(book, cast)
    assert list(map(repr, first)) == list(map(repr, again)), "the order of candidates too"


def test_another_text_or_another_cast_is_judged(book: Book, cast: Cast, tmp_path: Path) -> None:
    """A changed word, one name more, somebody else who tells the book; but not another voice."""
    notes = JsonCache(tmp_path)
    kept(book, cast, notes, True, lambda _: judged(book, cast))
    louder = replace(
        cast, narrator=replace(cast.narrator, voice=replace(cast.narrator.voice, rate=99))
    )
    kept(book, louder, notes, True, never)
    names = list(cast.roles)
    fewer = replace(cast, roles={name: cast.roles[name] for name in names[1:]})
    changed = replace(book, text=book.text.replace("the", "The", 1))
    for other_book, other_cast in ((changed, cast), (book, fewer)):
        with pytest.raises(AssertionError, match="judged again"):
            kept(other_book, other_cast, notes, True, never)
