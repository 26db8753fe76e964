"""Author names in display form and in sort form, and sort titles.

Tag readers split author names at commas: Audiobookshelf makes two authors of "Le Guin, Ursula K."
and of "Martin Luther King, Jr.". Display names therefore contain no comma, and several authors are
joined with " & ", which Audiobookshelf splits correctly and people can read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.core.data import languages_with, word_list
from pipeline.core.errors import Problem
from pipeline.core.messages import quoted
from pipeline.core.text import one_line
from pipeline.model.book import Metadata
from pipeline.model.languages import english_name, language_code

SEPARATOR = " & "

_SEPARATORS = re.compile(r"\s*;\s*|\s+(?:&|and)\s+(?!(?:co|company|sons|others)\b)", re.IGNORECASE)
_YEARS = re.compile(r"[\d?]{3,5}\s*[-–]\s*(?:[\d?]{3,5})?")
_INITIAL = re.compile(r"\w\.")
_NOT_AN = re.compile(r"an\s+(?![aeiouhx]|8|1[18](?!\d)|[FLMNRS]\b|[FLMNRS][A-Z])", re.IGNORECASE)
"""An `an` that is not the English article, which comes before a vowel: `An der Donau`."""


def with_sort_fields(metadata: Metadata) -> Metadata:
    """Return the metadata with authors in display form and the sort fields filled in."""
    author, title = metadata.author or "", metadata.title
    return replace(
        metadata,
        author=display_names(author) or None,
        author_sort=metadata.author_sort or sort_names(author),
        title_sort=metadata.title_sort or sort_title(title, metadata.language),
    )


def display_names(authors: str) -> str:
    """Return authors in display form: `Le Guin, Ursula K.; A. One` -> `Ursula K. Le Guin & A. One`.

    Authors are separated by `;`, `&` or `and`, never by a comma. Ambiguous text is left unchanged.
    """
    names = _names(authors)
    if not names or (";" not in authors and "," not in authors):
        return authors.strip()
    return SEPARATOR.join(name.display for name in names)


def single_names(names: str | None) -> list[str]:
    """Return the names of people in display form, each on one line."""
    return [name for part in (names or "").split(SEPARATOR) if (name := one_line(part))]


def sort_names(authors: str) -> str | None:
    """Return authors with surnames first; None if that is unknown or equals the display form."""
    names = _names(authors)
    sort_form = SEPARATOR.join(name.sort for name in names) if names else None
    return None if sort_form == display_names(authors) else sort_form


def is_unambiguous(authors: str) -> bool:
    """Return whether every comma was understood: `Ann One, Bo Two` may be one author or two."""
    return "," not in display_names(authors)


def ambiguities(metadata: Metadata, path: Path) -> Iterator[Problem]:
    """Yield a warning if the commas in the author of the book at `path` are ambiguous."""
    if metadata.author and not is_unambiguous(metadata.author):
        what = f"author {quoted(metadata.author)} may be one or several people; left unchanged"
        remedy = "give several as [A, B] or one --author each, and a single one as 'Surname, Name'"
        yield Problem(what, path, remedy=remedy)


def sort_title(title: str, language: str | None = None) -> str | None:
    """Return a title with the article of its language last; None if it has no article.

    Without a language it is taken for English. Of unknown languages no articles are known.
    """
    name = english_name(language_code(language or "eng") or "")
    if name not in languages_with("articles") or (name == "english" and _NOT_AN.match(title)):
        return None
    match = _article(name).fullmatch(title.strip())
    return f"{match['rest']}, {match['article']}" if match else None


@cache
def _article(language: str) -> re.Pattern[str]:
    """Return a pattern of titles that begin with an article, elided (`L'`) or before a space."""
    words = [word.replace("'", "['’]") for word in word_list("articles", language)]
    elided = "|".join(word for word in words if word.endswith("]"))
    whole = "|".join(word for word in words if not word.endswith("]"))
    articles = rf"(?P<article>{elided or '(?!)'}|(?:{whole})(?=\s))"
    return re.compile(rf"{articles}\s*(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _AuthorName:
    """An author's name in display form, without a comma, and in sort form."""

    display: str
    sort: str


def _names(authors: str) -> list[_AuthorName] | None:
    """Parse all names; None if the comma in any of them is ambiguous."""
    parsed = [_parse(name) for name in _SEPARATORS.split(authors) if name.strip(" ,")]
    names = [name for name in parsed if name]
    return names if len(names) == len(parsed) else None


def _parse(text: str) -> _AuthorName | None:
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
    from nameparser import HumanName  # noqa: PLC0415 - takes 0.1 s; few commands need it

    display = " ".join([name, *suffixes])
    parsed = HumanName(", ".join([name, *suffixes]))
    given = f"{parsed.first} {parsed.middle}".strip()
    if not given or not parsed.last:
        return _AuthorName(display, display)
    return _AuthorName(display, ", ".join(filter(None, [parsed.last, given, parsed.suffix])))


def _is_suffix(part: str) -> bool:
    from nameparser import HumanName  # noqa: PLC0415

    return bool(HumanName(f"Ann Person, {part}").suffix == part)


def _is_surname_first(surname: str, given: str) -> bool:
    """Return whether `surname, given` is one author, not two: the second part has no surname."""
    from nameparser import HumanName  # noqa: PLC0415

    if _INITIAL.match(surname):
        return False
    more = [word for word in given.split()[1:] if not _INITIAL.fullmatch(word)]
    return not more or bool(HumanName(f"Ann {surname}").last == surname)
