"""Read plain text and Markdown as a book."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import (
    files,
    front_matter,
    gutenberg,
    heading_rule,
    headings,
    limits,
    paragraphs,
    reading_marks,
    speaker_lines,
    title_case,
    title_page,
)
from pipeline.ingest.apparatus import finding as apparatus
from pipeline.ingest.apparatus.sections import sections
from pipeline.ingest.outline import ChapterStart, Outline, outline
from pipeline.ingest.plain_emphasis import with_emphasis
from pipeline.ingest.reading_marks import ChapterOpening, MarkedText
from pipeline.ingest.repair.pipeline import repaired
from pipeline.ingest.repeated_titles import without_repeated
from pipeline.model.book import Block, Book, Chapter, Metadata, Paragraph
from pipeline.model.script import Script
from pipeline.model.source_map import SourceText

MAX_TITLE_PAGE = 500
"""Characters; more than this before the first heading is a preface, not a title page."""


def read(path: Path, given: Mapping[str, str] = {}, heading: str | None = None) -> Book:
    """Read the plain text at `path`; `given` metadata take precedence over its own.

    Lines that match `heading`, a regular expression of the producer's, are headings as well.

    `Book.text` is the decoded text without a byte order mark, its line ends as in the file, and
    repaired where a conversion has damaged it (`repair`). YAML front matter and the licence of
    Project Gutenberg are in no paragraph. The text's own metadata come from the front matter, else
    from Project Gutenberg's header, else from the title page, else from the file name. Raise
    SourceError if the file cannot be read.
    """
    text = files.load(path)
    limits.check_lines(text, path)
    block = front_matter.read(text, path)
    text, source = repaired(text, block.body, path)
    frame = gutenberg.find(text, block.body)
    marked = reading_marks.extract(text, frame.start, frame.end, path, source)
    text = marked.text
    lines = paragraphs.lines_of(text, frame.start, frame.end)
    named = heading_rule.matching_lines(heading, lines, path) if heading else frozenset()
    known = {"title": title_case.from_stem(path.stem)} | frame.fields | block.fields
    script = speaker_lines.read(marked, frame.start, frame.end, known["title"], named)
    if script is not None:
        metadata = Metadata(**{**known, **script.fields, **given})
        return _script_book(path, marked, script.script, metadata, source)
    body = paragraphs.split(text, frame.start, frame.end, named)
    if all(p.block is Block.BREAK for p in body):
        raise SourceError.of("contains nothing to read aloud", file=path, remedy="add the text")
    whole, found = body, apparatus.find(text, body, source.note_marks if source else ())
    body = tuple(p for index, p in enumerate(whole) if index not in found.reasons)
    plan = outline(text, body, named)
    if len(plan.starts) < 2 and found.titles:
        plan = outline(text, body, named | found.titles)
    plan = _with_chapter_marks(plan, body, marked.chapters)
    limits.check(len(plan.starts), limits.MAX_SECTIONS, "chapters", path)
    front = plan.starts[0].index if plan.starts else len(body)
    page = title_page.read(text, body[:front], bounded=bool(plan.starts))
    own = known | page.fields | frame.fields | block.fields
    metadata = Metadata(**{**own, **given})
    starts = _retitle(_starts(body, plan, own["title"]), own["title"], metadata.title)
    body = _mark_headings(text, body, plan.headings | set(range(page.count)))
    body = with_emphasis(text, body)
    chapters = _chapters(text, body, starts)
    marks, remarks = marked.marks, marked.remarks
    book = Book(path, text, chapters, metadata, marks=marks, notices=remarks, source=source)
    if not found.reasons:
        return book
    return replace(book, sections=sections(text, chapters, whole, found.reasons))


def _script_book(
    path: Path, marked: MarkedText, script: Script, metadata: Metadata, source: SourceText | None
) -> Book:
    """Return the book of a text in which each line begins with its speaker."""
    chapters = tuple(Chapter(number, title, ()) for number, title in script.chapters.items())
    marks, remarks = marked.marks, marked.remarks
    book = Book(path, marked.text, chapters, metadata, marks=marks, notices=remarks, source=source)
    numbered = book.without_text()  # it has looked for the lines once
    lines = tuple(replace(line, row=numbered.line_number(line.start or 0)) for line in script)
    return replace(book, script=replace(script, lines=lines))


def _with_chapter_marks(
    plan: Outline, body: Sequence[Paragraph], marks: Sequence[ChapterOpening]
) -> Outline:
    """Return the outline with a chapter at each mark; if there are marks, only there.

    The headings that were found are read as headings all the same.
    """
    starts = {bisect_left([p.start for p in body], mark.start): mark.title for mark in marks}
    chapters = tuple(ChapterStart(i, title) for i, title in starts.items() if i < len(body))
    return replace(plan, starts=chapters) if chapters else plan


def _mark_headings(
    text: str, body: Sequence[Paragraph], indices: Set[int]
) -> tuple[Paragraph, ...]:
    """Return `body` with the paragraphs at `indices` as headings."""
    return tuple(
        _heading(text, paragraph) if index in indices else paragraph
        for index, paragraph in enumerate(body)
    )


def _heading(text: str, paragraph: Paragraph) -> Paragraph:
    """Return the paragraph as a heading, without the `#` of Markdown."""
    if paragraph.block is Block.BREAK:
        return paragraph
    words = text[paragraph.start : min(paragraph.end, paragraph.start + headings.MAX_LENGTH + 1)]
    markdown = headings.markdown(words) if len(words) <= headings.MAX_LENGTH else None
    if markdown is None:
        return replace(paragraph, block=Block.HEADING)
    _, start, end = markdown
    return Paragraph(paragraph.start + start, paragraph.start + end, Block.HEADING)


def _starts(body: Sequence[Paragraph], plan: Outline, title: str) -> list[ChapterStart]:
    """Return where chapters start, the first at paragraph 0.

    A title page belongs to the first chapter; a preface is a chapter named after the book.
    """
    if not plan.starts:
        return [ChapterStart(0, title)]
    first, *others = plan.starts
    if _is_title_page(body[: first.index]):
        return [replace(first, index=0), *others]
    return [ChapterStart(0, title), first, *others]


def _is_title_page(front: Sequence[Paragraph]) -> bool:
    """Whether the paragraphs before the first heading are few and short."""
    spoken = [p for p in front if p.block is not Block.BREAK]
    return len(spoken) <= 8 and sum(p.end - p.start for p in spoken) <= MAX_TITLE_PAGE


def _retitle(starts: Sequence[ChapterStart], own: str, title: str) -> list[ChapterStart]:
    """Rename chapters that are named after the book from its `own` title to `title`."""
    return [replace(start, title=title) if start.title == own else start for start in starts]


def _chapters(
    text: str, body: Sequence[Paragraph], starts: Sequence[ChapterStart]
) -> tuple[Chapter, ...]:
    ends = [*(start.index for start in starts[1:]), len(body)]
    return tuple(
        Chapter(number, start.title, without_repeated(text, body[start.index : end]))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
