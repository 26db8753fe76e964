"""A book's unusual words, as they will be said, so that they are heard before the book is."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.book import Book
from pipeline.cast import Cast
from pipeline.characters import NARRATOR
from pipeline.errors import SourceError
from pipeline.lexicon import Lexicon
from pipeline.lexicon.phonemes import phonemes
from pipeline.lexicon.unusual import unusual
from pipeline.production import (
    Listener,
    Order,
    Performance,
    Production,
    read_out,
    read_source,
    rehearse,
)
from pipeline.script import Kind, Line, Pause, Script
from pipeline.utterances import utterances
from pipeline.workers import LocalWorkers, outcome

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """An unusual word: how often it is in the book, and how it is said.

    `lexicon` is how voices.yaml has it said, or None; `phonemes` is what eSpeak NG makes of that,
    in IPA.
    """

    word: str
    count: int
    name: bool
    lexicon: str | None
    phonemes: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The unusual words of a book, and the cast that says them."""

    book: Book
    cast: Cast
    entries: tuple[Entry, ...]

    def only(self, most: int | None) -> "Glossary":
        """Give the first `most` entries."""
        return replace(self, entries=self.entries[:most])


def glossary(source: Path, voices: Path, cache: Path) -> Glossary:
    """Find the unusual words of a book or script; raises PipelineError."""
    book = read_source(source)
    with LocalWorkers(1) as workers:
        cast, script = rehearse(book, voices, workers, cache, keep=False)
    language = book.metadata.language or _ENGLISH
    words = unusual((line.text for line in script), language)
    lexicon = Lexicon(cast.lexicon_of(cast.narrator))
    said = ["".join(utterances(word.text, lexicon, language)) or word.text for word in words]
    with LocalWorkers(1) as workers:  # of its own: eSpeak NG starts but once in a process
        sounds = _sounds(said, cast, language, workers)
    entries = (
        Entry(word.text, word.count, word.name, text if lexicon.has(word.text) else None, sound)
        for word, text, sound in zip(words, said, sounds, strict=True)
    )
    return Glossary(book, cast, tuple(entries))


def _sounds(said: Sequence[str], cast: Cast, language: str, workers: Executor) -> list[str]:
    voice = cast.narrator.voice
    wanted = (voice.id, language) if voice.engine == "pyttsx3" and voice.id else (language,)
    return outcome(workers.submit(phonemes, said, wanted))


def read_words(words: Glossary, order: Order, listener: Listener) -> Production:
    """Have the narrator say the words into one file: names, then the others, a chapter each."""
    titles = {1: "Names", 2: "Other words"}
    lines = tuple(_lines(words.entries))
    if not lines:
        raise SourceError.of("there are no unusual words in this book", file=words.book.path)
    script = Script(lines, {n: titles[n] for n in sorted({line.chapter for line in lines})})
    metadata = replace(words.book.metadata, title=f"Words of {words.book.metadata.title}")
    book = replace(words.book, metadata=metadata)
    return read_out(order, Performance(book, words.cast, script), listener)


def _lines(entries: Sequence[Entry]) -> Iterator[Line]:
    for number, entry in enumerate(entries):
        last = number + 1 == len(entries) or entries[number + 1].name != entry.name
        chapter = 1 if entry.name else 2
        pause = Pause.CHAPTER if last else Pause.PARAGRAPH
        yield Line(entry.word, NARRATOR, Kind.NARRATION, chapter, pause=pause)
