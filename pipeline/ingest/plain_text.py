"""Plain text and Markdown into a book."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import (
    files,
    front_matter,
    gutenberg,
    headings,
    paragraphs,
    title_case,
    title_page,
)
from pipeline.ingest.outline import ChapterStart, Outline, outline
from pipeline.model.book import Block, Book, Chapter, Metadata, Paragraph

SHORT_FRONT = 500
"""Characters before the first heading that still are a title page, and no preface."""


def read(path: Path) -> Book:
    """Read the plain text at `path`.

    `Book.text` is the decoded text without a byte order mark, its line ends as they stand in the
    file. A block of YAML at the head and the licence of Project Gutenberg are in no paragraph.
    Metadata come from that block, else from Project Gutenberg's header, else from the title page,
    else from the file's name. Raises SourceError.
    """
    text = files.load(path)
    block = front_matter.read(text, path)
    frame = gutenberg.find(text, block.body)
    found = paragraphs.split(text, frame.start, frame.end)
    if all(p.block is Block.BREAK for p in found):
        raise SourceError.of("holds nothing to read aloud", file=path, remedy="add the text")
    plan = outline(text, found)
    front = plan.starts[0].index if plan.starts else len(found)
    page = title_page.read(text, found[:front], bounded=bool(plan.starts))
    fallback = {"title": title_case.from_stem(path.stem)}
    metadata = Metadata(**(fallback | page.fields | frame.fields | block.fields))
    spoken = _with_headings(text, found, plan.headings | set(range(page.count)))
    starts = _starts(text, found, plan, front, metadata.title)
    return Book(path, text, _chapters(spoken, starts), metadata)


def _with_headings(
    text: str, found: Sequence[Paragraph], indices: frozenset[int] | set[int]
) -> list[Paragraph]:
    """`found`, with those at `indices` as headings."""
    return [
        _heading(text, paragraph) if index in indices else paragraph
        for index, paragraph in enumerate(found)
    ]


def _heading(text: str, paragraph: Paragraph) -> Paragraph:
    """The paragraph as a heading, its `#` left outside."""
    if paragraph.block is Block.BREAK:
        return paragraph
    words = text[paragraph.start : min(paragraph.end, paragraph.start + headings.LONGEST + 1)]
    hashes = headings.markdown(words) if len(words) <= headings.LONGEST else None
    if hashes is None:
        return replace(paragraph, block=Block.HEADING)
    _, start, end = hashes
    return Paragraph(paragraph.start + start, paragraph.start + end, Block.HEADING)


def _starts(
    text: str, found: Sequence[Paragraph], plan: Outline, front: int, title: str
) -> list[ChapterStart]:
    """Where chapters begin, the first at 0: a title page is of the first, a preface is its own."""
    if not plan.starts:
        return [ChapterStart(0, title)]
    starts = list(plan.starts)
    if _is_title_page(text, found[:front]):
        return [replace(starts[0], index=0), *starts[1:]]
    return [ChapterStart(0, title), *starts]


def _is_title_page(text: str, front: Sequence[Paragraph]) -> bool:
    """Whether the paragraphs before the first heading are few and short."""
    spoken = [p for p in front if p.block is not Block.BREAK]
    return len(spoken) <= 8 and sum(p.end - p.start for p in spoken) <= SHORT_FRONT


def _chapters(spoken: Sequence[Paragraph], starts: Sequence[ChapterStart]) -> tuple[Chapter, ...]:
    ends = [*(start.index for start in starts[1:]), len(spoken)]
    return tuple(
        Chapter(number, start.title, tuple(spoken[start.index : end]))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
