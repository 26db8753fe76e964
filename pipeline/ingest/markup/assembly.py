"""Make a book of the sections of a page or an EPUB."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import gutenberg, headings, limits
from pipeline.ingest.apparatus import contents
from pipeline.ingest.apparatus import finding as apparatus
from pipeline.ingest.apparatus.note_bodies import label_of
from pipeline.ingest.markup import unread
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.ingest.markup.sectioning import SectionDraft
from pipeline.ingest.markup.text import paragraphs_of
from pipeline.ingest.repair.note_marks import note_marks
from pipeline.ingest.repair.pages import LONGEST_HEAD, NUMBER_KIND, pages
from pipeline.ingest.repair.pipeline import repaired_block
from pipeline.ingest.repeated_titles import without_repeated
from pipeline.ingest.selection import read_sections
from pipeline.model.book import Block, Book, Metadata, Paragraph, SourceSection
from pipeline.model.source_map import DroppedMark

_ENGLISH = "en"
_DIGIT = re.compile(r"\d")
_FEWEST_NUMBERS = 3
"""Of pages, in the paragraphs of a book."""


def assemble(
    path: Path, drafts: Sequence[SectionDraft], metadata: Metadata, cover: bytes | None = None
) -> Book:
    """Return the book of these sections, told apart into those that are read and others.

    Its text has all of them. Raise SourceError if nothing is in them.
    """
    limits.check(len(drafts), limits.MAX_SECTIONS, "sections", path)
    drafts = _without_pages([_with_headings(_repaired(draft)) for draft in drafts])
    blocks = [block for draft in drafts for block in draft.blocks]
    text, paragraphs = paragraphs_of(blocks)
    paragraphs = _without_own_language(paragraphs, metadata.language or _ENGLISH)
    if all(paragraph.block is Block.BREAK for paragraph in paragraphs):
        remedy = "if its pages are pictures, convert it to text first"
        raise SourceError.of("contains nothing to read aloud", file=path, remedy=remedy)
    sections: list[SourceSection] = []
    offset = 0
    for number, draft in enumerate(drafts, 1):
        extent = paragraphs[offset : offset + len(draft.blocks)]
        offset += len(draft.blocks)
        section = _section(number, draft, extent, metadata)
        once = without_repeated(text, section.paragraphs)
        sections.append(replace(section, paragraphs=once))
    return read_sections(Book(path, text, (), metadata, sections=tuple(sections), cover=cover))


def _without_own_language(paragraphs: Sequence[Paragraph], language: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs without the spans that say their words are in the book's language."""
    own = _primary(language)
    return tuple(
        replace(p, spans=tuple(s for s in p.spans if _primary(s.language or "") != own))
        if any(_primary(s.language or "") == own for s in p.spans)
        else p
        for p in paragraphs
    )


def _primary(language: str) -> str:
    return re.split("[-_]", language)[0].casefold() if language else ""


def omit_licence(blocks: Sequence[MarkupBlock]) -> tuple[list[MarkupBlock], Mapping[str, str]]:
    """Return the blocks with Project Gutenberg's licence as not read, and what its header says."""
    text, paragraphs = paragraphs_of(blocks)
    frame = gutenberg.find(text)
    return [
        block
        if frame.start <= paragraph.start and paragraph.end <= frame.end
        else replace(block, reason=block.reason or "licence")
        for block, paragraph in zip(blocks, paragraphs, strict=True)
    ], frame.fields


def omit_apparatus(blocks: Sequence[MarkupBlock]) -> tuple[list[MarkupBlock], Set[str]]:
    """Return the blocks with the contents and notes that only their words show as not read.

    The titles that the contents list come with them.
    """
    read = [index for index, block in enumerate(blocks) if not block.reason]
    text, paragraphs = paragraphs_of([blocks[index] for index in read])
    marks = [DroppedMark(e.start, label_of(text[e.start : e.end])) for e in note_marks(text)]
    found = apparatus.find(text, paragraphs, marks)
    reasons = {
        read[index]: reason  # other lists have sections of their own here
        for index, reason in found.reasons.items()
        if reason in (unread.NOTES, contents.REASON)
    }
    return [
        replace(block, reason=reasons[index]) if index in reasons else block
        for index, block in enumerate(blocks)
    ], found.titles


def _repaired(draft: SectionDraft) -> SectionDraft:
    """Return the section with what a conversion has damaged in its paragraphs repaired."""
    return replace(draft, blocks=tuple(map(repaired_block, draft.blocks)))


def _without_pages(drafts: Sequence[SectionDraft]) -> Sequence[SectionDraft]:
    """Return the sections with paragraphs that are page numbers as not read."""
    blocks = [block for draft in drafts for block in draft.blocks]
    numbers = frozenset(_page_numbers(blocks))
    if not numbers:
        return drafts
    marked = iter(
        replace(block, reason=NUMBER_KIND) if index in numbers else block
        for index, block in enumerate(blocks)
    )
    return [replace(d, blocks=tuple(islice(marked, len(d.blocks)))) for d in drafts]


def _page_numbers(blocks: Sequence[MarkupBlock]) -> Iterator[int]:
    """Yield the indices of the paragraphs that are page numbers, with a running head or without."""
    with_digits = sum(1 for b in blocks if len(b.text) <= LONGEST_HEAD and _DIGIT.search(b.text))
    if with_digits < _FEWEST_NUMBERS:
        return
    text, paragraphs = paragraphs_of(blocks)
    starts = [paragraph.start for paragraph in paragraphs]
    titles = [p.start for p, block in zip(paragraphs, blocks, strict=True) if block.is_heading]
    for edit in pages(text, known_headings=titles):
        first, last = bisect_left(starts, edit.start), bisect_left(starts, edit.end)
        for index in range(first, last) if edit.kind == NUMBER_KIND else ():
            is_prose = blocks[index].block is Block.PROSE and not blocks[index].reason
            if is_prose and paragraphs[index].end <= edit.end:
                yield index


def _section(
    number: int, draft: SectionDraft, extent: Sequence[Paragraph], metadata: Metadata
) -> SourceSection:
    reason = draft.reason or unread.reason(draft.title, draft.blocks, metadata)
    whole = reason is not None and all(block.reason for block in draft.blocks)
    pairs = list(zip(draft.blocks, extent, strict=True))
    spoken = [paragraph for block, paragraph in pairs if whole or not block.reason]
    omitted = [paragraph for block, paragraph in pairs if not whole and block.reason]
    return SourceSection(number, draft.title, _trimmed(spoken), reason, tuple(omitted))


def _trimmed(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs without scene breaks at either end or next to one another."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.block is not Block.BREAK or (kept and kept[-1].block is Block.PROSE):
            kept.append(paragraph)
    while kept and kept[-1].block is Block.BREAK:
        kept.pop()
    return tuple(kept)


def _with_headings(draft: SectionDraft) -> SectionDraft:
    """Return the section with what repeats its title at its beginning as headings."""
    title = letters_of(draft.title)
    blocks = list(draft.blocks)
    for index, block in enumerate(blocks[:4]):
        words = letters_of(block.text)
        if block.block is not Block.PROSE or not words or words not in title:
            if block.block is Block.PROSE:
                break
            continue
        blocks[index] = replace(block, block=Block.HEADING)
    return replace(draft, title=draft.title or _first_words(blocks), blocks=tuple(blocks))


def letters_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, to compare titles by."""
    return "".join(filter(str.isalnum, text.casefold()))


def _first_words(blocks: Sequence[MarkupBlock]) -> str:
    """Return the first words of a section as its title, for want of any other."""
    first = next((block.text for block in blocks if block.block is not Block.BREAK), "")
    words = headings.collapse(first[:200])
    return words if len(words) <= 50 else words[:50].rpartition(" ")[0] + " …"
