"""The characters found in a book, into its cast."""

import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.casting.cue_names import with_cast_names
from pipeline.casting.voices_file.default import HERE, default_path
from pipeline.casting.voices_file.fields import flaw
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.writing import NewCharacter, add
from pipeline.core.errors import Problem
from pipeline.core.messages import count
from pipeline.dialogue.characters.identification import (
    Identification,
    IdentifiedCharacter,
    identify_characters,
    missing_characters,
)
from pipeline.dialogue.characters.line_counts import count_speeches
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR, UNKNOWN, Character
from pipeline.model.script import Script
from pipeline.model.voice import VoiceInfo

Offered = Callable[[str], Sequence[VoiceInfo]]
"""What an engine offers, by the engine's name."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What was found in a book, who was added to the cast, and the teller if that was added."""

    found: int
    names: tuple[str, ...]
    teller: str | None = None

    def told(self, voices: Path) -> str:
        """Tell in words what was found and written."""
        found, new = self.found, len(self.names)
        characters = f"found {count(found, 'character')}"
        if not new and self.teller is None:
            return f"{characters}; all are in {voices} already" if found else characters
        known = f", {found - new:,} of them there already" if new < found else ""
        teller = f"; {self.teller} tells the book" if self.teller else ""
        return f"{characters}{known}{teller}; wrote {voices}"


def load_or_find(
    book: Book,
    voices: Path,
    engines: Collection[str],
    offered: Offered | None = None,
    wrote: Callable[[Problem], None] | None = None,
) -> Cast:
    """Read the cast of `book` as `load` does, with the characters found where it names nobody.

    They are found where the producer's file names nobody, and into `./voices.yaml` where there is
    none and nobody in the cast that fullcast brings occurs in the book. A script names its
    speakers itself. `wrote` is told when they have been written; without it nothing is written.
    """
    given = _given(book, voices, engines, offered)
    if given and (given.characters or book.script is not None):
        return given
    place = given.path if given else HERE
    with _copied(place) if wrote is None else nullcontext(place) as file:
        additions = add_found(book, file, given)
        if not additions.names:
            return given or load(voices, engines, offered)
        if wrote is not None:
            wrote(Problem(additions.told(place)))
        return replace(load(file, engines, offered), path=place)


def add_found(book: Book, voices: Path, cast: Cast | None) -> Additions:
    """Find the characters of a book or a script and add those missing to the cast at `voices`.

    `cast` is what stands there now, None for nothing. Raises CastError, and writes nothing, where
    there is no place for them.
    """
    if book.script is not None:
        findings = _speaking(book.script, cast)
        # In a script the part of a name is somebody else's: a render takes cues to the letter.
        new = [f for f in findings.characters if not (cast and cast.find(f.character.name))]
    else:
        findings = identify_characters(book)
        new = missing_characters(findings, cast.characters if cast else ())
    teller = _teller(findings, new, cast)
    add(voices, [_entry(finding) for finding in new], teller)
    return Additions(len(findings.characters), tuple(f.character.name for f in new), teller)


def _given(
    book: Book, voices: Path, engines: Collection[str], offered: Offered | None
) -> Cast | None:
    """Read the cast that the producer has given; None for one that is not of this book."""
    producers = HERE.exists() or voices != default_path() or book.script is not None
    # Whether this machine has the voices of the cast that fullcast brings matters if it is used.
    if producers or _occurs(load(voices, engines), book):
        return load(voices, engines, offered)
    return None


def _occurs(cast: Cast, book: Book) -> bool:
    names = [name for c in cast.characters for name in (c.name, *c.aliases)]
    if not names:
        return False
    return re.search(rf"\b(?:{'|'.join(map(re.escape, names))})\b", book.text) is not None


def _speaking(script: Script, cast: Cast | None) -> Identification:
    """Who speaks in a script, by the names in its cues, as far as a cast can hold them."""
    times, samples = count_speeches(with_cast_names(script, cast))
    people = [
        IdentifiedCharacter(Character(name), lines, lines, samples[name], "cue in the script")
        for name, lines in times.most_common()
        if name not in (NARRATOR, UNKNOWN) and not flaw(name)
    ]
    return Identification(tuple(people))


@contextmanager
def _copied(place: Path) -> Iterator[Path]:
    """Give a copy of a file to write to in its stead, and forget it in the end."""
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        copy = Path(folder) / place.name
        if place.exists():
            shutil.copyfile(place, copy)
        yield copy


def _teller(
    findings: Identification, new: Collection[IdentifiedCharacter], cast: Cast | None
) -> str | None:
    """Who tells the book, by the name in the cast; None where the producer has said it."""
    found = [f.character for f in findings.characters if f.character.name == findings.first_person]
    if not found or (cast and cast.first_person):
        return None
    for name in (found[0].name, *found[0].aliases):
        role = cast.find(name) if cast else None
        if role and role.character:
            return role.name
    # Known by a part of a longer name only: who is meant is for the producer to say.
    return findings.first_person if found[0].name in {f.character.name for f in new} else None


def _entry(finding: IdentifiedCharacter) -> NewCharacter:
    lines = count(finding.lines, "line")
    remark = f'{lines}, such as "{finding.sample}"' if finding.sample else "says nothing"
    return NewCharacter(finding.character, remark, finding.evidence)
