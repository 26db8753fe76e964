"""The names of authors: as they are read, and as a library sorts by them.

Readers of tags take a comma for the end of an author's name: Audiobookshelf makes two of "Le Guin,
Ursula K." and of "Martin Luther King, Jr.". So no name that is written has one. Several authors
stand side by side with " & " between them, which Audiobookshelf splits and everybody can read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.model.book import Metadata

JOINT = " & "

_SEVERAL = re.compile(r"\s*;\s*|\s+(?:&|and)\s+(?!(?:co|company|sons|others)\b)", re.IGNORECASE)
_YEARS = re.compile(r"[\d?]{3,5}\s*[-–]\s*(?:[\d?]{3,5})?")
_INITIAL = re.compile(r"\w\.")
_ARTICLE = re.compile(r"(the|an?)\s+(\S.*)", re.IGNORECASE)


def settled(metadata: Metadata) -> Metadata:
    """Give the metadata with the authors as they are read, and with what a shelf is ordered by."""
    author, title = metadata.author or "", metadata.title
    return replace(
        metadata,
        author=shown(author) or None,
        author_sort=metadata.author_sort or sorting(author),
        title_sort=metadata.title_sort or title_sorting(title),
    )


def shown(authors: str) -> str:
    """Give authors as they are read: `Le Guin, Ursula K.; A. One` is `Ursula K. Le Guin & A. One`.

    `;`, `&` and `and` part them; a comma never does. What is not clear stays as it is.
    """
    names = _names(authors)
    if not names or (";" not in authors and "," not in authors):
        return authors.strip()
    return JOINT.join(name.read for name in names)


def sorting(authors: str) -> str | None:
    """Give authors as they are sorted, surnames first; None where that is not known or the same."""
    names = _names(authors)
    found = JOINT.join(name.filed for name in names) if names else None
    return None if found == shown(authors) else found


def is_clear(authors: str) -> bool:
    """Whether it is known what each comma means: `Ann One, Bo Two` may be one author or two."""
    return "," not in shown(authors)


def doubts(metadata: Metadata, path: Path) -> Iterator[Problem]:
    """Tell of authors whose commas may mean this or that, in the book at `path`."""
    if metadata.author and not is_clear(metadata.author):
        what = f"the author {quoted(metadata.author)} may be one or several, and stays as it is"
        remedy = "write several as [A, B] or with an --author for each; one as 'Surname, Name'"
        yield Problem(what, path, remedy=remedy)


def title_sorting(title: str) -> str | None:
    """Give an English title as it is sorted, its article last; None where it has none."""
    found = _ARTICLE.fullmatch(title.strip())
    return f"{found[2]}, {found[1]}" if found else None


@dataclass(frozen=True, slots=True)
class _Name:
    """An author's name as it is read, without a comma, and as it is filed."""

    read: str
    filed: str


def _names(authors: str) -> list[_Name] | None:
    """Understand all names; None if there is one whose comma may mean this or that."""
    names = [_name(each) for each in _SEVERAL.split(authors) if each.strip(" ,")]
    known = [name for name in names if name]
    return known if len(known) == len(names) else None


def _name(text: str) -> _Name | None:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    parts = [part for part in parts if not _YEARS.fullmatch(part)] or parts
    suffixes: list[str] = []
    while len(parts) > 1 and _is_suffix(parts[-1]):
        suffixes.insert(0, parts.pop())
    if len(parts) == 1:
        return _read(parts[0], suffixes)
    if len(parts) == 2 and _is_filed(*parts):
        surname, given = parts
        return _Name(" ".join([given, surname, *suffixes]), ", ".join([*parts, *suffixes]))
    return None


def _read(name: str, suffixes: Sequence[str]) -> _Name:
    """Understand a name whose surname comes last."""
    from nameparser import HumanName  # noqa: PLC0415 - 0.1 s, and most commands need none

    read = " ".join([name, *suffixes])
    found = HumanName(", ".join([name, *suffixes]))
    given = f"{found.first} {found.middle}".strip()
    if not given or not found.last:
        return _Name(read, read)
    return _Name(read, ", ".join(filter(None, [found.last, given, found.suffix])))


def _is_suffix(part: str) -> bool:
    from nameparser import HumanName  # noqa: PLC0415

    return bool(HumanName(f"Ann Person, {part}").suffix == part)


def _is_filed(surname: str, given: str) -> bool:
    """Whether a surname stands before the comma, and behind it but given names and initials."""
    from nameparser import HumanName  # noqa: PLC0415

    if _INITIAL.match(surname):
        return False
    more = [word for word in given.split()[1:] if not _INITIAL.fullmatch(word)]
    return not more or bool(HumanName(f"Ann {surname}").last == surname)
