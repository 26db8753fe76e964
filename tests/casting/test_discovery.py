"""Add the characters of a book to its cast: the first-person narrator, and how often it is read."""

from pathlib import Path

import pytest

from pipeline.casting.discovery import add_missing_characters, load_or_find
from pipeline.casting.voices_file.loading import load
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
