"""Read a book's title, author and year from its first paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.data import word_set
from pipeline.ingest import headings
from pipeline.ingest.title_case import tidy
from pipeline.model.book import Block, Paragraph

_MAX_PARAGRAPH = 300
_MAX_PARAGRAPHS = 8
_MAX_TITLE = 120
_BY = re.compile(
    r"(?:(?:written|told|an? (?:novel|story|tale|romance)) )?by\b:?\s*(.*)", re.I | re.S
)
_EBOOK = re.compile(r"The Project Gutenberg e-?(?:book|text) of (.+?),? by (.+)", re.I)
_INLINE = re.compile(r"(.{2,80}?),?\s+by\s+(.+)")
_LABELLED = re.compile(r"(Title|Author):\s*(\S.*)")
_CONTENTS = re.compile(r"(?:table of )?contents[.:]?", re.I)
_YEAR = re.compile(r"[(\[]?((?:1[4-9]|20)\d\d)[)\]]?\.?")
_QUOTATION_MARK = re.compile(r"[\"“”„«»]")  # `"They'll be gone by Friday."` begins a story
_CREDIT = re.compile(r"(?:translated|illustrated|edited|with \w+) .*by .+|(?:for|to) .+", re.I)


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The metadata of a title page, and the number of paragraphs that it takes up."""

    fields: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class _TitlePageLine:
    words: str
    paragraph: int


def read(text: str, paragraphs: Sequence[Paragraph], *, bounded: bool) -> TitlePage:
    """Read the title page that `paragraphs` may begin with.

    `bounded` paragraphs end where the first chapter begins: among them, even a title that is not
    in title case and has no by-line can be told from prose.
    """
    lines = _lines(text, paragraphs)
    if not lines:
        return TitlePage({}, 0)
    first = lines[0].words
    labels = [match for line in lines if (match := _LABELLED.fullmatch(line.words))]
    if labels:
        return TitlePage({match[1].lower(): match[2] for match in labels}, 0)
    inline = _EBOOK.fullmatch(first) or _INLINE.fullmatch(first)
    if inline and _is_name(inline[2]) and headings.is_title(inline[1], longest=_MAX_TITLE):
        fields = {"title": tidy(inline[1]), "author": tidy(inline[2])}
        return _with_tail(fields, lines, 1)
    if not headings.is_title(first, longest=_MAX_TITLE) or _CONTENTS.fullmatch(first):
        return TitlePage({}, 0)
    for index in range(1, min(len(lines), 5)):
        author, used = _author(lines, index)
        if author:
            fields = {"title": tidy(first), "author": tidy(author)} | _between(lines[1:index])
            return _with_tail(fields, lines, index + used)
    return _without_author(lines, bounded=bounded)


def _lines(text: str, paragraphs: Sequence[Paragraph]) -> list[_TitlePageLine]:
    """Return the lines of the first paragraphs, up to a long one or a break."""
    lines: list[_TitlePageLine] = []
    for index, paragraph in enumerate(paragraphs[:_MAX_PARAGRAPHS]):
        if paragraph.block is Block.BREAK or paragraph.end - paragraph.start > _MAX_PARAGRAPH:
            break
        words = text[paragraph.start : paragraph.end]
        hashes = headings.markdown(words)
        if hashes:
            words = words[hashes[1] : hashes[2]]
        lines += [
            _TitlePageLine(headings.collapse(line), index)
            for line in words.splitlines()
            if line.strip()
        ]
    return lines


def _author(lines: Sequence[_TitlePageLine], index: int) -> tuple[str | None, int]:
    """Return the author in the by-line at `index`, and the number of lines that it takes.

    `by` may be on a line of its own.
    """
    match = _BY.fullmatch(lines[index].words)
    if not match:
        return None, 0
    name, used = match[1], 1
    if not name and index + 1 < len(lines):
        name, used = lines[index + 1].words, 2
    return (name, used) if _is_name(name) else (None, 0)


def _is_name(words: str) -> bool:
    """Whether `words` could be names of people: `A. N. Author`, not `the river`."""
    parts = re.split(r"[\s,&]+", words.strip())
    if not 1 <= len(parts) <= 8 or len(words) > 60 or _QUOTATION_MARK.search(words):
        return False
    if words.endswith((".", "!", "?")) and len(parts[-1]) > 4:
        return False
    particles = word_set("name_particles", "name_connectives")
    return all(part[:1].isupper() or part.lower() in particles for part in parts)


def _between(lines: Sequence[_TitlePageLine]) -> dict[str, str]:
    """Return the subtitle and the year that may stand between the title and the author."""
    fields: dict[str, str] = {}
    for line in lines:
        year = _YEAR.fullmatch(line.words)
        if year:
            fields["year"] = year[1]
        elif headings.is_title(line.words):
            fields.setdefault("subtitle", tidy(line.words))
    return fields


def _with_tail(fields: dict[str, str], lines: Sequence[_TitlePageLine], used: int) -> TitlePage:
    """Add what may follow the author: a year, a translator's credit, a dedication."""
    for line in lines[used:]:
        year = _YEAR.fullmatch(line.words)
        if year:
            fields.setdefault("year", year[1])
        elif not _CREDIT.fullmatch(line.words) or headings.ends_sentence(line.words):
            break
        used += 1
    # A paragraph counts if all of its lines do.
    count = lines[used].paragraph if used < len(lines) else lines[-1].paragraph + 1
    return TitlePage(fields, count)


def _without_author(lines: Sequence[_TitlePageLine], *, bounded: bool) -> TitlePage:
    """Return the title page of a title, perhaps with a subtitle below it, but no author."""
    first = lines[0].words
    title_lines = [line for line in lines if line.paragraph == 0]
    in_title_case = (
        headings.is_title_case(first)
        and len(first.split()) > 1
        and first[-1] not in ".!?…0123456789"
    )
    if len(title_lines) > 2 or not (bounded or first.isupper() or in_title_case):
        return TitlePage({}, 0)
    fields = {"title": tidy(first)}
    if len(title_lines) == 2:
        if not headings.is_title(title_lines[1].words):
            return TitlePage({}, 0)
        fields["subtitle"] = tidy(title_lines[1].words)
    return TitlePage(fields, 1)
