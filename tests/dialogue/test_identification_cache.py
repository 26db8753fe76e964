"""The identification cache: what it holds, and when a book is read again."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dialogue import identification_cache
from pipeline.dialogue.characters.identification import Identification, identify_characters
from pipeline.dialogue.identification_cache import IdentificationCache
from pipeline.ingest.reader import read
from pipeline.model.book import Book

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book() -> Book:
    return read(ROOT / "examples" / "three-chapters.txt")


def never(_: Book) -> Identification:
    raise AssertionError("identified again")


def edited(book: Book) -> Book:
    """Return the book with another letter in one paragraph."""
    start = book.chapters[1].paragraphs[-1].start
    return replace(book, text=f"{book.text[:start]}X{book.text[start + 1 :]}")


def test_a_cached_identification_equals_the_original(book: Book, tmp_path: Path) -> None:
    first = IdentificationCache(tmp_path, write=True).exact(book)
    assert first == identify_characters(book)
    again = IdentificationCache(tmp_path, write=True, identify=never)
    assert again.exact(book) == again.approximate(book) == first


def test_an_object_identifies_once_without_writing(book: Book, tmp_path: Path) -> None:
    calls: list[Book] = []

    def identify(book: Book) -> Identification:
        calls.append(book)
        return Identification(())

    cache = IdentificationCache(tmp_path / "no", write=False, identify=identify)
    assert cache.exact(book) == cache.approximate(book) == cache.exact(book)
    assert len(calls) == 1
    assert not (tmp_path / "no").exists()


def test_only_a_long_book_is_approximated_and_only_by_itself(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = IdentificationCache(tmp_path, write=True).exact(book)
    cache = IdentificationCache(tmp_path, write=False, identify=never)
    with pytest.raises(AssertionError, match="identified again"):
        cache.approximate(edited(book))
    monkeypatch.setattr(identification_cache, "_SHORT", 1_000)
    assert cache.approximate(edited(book)) == first
    with pytest.raises(AssertionError, match="identified again"):
        cache.exact(edited(book))
    other = replace(book, chapters=book.chapters[:1])  # at the same path
    with pytest.raises(AssertionError, match="identified again"):
        cache.approximate(other)
