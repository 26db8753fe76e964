"""The unusual words of a book and how they will be said, to be checked before it is rendered."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.app.order import RenderListener, RenderOrder
from pipeline.app.preparation import prepare
from pipeline.app.render import RenderJob, RenderResult, render_script
from pipeline.app.workers import local_workers
from pipeline.casting.voices_file.sections import section_choice
from pipeline.core.errors import SourceError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.ingest.reader import read_chosen
from pipeline.ingest.source import Source
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.lexicon.phonemes import to_ipa
from pipeline.tts.lexicon.rare_words import find_rare_words
from pipeline.tts.segmentation import utterances

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """An unusual word, how often it occurs in the book, and how it is said.

    `lexicon` is its entry in voices.yaml, or None; `phonemes` is what eSpeak NG makes of that, in
    IPA.
    """

    word: str
    count: int
    name: bool
    lexicon: str | None
    phonemes: str


@dataclass(frozen=True, slots=True)
class Pronunciations:
    """The unusual words of a book, and the cast whose lexicon applies to them."""

    book: Book
    cast: Cast
    entries: tuple[Pronunciation, ...]

    def only(self, most: int | None) -> "Pronunciations":
        """Return the first `most` entries."""
        return replace(self, entries=self.entries[:most])


def pronunciations(source: Source, voices: Path, cache: Path) -> Pronunciations:
    """Find the unusual words of a book or script; raises PipelineError."""
    book = read_chosen(source, section_choice(voices))
    with local_workers(1, voices) as workers:
        cast, script = prepare(book, voices, workers, cache, save=False)
    language = book.metadata.language or _ENGLISH
    words = find_rare_words((line.text for line in script), language)
    lexicon = Lexicon(cast.lexicon_of(cast.narrator))
    texts = ["".join(utterances(word.text, lexicon, language)) or word.text for word in words]
    with LocalWorkers(1) as workers:  # a fresh process: eSpeak NG starts only once in each
        ipa = _phonemes(texts, cast, language, workers)
    entries = (
        Pronunciation(
            word.text, word.count, word.is_name, text if lexicon.covers(word.text) else None, sound
        )
        for word, text, sound in zip(words, texts, ipa, strict=True)
    )
    return Pronunciations(book, cast, tuple(entries))


def _phonemes(texts: Sequence[str], cast: Cast, language: str, workers: Executor) -> list[str]:
    voice = cast.narrator.voice
    wanted = (voice.id, language) if voice.engine == "pyttsx3" and voice.id else (language,)
    return result_of(workers.submit(to_ipa, texts, wanted))


def record_words(
    words: Pronunciations, order: RenderOrder, listener: RenderListener
) -> RenderResult:
    """Render the words, spoken by the narrator: a chapter for names, one for the other words."""
    titles = {1: "Names", 2: "Other words"}
    lines = tuple(_lines(words.entries))
    if not lines:
        raise SourceError.of("no unusual words in this book", file=words.book.path)
    script = Script(lines, {n: titles[n] for n in sorted({line.chapter for line in lines})})
    metadata = replace(words.book.metadata, title=f"Words of {words.book.metadata.title}")
    book = replace(words.book, metadata=metadata)
    return render_script(order, RenderJob(book, words.cast, script), listener)


def _lines(entries: Sequence[Pronunciation]) -> Iterator[Line]:
    for number, entry in enumerate(entries):
        last = number + 1 == len(entries) or entries[number + 1].name != entry.name
        chapter = 1 if entry.name else 2
        pause = Pause.CHAPTER if last else Pause.PARAGRAPH
        yield Line(entry.word, NARRATOR, Kind.NARRATION, chapter, pause=pause)
