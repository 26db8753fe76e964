"""Divide the pages of an EPUB into sections: by its table of contents, else by headings."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from pipeline.core.data import word_map
from pipeline.ingest import headings
from pipeline.ingest.archive import resolve
from pipeline.ingest.epub.navigation import ContentsEntry, Navigation
from pipeline.ingest.markup import notes, unread
from pipeline.ingest.markup.assembly import letters_of, omit_apparatus, omit_licence
from pipeline.ingest.markup.blocks import MarkupBlock, MarkupPage
from pipeline.ingest.markup.extraction import with_notes
from pipeline.ingest.markup.sectioning import (
    SectionDraft,
    by_headings,
    chapter_starts,
    cut,
    heading_title,
)
from pipeline.ingest.outline import MAX_EPIGRAPH
from pipeline.model.book import Block, Metadata

_HIGHEST_LEVELS = 2
_TELLING = 100
"""Blocks at the beginning of a section that say what it is."""
"""A page that begins with a lower heading continues the chapter before it."""


@dataclass(slots=True)
class _Pages:
    """All pages one after another: their blocks, where each begins, and their anchors."""

    blocks: list[MarkupBlock] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    anchors: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    marks: list[tuple[int, tuple[str, str]]] = field(default_factory=list)

    def add(self, name: str, page: MarkupPage) -> None:
        if not page.blocks:
            return
        offset = len(self.blocks)
        self.starts[name] = offset
        self.blocks += page.blocks
        for anchor, (start, end) in page.anchors.items():
            self.anchors[name, anchor] = (offset + start, offset + end)
        for mark in page.note_marks:
            self.marks.append((offset + mark.index, resolve(name, mark.href)))

    def place(self, name: str, fragment: str) -> int | None:
        """Return the index of the block that an address leads to."""
        start = self.starts.get(name)
        return self.anchors[name, fragment][0] if (name, fragment) in self.anchors else start

    def without_notes(self) -> Sequence[MarkupBlock]:
        """Return the blocks, those that marks on any page lead to as notes."""
        spans = [(index, self.anchors.get(target)) for index, target in self.marks]
        return with_notes(self.blocks, notes.find_bodies(spans, self.blocks))


def split(
    pages: Mapping[str, MarkupPage],
    navigation: Navigation,
    guide: Mapping[str, str],
    metadata: Metadata,
) -> list[SectionDraft]:
    """Return the sections of the book in reading order."""
    whole = _Pages()
    for name, page in pages.items():
        whole.add(name, page)
    blocks, _ = omit_licence(whole.without_notes())
    titles: Set[str] = frozenset()
    if len(whole.starts) < 2:  # pages of their own say better what they are
        blocks, titles = omit_apparatus(blocks)
    placed = _placed(navigation.entries, whole, blocks)
    starts = _by_contents(placed, blocks)
    if len(starts) < 2 and len(whole.starts) < 2:
        return by_headings(blocks, metadata.title, titles)
    if len(starts) < 2:
        starts = chapter_starts(blocks, metadata.title)
    reasons = _landmark_reasons(navigation, guide, whole)
    listed = {index for index, _ in placed}
    finder = _PageSections(blocks, starts, listed, reasons, metadata)
    starts = finder.with_pages(sorted(whole.starts.values()))
    drafts = cut(blocks, starts)
    order = sorted(starts)
    return [
        replace(draft, reason=reasons.get(start))
        for start, draft in zip(order, drafts, strict=True)
        if draft.blocks
    ]


def _placed(
    entries: Sequence[ContentsEntry], pages: _Pages, blocks: Sequence[MarkupBlock]
) -> list[tuple[int, ContentsEntry]]:
    """Return the entries with the indices of the blocks that they lead to, in their order."""
    placed = [
        (_above_heading(index, entry.title, blocks), entry)
        for entry in entries
        if (index := pages.place(entry.name, entry.fragment)) is not None and index < len(blocks)
    ]
    return sorted(placed, key=lambda item: item[0])


def _by_contents(
    placed: Sequence[tuple[int, ContentsEntry]], blocks: Sequence[MarkupBlock]
) -> dict[int, str]:
    """Return where the entries of the table of contents lead to, with their titles.

    An entry that groups others, with at most an epigraph of its own, belongs to the first of them.
    Entries below one that has text of its own are its subsections.
    """
    starts: dict[int, str] = {}
    group: tuple[int, ContentsEntry] | None = None  # the last entry with text of its own
    for position, (index, entry) in enumerate(placed):
        if group and entry.level > group[1].level and index > group[0]:
            continue
        group = None
        following = placed[position + 1] if position + 1 < len(placed) else None
        deeper = following is not None and following[1].level > entry.level
        own = blocks[index : following[0]] if following and deeper else ()
        if deeper and not _is_brief(own):
            group = (index, entry)
        if index not in starts:
            starts[index] = entry.title
        elif starts[index] != entry.title:
            starts[index] = _joined(starts[index], entry.title)
    return _join_parts(placed, starts, blocks)


def _above_heading(index: int, title: str, blocks: Sequence[MarkupBlock]) -> int:
    """Return the index of the heading with this title, where an entry leads below it."""
    letters = letters_of(title)
    start = index
    while start > 0 and blocks[start - 1].block is Block.HEADING:
        if (
            blocks[start].block is Block.HEADING
            or letters_of(blocks[start - 1].text) not in letters
        ):
            break
        start -= 1
    return start


def _join_parts(
    placed: Sequence[tuple[int, ContentsEntry]],
    starts: Mapping[int, str],
    blocks: Sequence[MarkupBlock],
) -> dict[int, str]:
    """Return the starts with each part that has no text of its own joined to its first chapter."""
    levels: dict[int, int] = {}
    for index, entry in placed:
        levels.setdefault(index, entry.level)
    joined: dict[int, str] = {}
    part: int | None = None  # where a part begins that waits for its first chapter
    order = sorted(starts)
    for index, after in zip_longest(order, order[1:]):
        start = index if part is None else part
        joined[start] = starts[index] if part is None else _joined(joined[start], starts[index])
        is_part = (
            after is not None
            and levels[index] < levels[after]
            and _is_brief(blocks[index:after])
            and not unread.by_title(starts[after])
        )
        part = start if is_part else None
    return joined


def _joined(part: str, chapter: str) -> str:
    """Return the titles in one, as far as a title goes."""
    if len(part) > headings.MAX_LENGTH:
        return part
    return f"{part.rstrip('.:;, ')}, {chapter}" if part else chapter


def _is_brief(blocks: Sequence[MarkupBlock]) -> bool:
    """Whether there is no more than headings and an epigraph."""
    prose = (b for b in blocks if b.block is Block.PROSE and not b.reason)
    return sum(len(b.text) for b in prose) <= MAX_EPIGRAPH


def _landmark_reasons(
    navigation: Navigation, guide: Mapping[str, str], pages: _Pages
) -> dict[int, str]:
    """Return why the section at a block is not read, by the landmarks and the guide."""
    reasons: dict[int, str] = {}
    known = word_map("unread_semantics")
    kinds = [*navigation.landmarks.items(), *(((name, ""), kind) for name, kind in guide.items())]
    for (name, fragment), words in kinds:
        index = pages.place(name, fragment)
        reason = next((known[word] for word in words.split() if word in known), None)
        if reason and index is not None:
            reasons[index] = reason
    return reasons


@dataclass(frozen=True, slots=True)
class _PageSections:
    """Finds the pages that begin a section though the table of contents leaves them out.

    `starts` are the sections that are known, `listed` the blocks that any entry leads to.
    """

    blocks: Sequence[MarkupBlock]
    starts: Mapping[int, str]
    listed: Set[int]
    reasons: Mapping[int, str]
    metadata: Metadata

    def with_pages(self, pages: Sequence[int]) -> dict[int, str]:
        """Return all starts, with those of the `pages` that do not continue a section."""
        merged = dict(self.starts)
        known = sorted(self.starts)
        last: int | None = None  # where the section begins that the next page may continue
        for start, end in zip(pages, [*pages[1:], len(self.blocks)], strict=True):
            page = self.blocks[start:end]
            if start not in merged and start not in self.listed:
                continued = last is not None and self._has_more(last, start, merged)
                if not continued or self._stands_apart(start, page):
                    merged[start] = heading_title(page)
            before = bisect_left(known, end) - 1
            if before >= 0 and known[before] >= start:
                last = known[before]
            elif start in merged:
                last = start
        if self.blocks and 0 not in merged:
            merged[0] = self.metadata.title
        return merged

    def _stands_apart(self, start: int, page: Sequence[MarkupBlock]) -> bool:
        """Whether a page is a section of its own: it has a heading, or is not read."""
        first = next((block for block in page if block.block is not Block.BREAK), None)
        headed = first is not None and 0 < first.level <= _HIGHEST_LEVELS
        return headed or start in self.reasons or self._reason("", page) is not None

    def _has_more(self, last: int, end: int, merged: Mapping[int, str]) -> bool:
        """Whether the section that begins at `last` may go on after `end`: a chapter may."""
        section = self.blocks[last : min(end, last + _TELLING)]
        titled = last in self.listed or last in self.starts or bool(heading_title(section[:3]))
        return titled and last not in self.reasons and self._reason(merged[last], section) is None

    def _reason(self, title: str, blocks: Sequence[MarkupBlock]) -> str | None:
        return unread.reason(title, blocks, self.metadata)
