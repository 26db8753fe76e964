"""Divide the blocks of a page into sections by their headings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile

from pipeline.ingest import headings
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.ingest.markup.text import paragraphs_of
from pipeline.ingest.outline import MAX_EPIGRAPH, outline
from pipeline.ingest.plain_text import MAX_TITLE_PAGE
from pipeline.model.book import Block

_FEWEST_WORDS = 12
"""Of a paragraph that is no line of a title page."""
_FARTHEST = 100
"""Blocks between a part and its first chapter, notes included."""


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section before it is known whether it is read; `reason` as far as its file says."""

    title: str
    blocks: tuple[MarkupBlock, ...]
    reason: str | None = None


def by_headings(
    blocks: Sequence[MarkupBlock], title: str, listed: Set[str] = frozenset()
) -> list[SectionDraft]:
    """Return the sections of a page with the chapters that its headings begin.

    Without two such headings, paragraphs that read like headings count, as in plain text, or else
    those that are `listed` in a table of contents. A title
    page belongs to the first chapter; a preface is a section with the `title` of the book.
    """
    starts = chapter_starts(blocks, title)
    if len(starts) < 2 and listed:
        starts = _starts_in_text(blocks, listed) or starts
    if not starts:
        return [SectionDraft(title, tuple(blocks))]
    first = min(starts)
    if first and _is_short(blocks[:first]):
        starts = {0: starts.pop(first)} | starts
    elif first:
        starts[0] = title
    return cut(blocks, starts)


def chapter_starts(blocks: Sequence[MarkupBlock], title: str) -> dict[int, str]:
    """Return the index and title of each chapter that a heading begins."""
    starts = _starts(blocks, title)
    return starts if len(starts) > 1 else _starts_in_text(blocks) or starts


def cut(blocks: Sequence[MarkupBlock], starts: Mapping[int, str]) -> list[SectionDraft]:
    """Return the sections that begin at the indices in `starts`, with their titles."""
    order = sorted(starts)
    return [
        SectionDraft(starts[start], tuple(blocks[start:end]))
        for start, end in zip(order, [*order[1:], len(blocks)], strict=True)
    ]


def heading_title(blocks: Sequence[MarkupBlock]) -> str:
    """Return the headings at the beginning of a section in one line, or nothing."""
    title = ""
    for block in blocks:
        is_heading = block.block is Block.HEADING or block.block is Block.BREAK
        if not is_heading or len(title) > headings.MAX_LENGTH:
            break
        if block.block is Block.HEADING:
            words = headings.collapse(block.text)
            title = headings.join_title(title, words) if title else words
    return title


def _is_short(front: Sequence[MarkupBlock]) -> bool:
    spoken = [block for block in front if block.block is not Block.BREAK and not block.reason]
    return len(spoken) <= 8 and sum(len(block.text) for block in spoken) <= MAX_TITLE_PAGE


def _starts(blocks: Sequence[MarkupBlock], title: str) -> dict[int, str]:
    """Return the chapters that headings of the markup begin."""
    level = _chapter_level(blocks, title)
    starts: dict[int, str] = {}
    part: int | None = None
    for cluster in _clusters(blocks):
        if min(blocks[i].level for i in cluster) > level:
            continue
        if _is_book_title(blocks, cluster, title) and not _is_chapter(blocks, cluster[0], level):
            continue
        titled = [blocks[i] for i in cluster if not _same(blocks[i].text, title)]
        titled = titled or [blocks[cluster[0]]]
        above = heading_title([block for block in titled if block.level < level])
        own = heading_title([block for block in titled if block.level == level])
        words = ", ".join(filter(None, (above.rstrip(".:;, ") if own else above, own)))
        near = part is not None and cluster[0] - part <= _FARTHEST
        if part is not None and near and _is_epigraph(blocks[part : cluster[0]]):
            words = ", ".join((starts[part].rstrip(".:;, "), words))
            starts[part] = words
        else:
            starts[cluster[0]] = words
        is_part = all(blocks[i].level < level for i in cluster)
        part = (cluster[0] if cluster[0] in starts else part) if is_part else None
    return starts


def _chapter_level(blocks: Sequence[MarkupBlock], title: str) -> int:
    """Return the highest level that several headings have, unless they mostly group deeper ones."""
    found = [i for i, b in enumerate(blocks) if b.is_heading and not _same(b.text, title)]
    levels = Counter(blocks[i].level for i in found)
    level = 0
    for level in sorted(levels):
        if levels[level] > 1 and not _groups_deeper(blocks, found, level):
            break
    return level


def _groups_deeper(blocks: Sequence[MarkupBlock], found: Sequence[int], level: int) -> bool:
    groups = sum(
        blocks[a].level == level < blocks[b].level and _is_epigraph(blocks[a + 1 : b])
        for a, b in pairwise(found)
    )
    return 2 * groups > sum(blocks[i].level == level for i in found)


def _is_epigraph(between: Sequence[MarkupBlock]) -> bool:
    """Whether there is at most an epigraph between two headings."""
    prose = [b for b in between if b.block is Block.PROSE and not b.reason]
    return sum(len(b.text) for b in prose) <= MAX_EPIGRAPH and len(prose) <= 10


def _clusters(blocks: Sequence[MarkupBlock]) -> Iterator[list[int]]:
    """Yield runs of headings with nothing but scene breaks between them."""
    cluster: list[int] = []
    for index, block in enumerate(blocks):
        if block.is_heading:
            cluster.append(index)
        elif cluster and block.block is not Block.BREAK:
            yield cluster
            cluster = []
    if cluster:
        yield cluster


def _is_book_title(blocks: Sequence[MarkupBlock], cluster: Sequence[int], title: str) -> bool:
    return len(cluster) == 1 and _same(blocks[cluster[0]].text, title)


def _is_chapter(blocks: Sequence[MarkupBlock], index: int, level: int) -> bool:
    """Whether a heading with the title of the book begins a chapter of that name.

    It is one of the chapters' level with text below it: sentences, if it is the first heading.
    """
    below = takewhile(lambda block: not block.is_heading, blocks[index + 1 :])
    prose = [block for block in below if block.block is Block.PROSE and not block.reason]
    if blocks[index].level != level or not prose:
        return False
    return any(block.is_heading for block in blocks[:index]) or any(
        block.words >= _FEWEST_WORDS and headings.ends_sentence(block.text) for block in prose
    )


def _same(one: str, other: str) -> bool:
    return headings.collapse(one).casefold() == headings.collapse(other).casefold()


def _starts_in_text(
    blocks: Sequence[MarkupBlock], listed: Set[str] = frozenset()
) -> dict[int, str]:
    """Return the chapters that paragraphs begin which read like headings."""
    read = [i for i, block in enumerate(blocks) if not block.reason]
    text, paragraphs = paragraphs_of([blocks[i] for i in read])
    return {read[start.index]: start.title for start in outline(text, paragraphs, listed).starts}
