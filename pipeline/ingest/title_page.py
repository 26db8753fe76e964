"""What the first paragraphs of a book say of it: title, author, year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest import headings
from pipeline.ingest.title_case import tidy
from pipeline.model.book import Block, Paragraph

_LONGEST = 300
_PARAGRAPHS = 8
_BY = re.compile(
    r"(?:(?:written|told|an? (?:novel|story|tale|romance)) )?by\b:?\s*(.*)", re.I | re.S
)
_EBOOK = re.compile(r"The Project Gutenberg e-?(?:book|text) of (.+?),? by (.+)", re.I)
_INLINE = re.compile(r"(.{2,80}?),?\s+by\s+(.+)")
_LABELLED = re.compile(r"(Title|Author):\s*(\S.*)")
_CONTENTS = re.compile(r"(?:table of )?contents[.:]?", re.I)
_YEAR = re.compile(r"[(\[]?((?:1[4-9]|20)\d\d)[)\]]?\.?")
_HELPER = re.compile(r"(?:translated|illustrated|edited|with \w+) .*by .+|(?:for|to) .+", re.I)
_PARTICLES = frozenset(re.findall(r"\w+", "and da de del der di du la le of van von y"))


@dataclass(frozen=True, slots=True)
class TitlePage:
    """Metadata found, and how many of the first paragraphs it was found in."""

    fields: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    paragraph: int


def read(text: str, paragraphs: Sequence[Paragraph], *, bounded: bool) -> TitlePage:
    """Read the title page that `paragraphs` may begin with.

    `bounded`: they end where the first chapter begins, so that even a title in small letters and
    without a by-line is told from prose.
    """
    lines = _lines(text, paragraphs)
    if not lines:
        return TitlePage({}, 0)
    first = lines[0].words
    labels = [found for line in lines if (found := _LABELLED.fullmatch(line.words))]
    if labels:
        return TitlePage({found[1].lower(): found[2] for found in labels}, 0)
    inline = _EBOOK.fullmatch(first) or _INLINE.fullmatch(first)
    if inline and _is_name(inline[2]) and headings.is_title(inline[1], longest=120):
        fields = {"title": tidy(inline[1]), "author": tidy(inline[2])}
        return _with_tail(fields, lines, 1)
    if not headings.is_title(first, longest=120) or _CONTENTS.fullmatch(first):
        return TitlePage({}, 0)
    for place in range(1, min(len(lines), 5)):
        author, used = _author(lines, place)
        if author:
            fields = {"title": tidy(first), "author": tidy(author)} | _between(lines[1:place])
            return _with_tail(fields, lines, place + used)
    return _alone(lines, bounded=bounded)


def _lines(text: str, paragraphs: Sequence[Paragraph]) -> list[_Line]:
    """The lines of the first paragraphs, up to a long one or a break."""
    found: list[_Line] = []
    for index, paragraph in enumerate(paragraphs[:_PARAGRAPHS]):
        if paragraph.block is Block.BREAK or paragraph.end - paragraph.start > _LONGEST:
            break
        words = text[paragraph.start : paragraph.end]
        hashes = headings.markdown(words)
        if hashes:
            words = words[hashes[1] : hashes[2]]
        found += [_Line(headings.squeeze(w), index) for w in words.splitlines() if w.strip()]
    return found


def _author(lines: Sequence[_Line], place: int) -> tuple[str | None, int]:
    """The author in the line at `place` and the lines that takes: `by` may stand by itself."""
    found = _BY.fullmatch(lines[place].words)
    if not found:
        return None, 0
    name, used = found[1], 1
    if not name and place + 1 < len(lines):
        name, used = lines[place + 1].words, 2
    return (name, used) if _is_name(name) else (None, 0)


def _is_name(words: str) -> bool:
    """Whether `words` could be the names of persons: `A. N. Author`, not `the river`."""
    parts = re.split(r"[\s,&]+", words.strip())
    if not 1 <= len(parts) <= 8 or len(words) > 60:
        return False
    if words.endswith((".", "!", "?")) and len(parts[-1]) > 4:
        return False
    return all(part[:1].isupper() or part.lower() in _PARTICLES for part in parts)


def _between(lines: Sequence[_Line]) -> dict[str, str]:
    """A subtitle or a year between the title and the author."""
    found: dict[str, str] = {}
    for line in lines:
        year = _YEAR.fullmatch(line.words)
        if year:
            found["year"] = year[1]
        elif headings.is_title(line.words):
            found.setdefault("subtitle", tidy(line.words))
    return found


def _with_tail(fields: dict[str, str], lines: Sequence[_Line], used: int) -> TitlePage:
    """Add what may follow the author: the year, the translator, to whom it is dedicated."""
    for line in lines[used:]:
        year = _YEAR.fullmatch(line.words)
        if year:
            fields.setdefault("year", year[1])
        elif not _HELPER.fullmatch(line.words) or headings.ends_sentence(line.words):
            break
        used += 1
    # A paragraph counts when all of its lines do.
    rest = lines[used].paragraph if used < len(lines) else lines[-1].paragraph + 1
    return TitlePage(fields, rest)


def _alone(lines: Sequence[_Line], *, bounded: bool) -> TitlePage:
    """A title without an author."""
    first = lines[0].words
    own = [line for line in lines if line.paragraph == 0]
    plain = (
        headings.capitalised(first) and len(first.split()) > 1 and first[-1] not in ".!?…0123456789"
    )
    if len(own) > 2 or not (bounded or headings.shouted(first) or plain):
        return TitlePage({}, 0)
    fields = {"title": tidy(first)}
    if len(own) == 2:
        if not headings.is_title(own[1].words):
            return TitlePage({}, 0)
        fields["subtitle"] = tidy(own[1].words)
    return TitlePage(fields, 1)
