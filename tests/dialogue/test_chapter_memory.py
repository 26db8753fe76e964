"""Unchanged chapters keep their speakers while the rest of the book is edited."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.casting.voices_file.loading import load
from pipeline.core.cache import JsonCache
from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.quotations.splitting import split
from pipeline.dialogue.script_cache import cached_script
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script

NAMES = ("Ann", "Tom", "Bess", "Hal", "Nan", "Ned", "Kate", "Will")
"""A cast large enough for the learned ranker."""
CHAPTERS = 12
EDITED = 7


def chapter(number: int, rng: random.Random) -> list[str]:
    """Return the paragraphs of a talk of three, many without a tag, with words of its own."""
    first, second, third = rng.sample(NAMES, 3)
    return [
        f"Chapter {number}",
        f"{first} was at the gate when {second} came up the hill, and {third} was not far behind.",
        f'"It is {rng.choice(["late", "cold", "far"])} for a walk," said {first}.',
        f'"Not for {rng.choice(["me", "us", "sheep"])}."',
        f'"And who minds the {rng.choice(["shop", "boat", "goat"])}?"',
        f'"Nobody does," {second} answered, "since {third} went home."',
        f'{third} had come nearer. "I went home {number} times."',
        '"Then go once more."',
        '"I would, if anybody asked."',
    ]


def written(folder: Path, chapters: Sequence[Sequence[str]]) -> Book:
    path = folder / "book.txt"
    path.write_text("\n\n".join("\n\n".join(own) for own in chapters) + "\n", encoding="utf-8")
    return read(path)


@pytest.fixture
def chapters() -> list[list[str]]:
    rng = random.Random(4)
    return [chapter(number, rng) for number in range(1, CHAPTERS + 1)]


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    file = tmp_path / "voices.yaml"
    names = "".join(f"  {name}: {{}}\n" for name in (*NAMES, "Zed"))
    file.write_text(f"engine: tone\ncharacters:\n{names}", encoding="utf-8")
    return load(file, ["tone"])


class CountingScorer:
    """The package's own ranker, which counts the rows it scores."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        self.rows += len(rows)
        return speaker_model.shipped().passes[0](rows)


def script_of(
    book: Book, cast: Cast, cache: JsonCache | None, scorer: CountingScorer, keep: bool = True
) -> Script:
    """Return the script with the help of a cache, or from scratch without one."""
    shipped = speaker_model.shipped()
    model = replace(shipped, passes=(scorer,) * len(shipped.passes))
    if cache is None:
        return attribute(book, cast.characters, model=model)
    return cached_script(
        book, cast, cache, keep,
        lambda memory: attribute(book, cast.characters, model=model, memory=memory),
    )  # fmt: skip


def first_person(book: Book, cast: Cast) -> str | None:
    index = AnalysedBook.of(book, split(book), CastNames(cast.characters)).first_person
    return None if index is None else cast.characters[index].name


def lines_of(script: Script, *, without: int) -> list[Line]:
    """Return the lines of all chapters but one, wherever they stand."""
    return [replace(line, start=None, end=None) for line in script if line.chapter != without]


def edited(chapters: list[list[str]]) -> list[list[str]]:
    """Return the chapters with a new speech in one of them."""
    own = list(chapters[EDITED - 1])
    own.insert(5, f'"A word with you first," said {NAMES[-1]}.')
    return [own if n == EDITED else chapter for n, chapter in enumerate(chapters, 1)]


def test_an_edit_attributes_only_its_own_chapter_again(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """To the last bit of each confidence, which without a cache depends on the whole book."""
    cache, whole, part = JsonCache(tmp_path), CountingScorer(), CountingScorer()
    first = script_of(written(tmp_path, chapters), cast, cache, whole)
    book = written(tmp_path, edited(chapters))
    second = script_of(book, cast, cache, part)
    assert 0 < part.rows < whole.rows / 10
    assert lines_of(second, without=EDITED) == lines_of(first, without=EDITED)
    fresh = script_of(book, cast, None, CountingScorer())
    assert lines_of(fresh, without=EDITED) != lines_of(first, without=EDITED)
    assert [line.text for line in second] == [line.text for line in fresh]
    assert [(line.start, line.end) for line in second] == [(line.start, line.end) for line in fresh]
    new = next(line for line in second if line.text.startswith("A word"))
    assert (new.chapter, new.speaker) == (EDITED, NAMES[-1])


def test_undoing_an_edit_restores_the_script(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    first = script_of(written(tmp_path, chapters), cast, cache, scorer)
    script_of(written(tmp_path, edited(chapters)), cast, cache, scorer)
    rows = scorer.rows
    assert script_of(written(tmp_path, chapters), cast, cache, scorer) == first
    assert scorer.rows == rows


def test_a_moved_chapter_keeps_its_speakers(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    first = script_of(written(tmp_path, chapters), cast, cache, scorer)
    rows = scorer.rows
    book = written(tmp_path, [chapters[-1], *chapters[:-1]])
    moved = script_of(book, cast, cache, scorer)
    assert scorer.rows == rows
    of_last = [
        (line.text, line.speaker, line.confidence) for line in first if line.chapter == CHAPTERS
    ]
    assert [
        (line.text, line.speaker, line.confidence) for line in moved if line.chapter == 1
    ] == of_last


@pytest.mark.parametrize("size", [CHAPTERS // 2, CHAPTERS - 3])
def test_a_book_that_has_grown_much_is_attributed_again(
    tmp_path: Path, cast: Cast, chapters: list[list[str]], size: int
) -> None:
    """Its first chapters were attributed with less context than there is now."""
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    script_of(written(tmp_path, chapters[:size]), cast, cache, scorer)
    book = written(tmp_path, chapters)
    assert script_of(book, cast, cache, scorer) == script_of(book, cast, None, scorer)


def test_a_new_last_chapter_changes_no_earlier_one(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    first = script_of(written(tmp_path, chapters[:-1]), cast, cache, scorer)
    second = script_of(written(tmp_path, chapters), cast, cache, scorer)
    assert lines_of(second, without=CHAPTERS) == lines_of(first, without=CHAPTERS)


@pytest.mark.parametrize("between", [slice(3), slice(CHAPTERS // 2, None), slice(CHAPTERS - 4)])
def test_attributing_another_version_in_between_changes_nothing(
    tmp_path: Path, cast: Cast, chapters: list[list[str]], between: slice
) -> None:
    """A sample of the first chapters, or a draft, with the same cast: each has its own entries."""
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    first = script_of(written(tmp_path, chapters), cast, cache, scorer)
    script_of(written(tmp_path, chapters[between]), cast, cache, scorer)
    second = script_of(written(tmp_path, edited(chapters)), cast, cache, scorer)
    assert lines_of(second, without=EDITED) == lines_of(first, without=EDITED)


def test_a_chapters_title_does_not_count(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """The book's title, which a command-line option may change, can be that of a chapter."""
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    book = written(tmp_path, chapters)
    first = script_of(book, cast, cache, scorer)
    rows = scorer.rows
    titled = replace(book, chapters=tuple(replace(c, title=f"{c.title}!") for c in book.chapters))
    second = script_of(titled, cast, cache, scorer)
    assert scorer.rows == rows
    assert second.lines == first.lines
    assert second.chapters == {c.number: c.title for c in titled.chapters}


def test_a_line_that_reveals_the_narrator_changes_only_its_own_chapter(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """The whole book reveals the narrator; naming him in the cast changes all chapters."""
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    narrated = [[*own, "I went home, and I slept."] for own in chapters]
    narrated[0].append("Zed, they say, was asleep.")
    first = script_of(written(tmp_path, narrated), cast, cache, scorer)
    third = [*narrated[EDITED - 1], '"Good night, Zed," said Ann.', '"Good night," I said.']
    assert first_person(written(tmp_path, narrated), cast) is None
    book = written(tmp_path, [*narrated[: EDITED - 1], third, *narrated[EDITED:]])
    assert first_person(book, cast) == "Zed"
    second = script_of(book, cast, cache, scorer)
    assert lines_of(second, without=EDITED) == lines_of(first, without=EDITED)


def test_another_cast_attributes_all_chapters_again(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    book = written(tmp_path, chapters)
    script_of(book, cast, cache, scorer)
    fewer = replace(cast, roles={name: cast.roles[name] for name in NAMES[:-1]})
    assert script_of(book, fewer, cache, scorer) == script_of(book, fewer, None, scorer)


def test_chapters_with_damaged_cache_files_are_attributed_again(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache, scorer = JsonCache(tmp_path), CountingScorer()
    script_of(written(tmp_path, chapters), cast, cache, scorer)
    for file in (tmp_path / "notes").rglob("*.json"):
        file.write_bytes(file.read_bytes()[:-3])
    book = written(tmp_path, edited(chapters))
    assert script_of(book, cast, cache, scorer) == script_of(book, cast, None, scorer)


def test_without_keep_nothing_is_cached(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    cache = JsonCache(tmp_path)
    script_of(written(tmp_path, chapters), cast, cache, CountingScorer(), keep=False)
    assert not list((tmp_path / "notes").rglob("*.json"))
