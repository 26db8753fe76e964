"""The Fountain script of a book on disk: written, and written again with its corrections kept."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.casting.speaker_names import with_cast_names
from pipeline.core import paths
from pipeline.core.atomic import atomic_write
from pipeline.core.cache import JsonCache
from pipeline.core.errors import EncodeError, Problem, SourceError
from pipeline.core.messages import count
from pipeline.core.output import OUTPUT_REMEDY, atomic_file
from pipeline.dialogue.attribution.reattribution import Reattribution
from pipeline.dialogue.script_cache import CachedAttributions
from pipeline.ingest import files, fountain
from pipeline.ingest.source import Source, output_stem, paths_of
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line, Script

Teach = Callable[[Script], Script]
"""Attributes the lines that no person corrected again, around those that one did."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A script with the corrections of the file it replaces, of which `kept` were carried over.

    `metadata` are those of the file, which may have been edited by hand, too. `lost` are the edits
    that could not be carried over.
    """

    script: Script
    metadata: Metadata
    kept: int = 0
    lost: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The script as Fountain."""
        return fountain.write(self.script, self.metadata)


def merged_with_file(
    book: Book, lines: Script, cast: Cast, path: Path, teach: Teach | None = None
) -> MergedFile:
    """Return the script `lines` of a book with the corrections in the file at `path`, if any.

    Their neighbours are attributed again around them by `teach`. Raises SourceError if the file was
    not written by fullcast.
    """
    if not paths.is_file(path) or not path.stat().st_size:
        return MergedFile(lines, book.metadata)
    old_book = fountain.read(path)
    old = fountain.read_edits(old_book)
    if not old.generated:
        raise SourceError.of(
            "already exists and was not written by fullcast",
            file=path,
            remedy="name another file, or delete this one",
        )
    old = replace(old, script=with_cast_names(old.script, cast))
    merged = fountain.merge(lines, old, path)
    script = teach(merged.script) if teach and merged.kept else merged.script
    return MergedFile(script, old_book.metadata, merged.kept, merged.lost)


def default_path(source: Source) -> Path:
    """Return where the corrections of a book are kept, unless another script is named."""
    return Path(f"{output_stem(source)}.fountain")


def unused_corrections(source: Source) -> Iterator[Problem]:
    """Yield a notice if the script of a book has corrections, but the book itself is read."""
    path = default_path(source)
    if path in paths_of(source) or not is_ours(path):
        return
    try:
        script = fountain.read_edits(fountain.read(path)).script
    except SourceError:  # who renders the script hears of it
        return
    if corrected := sum(line.corrected for line in script):
        what = f"{count(corrected, 'correction')} in {path} {'is' if corrected == 1 else 'are'}"
        remedy = f"name {path} instead of the book to have them"
        yield Problem(f"{what} not used here", remedy=remedy)


def is_ours(path: Path) -> bool:
    """Return whether there is a script that fullcast wrote."""
    try:
        return paths.is_file(path) and fountain.is_generated(files.load(path))
    except SourceError:
        return False


def publish(path: Path, text: str) -> None:
    """Write a script; raises EncodeError if another command is writing it."""
    with atomic_file(path) as file:
        file.write_text(text, encoding="utf-8", newline="\n")


def save(path: Path, text: str) -> None:
    """Replace a script that is being corrected, so that it survives a power failure."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, mode=0o644, durable=True) as (_, file):
            file.write(text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        what = f"the script cannot be written ({error.strerror or error})"
        raise EncodeError.of(what, file=path, remedy=OUTPUT_REMEDY) from error


def back_up(path: Path) -> Path:
    """Copy a script to `NAME.bak`, and return that."""
    backup = path.with_name(f"{path.name}.bak")
    with atomic_file(backup) as copy:
        shutil.copyfile(path, copy)
    return backup


def reattribution(book: Book, cast: Cast, cache: Path) -> Reattribution:
    """Return the attribution of a book, to be done again around corrections."""
    memory = CachedAttributions(book, cast, JsonCache(cache, create=False), write=False)
    return Reattribution(book, cast.characters, cast.first_person, memory)


def taught(script: Script, attribution: Reattribution) -> Script:
    """Return a script with the lines that nobody corrected attributed around those corrected."""
    known = {
        line.start: line.speaker
        for line in script
        if line.corrected and line.kind is Kind.SPEECH and line.start is not None
    }
    again = {line.start: line for line in attribution.script(known)}
    lines = (_with_speaker(line, again.get(line.start)) for line in script)
    return fountain.with_speaker_pauses(replace(script, lines=tuple(lines)))


def teach_with(book: Book, cast: Cast, cache: Path) -> Teach | None:
    """Return what attributes a book again around corrections; None if its speakers are given."""
    if book.script is not None or cast.one_voice:
        return None
    return partial(_teach, book, cast, cache)


def _teach(book: Book, cast: Cast, cache: Path, script: Script) -> Script:
    return taught(script, reattribution(book, cast, cache))


def _with_speaker(line: Line, again: Line | None) -> Line:
    if again is None or line.corrected or line.kind is not Kind.SPEECH:
        return line
    return replace(
        line,
        speaker=again.speaker,
        confidence=again.confidence,
        why=again.why,
        candidates=again.candidates,
    )
