"""The characters found in a book, into its cast."""

import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import fountain
from pipeline.book import Book
from pipeline.cast import Cast, default_path, load
from pipeline.cast.writing import Entry, add
from pipeline.engines.base import VoiceInfo
from pipeline.finder import Finding, Findings, find, missing
from pipeline.wording import count


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


def add_found(book: Book, voices: Path, engines: Collection[str]) -> Additions:
    """Find the characters of `book` and add those missing to the cast at `voices`.

    `engines` are the names of the engines there are. Raises CastError, and writes nothing, where
    there is a mistake in the file.
    """
    cast = load(voices, engines) if voices.exists() else None
    known = cast.characters if cast else ()
    findings = find(book)
    new = missing(findings, known)
    teller = _teller(findings, cast)
    add(voices, [_entry(finding) for finding in new], teller)
    return Additions(len(findings.people), tuple(f.character.name for f in new), teller)


def place_for_found(book: Book, voices: Path, engines: Collection[str]) -> Path | None:
    """The cast into which characters should be found, None where the producer has given them.

    They are found where the file names nobody, and into `./voices.yaml` where there is none and
    nobody in the cast that fullcast brings occurs in the book. A script names its speakers itself.
    """
    if fountain.is_script(book.path):
        return None
    cast = load(voices, engines)
    if Path("voices.yaml").exists() or voices != default_path():
        return None if cast.characters else voices
    names = [name for c in cast.characters for name in (c.name, *c.aliases)]
    if names and re.search(rf"\b(?:{'|'.join(map(re.escape, names))})\b", book.text):
        return None
    return Path("voices.yaml")


def load_or_find(
    book: Book,
    voices: Path,
    engines: Collection[str],
    offered: Callable[[str], Sequence[VoiceInfo]] | None = None,
) -> Cast:
    """Read the cast, with the characters found where it should have them; nothing is written."""
    place = place_for_found(book, voices, engines)
    if place is None:
        return load(voices, engines, offered)
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        copy = Path(folder) / "voices.yaml"
        if place.exists():
            shutil.copyfile(place, copy)
        found = add_found(book, copy, engines)
        cast = load(copy if copy.exists() else voices, engines, offered)
    return replace(cast, path=place) if found.names else cast


def _teller(findings: Findings, cast: Cast | None) -> str | None:
    """Who tells the book, by the name in the cast; None where the producer has said it."""
    if findings.teller is None or (cast is not None and cast.first_person is not None):
        return None
    role = cast.role(findings.teller) if cast else None
    return role.name if role and role.character else findings.teller


def _entry(finding: Finding) -> Entry:
    lines = count(finding.lines, "line")
    remark = f'{lines}, such as "{finding.sample}"' if finding.sample else "says nothing"
    return Entry(finding.character, remark, finding.evidence)
