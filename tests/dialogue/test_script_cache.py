"""The script cache: identical results, and invalidation by text and characters."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.casting.voices_file.loading import load
from pipeline.core.cache import JsonCache
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory
from pipeline.dialogue.script_cache import cached_script
from pipeline.dialogue.spoken_script import spoken_script
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


def attributed(book: Book, cast: Cast) -> Script:
    return spoken_script(book, cast.characters, cast.first_person)


def never(_: AttributionMemory) -> Script:
    raise AssertionError("attributed again")


def test_cached_script_equals_the_original(book: Book, cast: Cast, tmp_path: Path) -> None:
    """Speakers, confidences, reasons, pauses and delivery survive the cache exactly."""
    first = cached_script(book, cast, JsonCache(tmp_path), True, lambda _: attributed(book, cast))
    second = cached_script(book, cast, JsonCache(tmp_path), True, never)
    assert first == second == attributed(book, cast)
    assert list(map(repr, first)) == list(map(repr, second)), "the order of candidates too"


def test_changed_text_or_characters_are_attributed_again(
    book: Book, cast: Cast, tmp_path: Path
) -> None:
    """A changed word or a missing character invalidates the cache; another voice does not."""
    cache = JsonCache(tmp_path)
    cached_script(book, cast, cache, True, lambda _: attributed(book, cast))
    louder = replace(
        cast, narrator=replace(cast.narrator, voice=replace(cast.narrator.voice, rate=99))
    )
    cached_script(book, louder, cache, True, never)
    names = list(cast.roles)
    fewer = replace(cast, roles={name: cast.roles[name] for name in names[1:]})
    changed = replace(book, text=book.text.replace("the", "The", 1))
    for other_book, other_cast in ((changed, cast), (book, fewer)):
        with pytest.raises(AssertionError, match="attributed again"):
            cached_script(other_book, other_cast, cache, True, never)
