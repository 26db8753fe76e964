"""Whether a cast and a book match: by whole words, and by speakers with more than one line."""

from pathlib import Path

import pytest

from pipeline.casting.presence import is_in_book, missing_speakers
from pipeline.casting.voices_file.loading import load
from pipeline.dialogue.characters.identification import Identification, IdentifiedCharacter
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.characters import Character

CAST = """characters:
  Rook: {aliases: [the ferryman, old crow]}
  Imogen Vale: {}
  Mr. Tam Brodie: {}
"""


def book_of(folder: Path, text: str) -> Book:
    (folder / "book.txt").write_text(text, encoding="utf-8")
    return read(folder / "book.txt")


def cast_of(folder: Path, text: str) -> Cast:
    (folder / "voices.yaml").write_text(text, encoding="utf-8")
    return load(folder / "voices.yaml", ["pyttsx3", "tone"])


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("Then Rook came in.", True),
        ("ROOK CAME IN AT LAST.", True),
        ("A letter for _Rook_, they said.", True),
        ("She waved to the ferryman.", True),
        ("An old crow sat in the corner.", True),
        ("Vale had not written.", True),
        ("Then Imogen\nlaughed.", True),
        ("It was Tam\u2019s boat.", True),
        ("A rook sat on a roof.", False),
        ("The Rookery was empty, and so was Brook Street.", False),
        ("He was a ferryman by trade.", False),
        ("A vale was green. Crows rose.", False),
        ("---\ntitle: Night\nauthor: Imogen Vale\n---\n\nNobody came.", False),
    ],
)
def test_a_cast_is_in_a_book_that_names_somebody(tmp_path: Path, text: str, present: bool) -> None:
    assert is_in_book(cast_of(tmp_path, CAST), book_of(tmp_path, text)) is present


@pytest.mark.parametrize(
    ("text", "present"), [("“走。”阿梅说道。", True), ("“走。”小李说道。", False)]
)
def test_a_name_in_a_script_without_spaces_is_found(
    tmp_path: Path, text: str, present: bool
) -> None:
    cast = cast_of(tmp_path, "characters: {Rook: {aliases: [阿梅]}}")
    assert is_in_book(cast, book_of(tmp_path, text)) is present


def test_a_first_person_narrator_need_not_be_named(tmp_path: Path) -> None:
    cast = cast_of(tmp_path, "narrator: {character: Rook}\ncharacters: {Rook: {}}")
    assert is_in_book(cast, book_of(tmp_path, "I came in at last."))


def found(**lines: int) -> Identification:
    return Identification(
        tuple(IdentifiedCharacter(Character(name), 9, n, "", "") for name, n in lines.items())
    )


def test_speakers_outside_the_cast_are_named_with_their_lines(tmp_path: Path) -> None:
    """Those with two lines at least; a part of a name in the cast is nobody else."""
    cast, book = cast_of(tmp_path, CAST), book_of(tmp_path, "Rook sat.")
    lines = {"Rook": 30, "Delphine": 12, "Imogen": 4, "Bartok": 2, "Corvin": 1}
    (problem,) = missing_speakers(found(**lines), cast, book)
    assert problem.what.endswith("Delphine (12 lines) and Bartok (2 lines)")
    assert problem.file == cast.path
    assert not list(missing_speakers(found(Rook=30, Corvin=1, Vale=5), cast, book))


def test_one_voice_misses_nobody(tmp_path: Path) -> None:
    cast, book = cast_of(tmp_path, "cast: narrator"), book_of(tmp_path, "Rook sat.")
    assert not list(missing_speakers(found(Rook=30), cast, book))


def test_many_missing_speakers_are_counted(tmp_path: Path) -> None:
    cast, book = cast_of(tmp_path, CAST), book_of(tmp_path, "Rook sat.")
    (problem,) = missing_speakers(found(**{f"Pell{n}": 40 - n for n in range(9)}), cast, book)
    assert problem.what.endswith("Pell3 (37 lines), Pell4 (36 lines) and 4 others")
