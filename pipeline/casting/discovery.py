"""Find the characters of a book and add those that are missing to its cast."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.presence import is_in_book, replaced_cast
from pipeline.casting.speaker_names import with_cast_names
from pipeline.casting.voices_file.fields import name_error
from pipeline.casting.voices_file.insertion import NewCharacter, add_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import LOCAL_CAST, default_path
from pipeline.casting.voices_file.parsing import MAX_BYTES
from pipeline.core import paths
from pipeline.core.data import word_set, words_with
from pipeline.core.errors import CastError, Problem
from pipeline.core.messages import count
from pipeline.dialogue.characters.first_names import gender_of_first_name
from pipeline.dialogue.characters.identification import (
    Identification,
    IdentifiedCharacter,
    identify_characters,
    missing_characters,
)
from pipeline.dialogue.characters.line_counts import count_speeches
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.age import age_from_names
from pipeline.model.book import Book
from pipeline.model.cast import FREE_SETTINGS, Cast, Role
from pipeline.model.characters import NARRATOR, UNKNOWN, Character, Gender
from pipeline.model.script import Script
from pipeline.model.voice import Voice

Notify = Callable[[Problem], None]
Identify = Callable[[Book], Identification]


@dataclass(frozen=True, slots=True)
class CastAdditions:
    """What was added to a cast: the names, and the first-person narrator if that was missing.

    `identified` counts all characters of the book, in the cast before or not.
    """

    identified: int
    names: tuple[str, ...]
    first_person: str | None = None

    def summary(self, voices: Path) -> str:
        """Return a message about what was found and written to `voices`."""
        known = self.identified - len(self.names)
        characters = f"found {count(self.identified, 'character')}"
        if not self.names and self.first_person is None:
            return f"{characters}, all already in {voices}" if known else characters
        already = f", {known:,} of them already in the cast" if known else ""
        narrator = f"; first-person narrator: {self.first_person}" if self.first_person else ""
        return f"{characters}{already}{narrator}; wrote {voices}"


def load_or_find(
    book: Book,
    voices: Path,
    engines: Collection[str],
    voices_of: VoiceLister | None = None,
    on_written: Notify | None = None,
    on_replaced: Notify | None = None,
    identify: Identify = identify_characters,
    engine: str | None = None,
) -> Cast:
    """Load the cast of `book` as `load` does; find its characters if the cast has none in it.

    A cast without characters is completed: in the producer's file, or without one, and if no
    character of the cast in the package is in the book, in `./voices.yaml`. `on_written` is called
    with a message when the file was written; without it, no file is. A cast of characters none of
    whom is in the book is left alone: those found take their place in the cast that is returned,
    and `on_replaced` is called if anybody speaks. A script names its speakers itself, those of a
    text that names them are added, and one voice needs no names. `engine` is used instead of that
    of the file, and is written into a new one.
    """
    given = _given_cast(book, voices, engines, voices_of, engine)
    if given and (given.one_voice or book.script is not None):
        return given if given.one_voice else _with_named_speakers(given, book)
    if given and given.characters:
        if is_in_book(given, book):
            return given
        cast = with_characters(given, identify(book))
        if on_replaced is not None and any(span.speech for span in split(book)):
            on_replaced(replaced_cast(given, cast, book))
        return cast
    path = given.path if given else LOCAL_CAST
    with _temporary_copy(path) if on_written is None else nullcontext(path) as file:
        additions = add_missing_characters(book, file, given, identify, engine)
        if not additions.names:
            given = given or load(voices, engines, voices_of, engine)
            return with_characters(given, Identification(()))
        if on_written is not None:
            on_written(Problem(additions.summary(path)))
        return replace(load(file, engines, voices_of, engine), path=path)


def with_characters(cast: Cast, found: Identification) -> Cast:
    """Return a cast with the characters of `found` in place of its own."""
    characters = [identified.character for identified in found.characters]
    narrator = next((c for c in characters if c.name == found.first_person), None)
    return replace(
        cast,
        narrator=replace(
            cast.narrator,
            character=narrator,
            gender=cast.narrator.gender or (narrator.gender if narrator else None),
        ),
        roles={character.name: _role(character, cast) for character in characters},
        unknown=NARRATOR,
        first_person=narrator.name if narrator else None,
    )


def _with_named_speakers(cast: Cast, book: Book) -> Cast:
    """Return the cast with the speakers that a text names before its lines.

    In a Fountain script, which people correct, an unknown name is more probably a typing error.
    """
    script = book.script
    if script is None or not any(line.start is not None for line in script):
        return cast
    named = (identified.character for identified in _speakers(script, cast).characters)
    added = {
        character.name: _role(_with_gender(character), cast)
        for character in named
        if not cast.find(character.name)
    }
    return replace(cast, roles={**cast.roles, **added})


def _with_gender(character: Character) -> Character:
    """Return a character with the gender that a title or the first name suggests."""
    first = character.name.casefold().split()[0].rstrip(".")
    for gender in (Gender.MALE, Gender.FEMALE):
        if first in words_with("titles", gender) or first in word_set(f"first_names_{gender}"):
            return replace(character, gender=gender)
    return replace(character, gender=gender_of_first_name(first))


def _role(character: Character, cast: Cast) -> Role:
    """Return a role to be cast automatically."""
    return Role(
        character.name,
        Voice(cast.engine),
        character,
        gender=character.gender,
        age=age_from_names((character.name, *character.aliases)),
        free=FREE_SETTINGS,
        engines=cast.engines,
    )


def add_missing_characters(
    book: Book,
    voices: Path,
    cast: Cast | None,
    identify: Identify = identify_characters,
    engine: str | None = None,
) -> CastAdditions:
    """Find the characters of a book or a script and add those missing to the cast at `voices`.

    `cast` is what the file holds now, None if there is none; then it is made for `engine`. Raises
    CastError, and writes nothing, if the file has no place for them.
    """
    if book.script is not None:
        found = _speakers(book.script, cast)
        # A part of a name in the cast is somebody else here: cues are matched to the letter.
        new = [c for c in found.characters if not (cast and cast.find(c.character.name))]
    else:
        found = identify(book)
        new = missing_characters(found, cast.characters if cast else ())
    names = tuple(identified.character.name for identified in new)
    first_person = _first_person(found, names, cast)
    added = [_new_character(identified) for identified in new]
    add_characters(voices, added, first_person, engine)
    return CastAdditions(len(found.characters), names, first_person)


def _given_cast(
    book: Book,
    voices: Path,
    engines: Collection[str],
    voices_of: VoiceLister | None,
    engine: str | None,
) -> Cast | None:
    """Load the producer's cast, or the one in the package if it is of this book."""
    is_producers = voices != default_path() or os.path.lexists(LOCAL_CAST)
    # Whether this machine has the voices of the cast in the package matters only if it is used.
    if is_producers or book.script is not None or is_in_book(load(voices, engines), book):
        return load(voices, engines, voices_of, engine)
    return None


def _speakers(script: Script, cast: Cast | None) -> Identification:
    """Return the speakers of a script, by the names in its cues that a cast can contain."""
    counts, samples = count_speeches(with_cast_names(script, cast))
    speakers = [
        IdentifiedCharacter(Character(name), lines, lines, samples[name], "cue in the script")
        for name, lines in counts.most_common()
        if name not in (NARRATOR, UNKNOWN) and not name_error(name)
    ]
    return Identification(tuple(speakers))


@contextmanager
def _temporary_copy(path: Path) -> Iterator[Path]:
    """Yield a copy of a file, if there is one, that is deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        copy = Path(folder) / path.name
        if paths.exists(path, CastError):
            copy.write_bytes(paths.read_bytes(path, MAX_BYTES, CastError))
        yield copy


def _first_person(found: Identification, new: Collection[str], cast: Cast | None) -> str | None:
    """Return the first-person narrator's name in the cast; None if the producer named one.

    `new` are the names of the characters that are added.
    """
    characters = (identified.character for identified in found.characters)
    narrator = next((c for c in characters if c.name == found.first_person), None)
    if narrator is None or (cast and cast.first_person):
        return None
    for name in (narrator.name, *narrator.aliases):
        role = cast.find(name) if cast else None
        if role and role.character:
            return role.name
    # If a part of a longer name in the cast, it is for the producer to say who is meant.
    return narrator.name if narrator.name in new else None


def _new_character(identified: IdentifiedCharacter) -> NewCharacter:
    lines = count(identified.lines, "line")
    comment = f'{lines}, such as "{identified.sample}"' if identified.sample else "no lines"
    return NewCharacter(identified.character, comment, identified.evidence)
