"""From a source to its book, cast and script: the first steps of every command that speaks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache as cached
from functools import partial
from pathlib import Path

from pipeline.casting.casting_cache import with_voices
from pipeline.casting.discovery import load_or_find
from pipeline.casting.line_pronunciations import unsupported_pronunciations
from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.presence import missing_speakers
from pipeline.casting.speaker_names import read_by_narrator, with_cast_names
from pipeline.casting.voice_advice import voice_advice
from pipeline.core.cache import JsonCache
from pipeline.core.errors import CastError, Problem, SourceError
from pipeline.core.workers import Workers, collect_answers
from pipeline.dialogue import script_cache
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory
from pipeline.dialogue.identification_cache import IdentificationCache
from pipeline.dialogue.reading_marks import with_marks
from pipeline.dialogue.spoken_script import spoken_script
from pipeline.dialogue.styles import with_styles
from pipeline.dialogue.unspoken.passage import PassageKind
from pipeline.dialogue.unspoken.reassignment import with_unspoken
from pipeline.ingest.reader import read_chosen
from pipeline.ingest.selection import OWN_CHOICE, SectionChoice
from pipeline.ingest.source import Source
from pipeline.model import authors
from pipeline.model.book import Book
from pipeline.model.cast import Cast, Reader
from pipeline.model.pronunciation import is_ipa
from pipeline.model.script import Script
from pipeline.tts.engines import registry


def read_book(
    source: Source, metadata: Mapping[str, str] = {}, sections: SectionChoice = OWN_CHOICE
) -> Book:
    """Read a book or script; the fields of `metadata` override what it says of itself.

    `sections` are read or left out against its own choice.
    """
    book = read_chosen(source, sections, metadata)
    return replace(book, metadata=authors.with_sort_fields(book.metadata))


def prepare(
    book: Book,
    voices: Path,
    workers: Workers,
    cache: Path,
    *,
    notify: Callable[[Problem], None] | None = None,
    write_cast: bool = False,
    save: bool = True,
    engine: str | None = None,
) -> tuple[Cast, Script]:
    """Return the cast of a book, a voice for each role, and who speaks each line.

    The cast is loaded or found as `load_or_find` does, with `write_cast` in the producer's file,
    and its voices are checked against those offered by the engines. `notify` is called with a
    problem if the book and the cast do not match, and with what more voices would bring. With
    `save`, the casting and the attribution are cached under `cache`. `engine` is used instead of
    that of the file.
    """
    offered, known = offered_by(workers), IdentificationCache(cache, save)
    written = notify if write_cast else None
    cast = load_or_find(
        book, voices, registry.names(), offered, written, notify, known.exact, engine
    )
    if notify is not None and book.script is None and not cast.one_voice:
        for problem in missing_speakers(known.approximate(book), cast, book):
            notify(problem)
    script = attributed(book, cast, cache, save=save)
    cast = with_voices(cast, script, offered, cache, save)
    if notify is not None:
        for problem in voice_advice(cast, script, offered):
            notify(problem)
    return cast, _with_supported_pronunciations(script, cast, offered, book, notify)


def _with_supported_pronunciations(
    script: Script,
    cast: Cast,
    offered: VoiceLister,
    book: Book,
    notify: Callable[[Problem], None] | None,
) -> Script:
    """Return the script without IPA for voices that take none; in a script that is an error.

    In a text, which another tool has marked, it is only a warning.
    """
    problems = list(unsupported_pronunciations(script, cast, offered, book))
    if book.script is not None:
        CastError.raise_if(problems)
    if not problems:
        return script
    if notify is not None:
        for problem in problems:
            notify(problem)
    lines = (
        replace(
            line, pronunciations={w: p for w, p in line.pronunciations.items() if not is_ipa(p)}
        )
        for line in script
    )
    return replace(script, lines=tuple(lines))


def attributed(book: Book, cast: Cast, cache: Path, *, save: bool = True) -> Script:
    """Return who speaks each line, from the cache where it was computed before."""
    if book.script is not None or cast.one_voice:
        return attribute_speakers(book, cast)
    notes = JsonCache(cache, save)
    script = script_cache.cached_script(book, cast, notes, save, partial(_attribute, book, cast))
    return with_styles(with_marks(script, book), book)


def attribute_speakers(book: Book, cast: Cast) -> Script:
    """Attribute the lines of a book, or take those of a script, by the names of the cast."""
    return with_styles(with_marks(_attribute(book, cast), book), book)


def _attribute(book: Book, cast: Cast, memory: AttributionMemory | None = None) -> Script:
    """Return the lines without what marks in the text ask for.

    Chapters that `memory` recalls are not attributed again.
    """
    if cast.one_voice:
        return read_by_narrator(book.script or spoken_script(book, ()))
    if book.script is not None:
        return with_cast_names(book.script, cast)
    script = spoken_script(book, cast.characters, cast.first_person, memory)
    readers = {PassageKind.THOUGHT: cast.thoughts, PassageKind.MESSAGE: cast.messages}
    kinds = [kind for kind, reader in readers.items() if reader is Reader.CHARACTER]
    return with_unspoken(script, book, cast.characters, cast.first_person, kinds)


def offered_by(workers: Workers) -> VoiceLister:
    """Return a function from an engine's name to the voices it offers.

    All machines are asked, so that an engine missing on one of them is an error; the first
    machine's answer is used.
    """
    return cached(
        lambda engine: next(iter(collect_answers(workers.ask(registry.voices, engine)).values()))
    )


def select_chapters(script: Script, book: Book, chapters: Collection[int] | None = None) -> Script:
    """Return the script of all chapters or of some; SourceError when no line is left."""
    if chapters is not None:
        script = script.only(chapters)
    if script.lines:
        return script
    if chapters is None:
        raise SourceError.of("nothing to read aloud in this book", file=book.path)
    raise SourceError.of(
        f"no such chapter: the book has {len(book.chapters)}",
        file=book.path,
        remedy="correct --chapters",
    )
