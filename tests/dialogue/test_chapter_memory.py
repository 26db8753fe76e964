"""Chapters that stay as they were keep their speakers while the rest of the book is edited."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.casting.voices_file.loading import load
from pipeline.core.cache import JsonCache
from pipeline.dialogue.attribution import boosted_trees
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.ranking import Casebook
from pipeline.dialogue.quotations.splitting import split
from pipeline.dialogue.script_cache import cached_script
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script

NAMES = ("Ann", "Tom", "Bess", "Hal", "Nan", "Ned", "Kate", "Will")
"""More than are judged without what was learned."""
CHAPTERS = 20
EDITED = 7


def chapter(number: int, chance: random.Random) -> list[str]:
    """Talk of three people, much of it without a tag, and a tag that only this chapter has."""
    one, other, third = chance.sample(NAMES, 3)
    return [
        f"Chapter {number}",
        f"{one} was at the gate when {other} came up the hill, and {third} was not far behind.",
        f'"It is {chance.choice(["late", "cold", "far"])} for a walk," said {one}.',
        f'"Not for {chance.choice(["me", "us", "sheep"])}."',
        f'"And who minds the {chance.choice(["shop", "boat", "goat"])}?"',
        f'"Nobody does," {other} answered, "since {third} went home."',
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
    chance = random.Random(4)
    return [chapter(number, chance) for number in range(1, CHAPTERS + 1)]


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    file = tmp_path / "voices.yaml"
    names = "".join(f"  {name}: {{}}\n" for name in (*NAMES, "Zed"))
    file.write_text(f"engine: tone\ncharacters:\n{names}", encoding="utf-8")
    return load(file, ["tone"])


class Judge:
    """Judges with what comes with the package, and counts the rows that were judged."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        self.rows += len(rows)
        return boosted_trees.shipped()[0](rows)


def judged(
    book: Book, cast: Cast, notes: JsonCache | None, judge: Judge, keep: bool = True
) -> Script:
    """Give the script by the notes, or, without them, as if there had never been another."""
    passes = (judge,) * len(boosted_trees.shipped())
    if notes is None:
        return attribute(book, cast.characters, passes=passes)
    return cached_script(
        book, cast, notes, keep,
        lambda memory: attribute(book, cast.characters, passes=passes, memory=memory),
    )  # fmt: skip


def teller(book: Book, cast: Cast) -> str | None:
    found = Casebook.of(book, split(book), Names(cast.characters)).teller
    return None if found is None else cast.characters[found].name


def told(script: Script, *, without: int) -> list[Line]:
    """The lines of all chapters but one, wherever they stand."""
    return [replace(n, start=None, end=None) for n in script if n.chapter != without]


def edited(chapters: list[list[str]]) -> list[list[str]]:
    """The same chapters, with a new speech in one of them."""
    own = list(chapters[EDITED - 1])
    own.insert(5, f'"A word with you first," said {NAMES[-1]}.')
    return [own if n == EDITED else each for n, each in enumerate(chapters, 1)]


def test_an_edit_judges_its_chapter_and_leaves_all_others_as_they_were(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """To the last bit of every confidence, which without the notes an edit elsewhere moves."""
    notes, whole, part = JsonCache(tmp_path), Judge(), Judge()
    first = judged(written(tmp_path, chapters), cast, notes, whole)
    book = written(tmp_path, edited(chapters))
    second = judged(book, cast, notes, part)
    assert 0 < part.rows < whole.rows / 10
    assert told(second, without=EDITED) == told(first, without=EDITED)
    fresh = judged(book, cast, None, Judge())
    assert told(fresh, without=EDITED) != told(first, without=EDITED)
    assert [n.text for n in second] == [n.text for n in fresh]
    assert [(n.start, n.end) for n in second] == [(n.start, n.end) for n in fresh]
    new = next(line for line in second if line.text.startswith("A word"))
    assert (new.chapter, new.speaker) == (EDITED, NAMES[-1])


def test_what_was_edited_back_is_what_it_was(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    notes, judge = JsonCache(tmp_path), Judge()
    first = judged(written(tmp_path, chapters), cast, notes, judge)
    judged(written(tmp_path, edited(chapters)), cast, notes, judge)
    rows = judge.rows
    assert judged(written(tmp_path, chapters), cast, notes, judge) == first
    assert judge.rows == rows


def test_a_chapter_keeps_its_speakers_wherever_it_is_moved(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    notes, judge = JsonCache(tmp_path), Judge()
    first = judged(written(tmp_path, chapters), cast, notes, judge)
    rows = judge.rows
    book = written(tmp_path, [chapters[-1], *chapters[:-1]])
    moved = judged(book, cast, notes, judge)
    assert judge.rows == rows
    of_last = [(n.text, n.speaker, n.confidence) for n in first if n.chapter == CHAPTERS]
    assert [(n.text, n.speaker, n.confidence) for n in moved if n.chapter == 1] == of_last


@pytest.mark.parametrize("size", [CHAPTERS // 2, CHAPTERS - 3])
def test_a_book_that_has_grown_much_is_judged_anew(
    tmp_path: Path, cast: Cast, chapters: list[list[str]], size: int
) -> None:
    """Its first chapters were judged by less than is known now."""
    notes, judge = JsonCache(tmp_path), Judge()
    judged(written(tmp_path, chapters[:size]), cast, notes, judge)
    book = written(tmp_path, chapters)
    assert judged(book, cast, notes, judge) == judged(book, cast, None, judge)


def test_a_book_that_is_written_chapter_by_chapter_keeps_what_is_out(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    notes, judge = JsonCache(tmp_path), Judge()
    first = judged(written(tmp_path, chapters[:-1]), cast, notes, judge)
    second = judged(written(tmp_path, chapters), cast, notes, judge)
    assert told(second, without=CHAPTERS) == told(first, without=CHAPTERS)


@pytest.mark.parametrize("between", [slice(3), slice(CHAPTERS // 2, None), slice(CHAPTERS - 4)])
def test_another_version_rendered_in_between_changes_nothing(
    tmp_path: Path, cast: Cast, chapters: list[list[str]], between: slice
) -> None:
    """A sample of the first chapters, or a draft, of the same cast: each keeps its own opinions."""
    notes, judge = JsonCache(tmp_path), Judge()
    first = judged(written(tmp_path, chapters), cast, notes, judge)
    judged(written(tmp_path, chapters[between]), cast, notes, judge)
    second = judged(written(tmp_path, edited(chapters)), cast, notes, judge)
    assert told(second, without=EDITED) == told(first, without=EDITED)


def test_a_chapters_title_counts_for_nothing(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """A book's title that is given on the command line may be that of a chapter."""
    notes, judge = JsonCache(tmp_path), Judge()
    book = written(tmp_path, chapters)
    first = judged(book, cast, notes, judge)
    rows = judge.rows
    titled = replace(book, chapters=tuple(replace(c, title=f"{c.title}!") for c in book.chapters))
    second = judged(titled, cast, notes, judge)
    assert judge.rows == rows
    assert second.lines == first.lines
    assert second.chapters == {c.number: c.title for c in titled.chapters}


def test_one_line_that_shows_who_tells_the_book_changes_its_chapter_alone(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    """That is found in the whole book; who wants it otherwise names the teller in the cast."""
    notes, judge = JsonCache(tmp_path), Judge()
    told_by = [[*own, "I went home, and I slept."] for own in chapters]
    for own in told_by[:2]:
        own.append('"Good night, Zed," said Ann.')
    first = judged(written(tmp_path, told_by), cast, notes, judge)
    third = [*told_by[EDITED - 1], '"Good night, Zed," said Ann.']
    assert teller(written(tmp_path, told_by), cast) is None
    book = written(tmp_path, [*told_by[: EDITED - 1], third, *told_by[EDITED:]])
    assert teller(book, cast) == "Zed"
    second = judged(book, cast, notes, judge)
    assert told(second, without=EDITED) == told(first, without=EDITED)


def test_another_cast_judges_all(tmp_path: Path, cast: Cast, chapters: list[list[str]]) -> None:
    notes, judge = JsonCache(tmp_path), Judge()
    book = written(tmp_path, chapters)
    judged(book, cast, notes, judge)
    fewer = replace(cast, roles={name: cast.roles[name] for name in NAMES[:-1]})
    assert judged(book, fewer, notes, judge) == judged(book, fewer, None, judge)


def test_damaged_notes_are_judged_anew(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    notes, judge = JsonCache(tmp_path), Judge()
    judged(written(tmp_path, chapters), cast, notes, judge)
    for file in (tmp_path / "notes").rglob("*.json"):
        file.write_bytes(file.read_bytes()[:-3])
    book = written(tmp_path, edited(chapters))
    assert judged(book, cast, notes, judge) == judged(book, cast, None, judge)


def test_who_only_looks_notes_nothing(
    tmp_path: Path, cast: Cast, chapters: list[list[str]]
) -> None:
    notes = JsonCache(tmp_path)
    judged(written(tmp_path, chapters), cast, notes, Judge(), keep=False)
    assert not list((tmp_path / "notes").rglob("*.json"))
