"""Author names: as they are displayed, and as a library sorts them.

Readers of tags split author names at commas: Audiobookshelf makes two authors of "Le Guin,
Ursula K." and of "Martin Luther King, Jr.". So no name is written with a comma. Several authors
are joined by " & ", which Audiobookshelf splits and people understand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.book import Metadata

NAME_SEPARATOR = " & "

_BETWEEN_NAMES = re.compile(
    r"\s*;\s*|\s+(?:&|and)\s+(?!(?:co|company|sons|others)\b)", re.IGNORECASE
)
_YEARS = re.compile(r"[\d?]{3,5}\s*[-–]\s*(?:[\d?]{3,5})?")
_INITIAL = re.compile(r"\w\.")
_ARTICLE = re.compile(r"(the|an?)\s+(\S.*)", re.IGNORECASE)


def with_sort_names(metadata: Metadata) -> Metadata:
    """Return the metadata with display names of its authors, and with both sort fields filled."""
    author, title = metadata.author or "", metadata.title
    return replace(
        metadata,
        author=display_names(author) or None,
        author_sort=metadata.author_sort or sort_names(author),
        title_sort=metadata.title_sort or sort_title(title),
    )


def display_names(authors: str) -> str:
    """Return authors as displayed: `Ursula K. Le Guin & A. One` for `Le Guin, Ursula K.; A. One`.

    `;`, `&` and `and` separate names; a comma never does. Ambiguous text is returned as it is.
    """
    names = _parse_authors(authors)
    if not names or (";" not in authors and "," not in authors):
        return authors.strip()
    return NAME_SEPARATOR.join(name.display for name in names)


def sort_names(authors: str) -> str | None:
    """Return authors surname first; None if they are ambiguous or sort as they are displayed."""
    names = _parse_authors(authors)
    sort = NAME_SEPARATOR.join(name.sort for name in names) if names else None
    return None if sort == display_names(authors) else sort


def is_unambiguous(authors: str) -> bool:
    """Whether the meaning of each comma is known: `Ann One, Bo Two` may be one author or two."""
    return "," not in display_names(authors)


def ambiguous_authors(metadata: Metadata, path: Path) -> Iterator[Problem]:
    """Yield a problem if the commas in the authors of the book at `path` are ambiguous."""
    if metadata.author and not is_unambiguous(metadata.author):
        what = f"author {quoted(metadata.author)} may be one or several people; left as written"
        remedy = "write several as [A, B] or repeat --author; write one as 'Surname, Name'"
        yield Problem(what, path, remedy=remedy)


def sort_title(title: str) -> str | None:
    """Return an English title with its article at the end; None if it has none."""
    match = _ARTICLE.fullmatch(title.strip())
    return f"{match[2]}, {match[1]}" if match else None


@dataclass(frozen=True, slots=True)
class _AuthorName:
    """An author's name as displayed, without a comma, and as sorted."""

    display: str
    sort: str


def _parse_authors(authors: str) -> list[_AuthorName] | None:
    """Parse all names; None if one of them has an ambiguous comma."""
    names = [_parse_author(text) for text in _BETWEEN_NAMES.split(authors) if text.strip(" ,")]
    parsed = [name for name in names if name]
    return parsed if len(parsed) == len(names) else None


def _parse_author(text: str) -> _AuthorName | None:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    parts = [part for part in parts if not _YEARS.fullmatch(part)] or parts
    suffixes: list[str] = []
    while len(parts) > 1 and _is_suffix(parts[-1]):
        suffixes.insert(0, parts.pop())
    if len(parts) == 1:
        return _surname_last(parts[0], suffixes)
    if len(parts) == 2 and _is_surname_first(*parts):
        surname, given = parts
        return _AuthorName(" ".join([given, surname, *suffixes]), ", ".join([*parts, *suffixes]))
    return None


def _surname_last(name: str, suffixes: Sequence[str]) -> _AuthorName:
    """Parse a name whose surname comes last."""
    from nameparser import HumanName  # noqa: PLC0415 - takes 0.1 s, and most commands need no names

    display = " ".join([name, *suffixes])
    parsed = HumanName(", ".join([name, *suffixes]))
    given = f"{parsed.first} {parsed.middle}".strip()
    if not given or not parsed.last:
        return _AuthorName(display, display)
    return _AuthorName(display, ", ".join(filter(None, [parsed.last, given, parsed.suffix])))


def _is_suffix(part: str) -> bool:
    from nameparser import HumanName  # noqa: PLC0415

    return bool(HumanName(f"Ann Person, {part}").suffix == part)


def _is_surname_first(before: str, after: str) -> bool:
    """Whether a surname stands before the comma, and only given names and initials after it."""
    from nameparser import HumanName  # noqa: PLC0415

    if _INITIAL.match(before):
        return False
    middle_names = [word for word in after.split()[1:] if not _INITIAL.fullmatch(word)]
    return not middle_names or bool(HumanName(f"Ann {before}").last == before)
