"""Add the characters of a book to its cast: the first-person narrator, and how often it is read."""

from pathlib import Path

import pytest

from pipeline.casting.discovery import add_missing_characters, load_or_find
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import default_path
from pipeline.core.errors import Problem
from pipeline.ingest.reader import read
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import registry

ENGINES = ["tone", "pyttsx3"]
FIRST_PERSON = """I went out to the mill at four. I was late, and I ran.

"Hurry, Oswin," said Greta.

"I am here," I said. I stood beside her.

"Oswin, hush," Greta said. "Listen."

I listened. I heard the wheel, and I was glad. "It turns," I said.

"It turns, Oswin," said Greta. She laughed.

"Come in, Oswin," said Marlow. He held the door.

"Not yet," I said. "Let me look, Marlow."
"""


@pytest.mark.parametrize(
    ("cast", "narrator"),
    [
        ("engine: tone\n", "Oswin"),
        ("characters:\n  Mr. Grey: {aliases: [oswin]}\n", "Mr. Grey"),
        ("narrator: {character: Ann}\ncharacters:\n  Ann:\n", "Ann"),
        # the role for unidentified speakers is not that of a missing character
        ("characters:\n  Ann:\nunknown: Ann\n", "Oswin"),
        # a part of a longer name does not identify the narrator
        ("characters:\n  Oswin Grey:\n", None),
    ],
)
def test_the_first_person_narrator_is_in_the_cast(
    tmp_path: Path, cast: str, narrator: str | None
) -> None:
    """Whatever the cast held before, it can be loaded afterwards."""
    book, voices = tmp_path / "mill.txt", tmp_path / "cast.yaml"
    book.write_text(FIRST_PERSON)
    voices.write_text(cast)
    add_missing_characters(read(book), voices, load(voices, ENGINES))
    assert load(voices, ENGINES).first_person == narrator


def test_a_cast_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine is asked for its voices once if the cast has characters, again after writing."""
    asked: list[str] = []

    def voices_of(engine: str) -> tuple[VoiceInfo, ...]:
        asked.append(engine)
        return registry.voices(engine)

    monkeypatch.chdir(tmp_path)
    Path("mill.txt").write_text(FIRST_PERSON)
    book, voices = read(Path("mill.txt")), Path("voices.yaml")
    voices.write_text("engine: tone\n")
    messages: list[str] = []
    cast = load_or_find(book, voices, ENGINES, voices_of, lambda p: messages.append(str(p)))
    assert {c.name for c in cast.characters} == {"Oswin", "Greta", "Marlow"}
    assert messages == ["found 3 characters; first-person narrator: Oswin; wrote voices.yaml"]
    assert asked == ["tone", "tone"]
    assert load_or_find(book, voices, ENGINES, voices_of) == cast
    assert asked == ["tone"] * 3


OTHERS = """engine: tone
narrator: {voice: even, rate: 150}
characters:
  Ludovic: {aliases: [the miller], voice: low}
  Hesper: {}
lexicon: {Greta: GRAY-ta}
unknown: Hesper
"""


def test_a_cast_of_another_book_is_replaced_in_memory(tmp_path: Path) -> None:
    """The producer's settings for all roles stay; the file is not written, even when one may be."""
    source, voices = tmp_path / "mill.txt", tmp_path / "cast.yaml"
    source.write_text(FIRST_PERSON)
    voices.write_text(OTHERS)
    written = list[Problem]()
    replaced = list[Problem]()
    cast = load_or_find(
        read(source),
        voices,
        ENGINES,
        on_written=written.append,
        on_replaced=replaced.append,
    )
    assert set(cast.roles) == {"Oswin", "Greta", "Marlow"}
    assert {role.voice.engine for role in cast.roles.values()} == {"tone"}
    assert all("id" in role.free for role in cast.roles.values())
    assert (cast.narrator.voice.id, cast.narrator.voice.rate) == ("even", 150)
    assert cast.lexicon == {"Greta": "GRAY-ta"}
    assert (cast.unknown, cast.first_person) == ("narrator", "Oswin")
    assert voices.read_text() == OTHERS
    assert not written
    (problem,) = replaced
    assert problem.file == voices
    assert "nobody of this cast is in" in problem.what
    assert f"`fullcast cast {source} --voices {voices}`" in str(problem.remedy)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hesper sat down. She was glad.", {"Ludovic", "Hesper"}),
        ("It was the miller who came.", {"Ludovic", "Hesper"}),
        ("It was a miller who came. He was vesperal.", set()),
    ],
)
def test_a_cast_with_somebody_in_the_book_is_that_of_the_book(
    tmp_path: Path, text: str, names: set[str]
) -> None:
    source, voices = tmp_path / "story.txt", tmp_path / "cast.yaml"
    source.write_text(text)
    voices.write_text(OTHERS)
    replaced = list[Problem]()
    cast = load_or_find(read(source), voices, ENGINES, on_replaced=replaced.append)
    assert set(cast.roles) == names
    assert not replaced, "there is no speech to be cast"


@pytest.mark.parametrize("has_cast", [True, False])
def test_speech_of_nobody_is_not_given_to_a_cast_of_another_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_cast: bool
) -> None:
    """Neither to the producer's nor to the one in the package."""
    monkeypatch.chdir(tmp_path)
    Path("fog.txt").write_text('"Is it far?" came from the fog.\n\n"No," came back.\n')
    if has_cast:
        Path("voices.yaml").write_text(OTHERS)
    replaced = list[Problem]()
    book = read(Path("fog.txt"))
    cast = load_or_find(book, default_path(), ENGINES, on_replaced=replaced.append)
    assert (dict(cast.roles), cast.unknown) == ({}, "narrator")
    assert len(replaced) == has_cast
    assert all("cast: narrator" in str(problem.remedy) for problem in replaced)


def test_one_voice_needs_no_characters(tmp_path: Path) -> None:
    source, voices = tmp_path / "mill.txt", tmp_path / "cast.yaml"
    source.write_text(FIRST_PERSON)
    voices.write_text("cast: narrator\nengine: tone\n")
    problems = list[Problem]()
    cast = load_or_find(
        read(source), voices, ENGINES, on_written=problems.append, on_replaced=problems.append
    )
    assert (dict(cast.roles), cast.one_voice, problems) == ({}, True, [])
    assert voices.read_text() == "cast: narrator\nengine: tone\n"
