"""The characters of a book into its cast: who tells it, and how often a cast is read."""

from pathlib import Path

import pytest

from pipeline.casting.discovery import add_found, load_or_find
from pipeline.casting.voices_file.loading import load
from pipeline.ingest.reader import read
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import registry

ENGINES = ["tone", "pyttsx3"]
TOLD_BY_I = """I went out to the mill at four. I was late, and I ran.

"Hurry, Oswin," said Greta.

"I am here," I said. I stood beside her.

"Oswin, hush," Greta said. "Listen."

I listened. I heard the wheel, and I was glad. "It turns," I said.

"It turns, Oswin," said Greta. She laughed.

"Come in, Oswin," said Marlow. He held the door.

"Not yet," I said. "Let me look, Marlow."
"""


@pytest.mark.parametrize(
    ("cast", "teller"),
    [
        ("engine: tone\n", "Oswin"),
        ("characters:\n  Mr. Grey: {aliases: [oswin]}\n", "Mr. Grey"),
        ("narrator: {character: Ann}\ncharacters:\n  Ann:\n", "Ann"),
        # who voices the lines of nobody is not everybody that has no role yet
        ("characters:\n  Ann:\nunknown: Ann\n", "Oswin"),
        # known by a part of a longer name, the teller has no role of that name
        ("characters:\n  Oswin Grey:\n", None),
    ],
)
def test_the_teller_is_somebody_of_the_cast(tmp_path: Path, cast: str, teller: str | None) -> None:
    """Whatever stood in the cast before, it can be read afterwards."""
    book, voices = tmp_path / "mill.txt", tmp_path / "cast.yaml"
    book.write_text(TOLD_BY_I)
    voices.write_text(cast)
    add_found(read(book), voices, load(voices, ENGINES))
    assert load(voices, ENGINES).first_person == teller


def test_a_cast_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine is asked for its voices once where the cast names somebody, again after writing."""
    asked: list[str] = []

    def offered(engine: str) -> tuple[VoiceInfo, ...]:
        asked.append(engine)
        return registry.voices(engine)

    monkeypatch.chdir(tmp_path)
    Path("mill.txt").write_text(TOLD_BY_I)
    book, voices = read(Path("mill.txt")), Path("voices.yaml")
    voices.write_text("engine: tone\n")
    told: list[str] = []
    cast = load_or_find(book, voices, ENGINES, offered, lambda problem: told.append(str(problem)))
    assert {c.name for c in cast.characters} == {"Oswin", "Greta", "Marlow"}
    assert told == ["found 3 characters; Oswin tells the book; wrote voices.yaml"]
    assert asked == ["tone", "tone"]
    assert load_or_find(book, voices, ENGINES, offered) == cast
    assert asked == ["tone"] * 3
