"""A text in which each line begins with its speaker is a script; any other is prose."""

from pathlib import Path

import pytest

from conftest import Fullcast
from pipeline.casting.discovery import load_or_find
from pipeline.dialogue.reading_marks import with_marks
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Gender
from pipeline.model.script import Kind, Pause

PLAY = """\
Title: The Ferry
Author: Ann Author

Chapter 1: Fog

Ruth: Is that the ferry?
Captain Cole (shouting): Stand back!
RUTH: (quietly) It is late: an hour
and more.

They wait on the quay.

Narrator: Nobody came.
Ruth: [pause 2s] “Well?”

* * *

Chapter 2

Captain Cole: All aboard. <break/>
Ruth: http://ferry.example is down.
"""


def book_of(tmp_path: Path, text: str) -> Book:
    path = tmp_path / "ferry.txt"
    path.write_bytes(text.encode())
    return read(path)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_script_is_read_with_its_speakers(tmp_path: Path, line_end: str) -> None:
    source = PLAY.replace("\n", line_end)
    book = book_of(tmp_path, source)
    assert book.script is not None
    assert [(line.chapter, line.speaker, line.text, line.delivery) for line in book.script] == [
        (1, "narrator", "Chapter 1: Fog", None),
        (1, "Ruth", "Is that the ferry?", None),
        (1, "Captain Cole", "Stand back!", "shouting"),
        (1, "Ruth", "It is late: an hour and more.", "quietly"),
        (1, "narrator", "They wait on the quay.", None),
        (1, "narrator", "Nobody came.", None),
        (1, "Ruth", "Well?", None),
        (2, "narrator", "Chapter 2", None),
        (2, "Captain Cole", "All aboard.", None),
        (2, "Ruth", "http://ferry.example is down.", None),
    ]
    assert [" ".join(source[line.start : line.end].split()) for line in book.script] == [
        line.text for line in book.script
    ]
    assert (book.metadata.title, book.metadata.author) == ("The Ferry", "Ann Author")
    assert dict(book.script.chapters) == {1: "Chapter 1: Fog", 2: "Chapter 2"}
    assert [line.row for line in book.script][:3] == [4, 6, 7]
    assert book.script.lines[6].pause is Pause.CHAPTER
    assert {line.confidence for line in book.script if line.kind is Kind.SPEECH} == {1.0}


def test_a_pause_before_a_speech_follows_the_line_before_it(tmp_path: Path) -> None:
    book = book_of(tmp_path, PLAY)
    assert book.script is not None
    silences = [line.silence for line in with_marks(book.script, book)]
    assert silences == [0, 0, 0, 0, 0, 2.0, 0, 0, 1.0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Yes.\nTom: No.\nAnna: So.\n",
        "**Anna:** Yes.\n\n**Tom:** No.\n\n**Anna:** So.\n",
        "ANNA: Yes.\n\nTOM: No.\n\nANNA: So.\n",
        "Anna:\nYes.\n\nTom:\nNo.\n\nAnna:\nSo.\n",
        "Anna: “Yes.”\n\nTom: “No.”\n\nAnna: “So.”\n",
    ],
)
def test_other_layouts(tmp_path: Path, text: str) -> None:
    book = book_of(tmp_path, text)
    assert book.script is not None
    assert [(line.speaker.title(), line.text) for line in book.script] == [
        ("Anna", "Yes."),
        ("Tom", "No."),
        ("Anna", "So."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Yes.\n\nIt rained.\n\nTom: No.\n\nThey left.\n\nAnna: So.\n\nIt was late.\n",
        "Eggs: two.\nMilk: a pint.\nFlour: a pound.\nSalt: some.\n",
        "Ruth said: Yes.\n\nCole said: No.\n\nRuth said: So.\n",
        "Ruth: a life. Ruth lived by the sea.\n\nShe was old.\n\nShe left.\n",
        "Chapter 1: Fog\n\nIt was dark.\n\nChapter 2: Rain\n\nIt rained.\n",
        "Narrator: One.\nNarrator: Two.\nNarrator: Three.\n",
    ],
)
def test_prose_stays_prose(tmp_path: Path, text: str) -> None:
    assert book_of(tmp_path, text).script is None


def test_the_names_become_characters_of_the_cast(tmp_path: Path) -> None:
    voices = tmp_path / "voices.yaml"
    voices.write_text("engine: tone\ncharacters:\n  Ruth: {voice: high}\n")
    cast = load_or_find(book_of(tmp_path, PLAY), voices, ("tone",))
    assert list(cast.roles) == ["Ruth", "Captain Cole"]
    assert cast.roles["Ruth"].voice.id == "high"
    other = book_of(tmp_path, "Mrs. Hill: Yes.\nJames: No.\nJames: So.\nMrs. Hill: So?\n")
    genders = {n: role.gender for n, role in load_or_find(other, voices, ("tone",)).roles.items()}
    assert genders == {"Ruth": None, "Mrs. Hill": Gender.FEMALE, "James": Gender.MALE}


def test_a_script_in_plain_text_is_written_as_fountain(fullcast: Fullcast, folder: Path) -> None:
    (folder / "play.txt").write_text(PLAY, encoding="utf-8")
    (folder / "voices.yaml").write_text("engine: tone\n")
    run = fullcast("script", "play.txt")
    assert "@Captain Cole\n(shouting)\nStand back!" in run.stdout
    assert "not in the cast" not in run.stderr
