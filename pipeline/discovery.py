"""The characters found in a book, into its cast."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline.book import Book
from pipeline.cast import Cast, load
from pipeline.cast.writing import Entry, add
from pipeline.finder import Finding, Findings, find, missing


@dataclass(frozen=True, slots=True)
class Additions:
    """What was found in a book, who was added to the cast, and the teller if that was added."""

    found: int
    names: tuple[str, ...]
    teller: str | None = None


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


def _teller(findings: Findings, cast: Cast | None) -> str | None:
    """Who tells the book, by the name in the cast; None where the producer has said it."""
    if findings.teller is None or (cast is not None and cast.first_person is not None):
        return None
    role = cast.role(findings.teller) if cast else None
    return role.name if role and role.character else findings.teller


def _entry(finding: Finding) -> Entry:
    lines = f"{finding.lines:,} line{'' if finding.lines == 1 else 's'}"
    remark = f'{lines}, such as "{finding.sample}"' if finding.sample else "says nothing"
    return Entry(finding.character, remark, finding.evidence)
