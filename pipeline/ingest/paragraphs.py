"""Find the paragraphs of a plain text from its layout as a whole, in linear time.

Three layouts are common, and a file mostly keeps to one: paragraphs between blank lines, paragraphs
with an indented first line, and one line per paragraph.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from pipeline.core import typography
from pipeline.ingest import headings
from pipeline.ingest.heading_words import before_prose
from pipeline.model.book import Block, Paragraph

INVISIBLE = (
    "".join(c for c in map(chr, range(0x10000)) if c.isspace()) + "\x1a" + typography.INVISIBLE
)
"""White space and other invisible characters; no paragraph begins or ends with one."""

UNWRAPPED = 140
"""Characters; nobody wraps text by hand at more than this."""

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|[\r\n\v\x85]")
_PARAGRAPH_SEPARATOR = re.compile("[\u2028\u2029]")  # conversions write either at a paragraph's end
_PAGE_END = "\f"  # pages also end in the middle of a sentence
_QUOTES = frozenset("\"'“”\u2018\u2019«»\u2039\u203a„\u201a`")
_OPENING = frozenset('"“„«—–―')
_LONG = re.compile(r"(?:\s*+\S){201}")
"""More than the characters that an ornament has."""
_ORNAMENT = re.compile(
    r"[-~*=+_.<>]*(?:oOo|o0o|0o0|OoO|xXx|XxX)[-~*=+_.<>]*|[-~*=+<>]+[xXoO][-~*=+<>]+"
)


class Layout(Enum):
    """How a file separates its paragraphs; blank lines do so in every layout."""

    BLANK = auto()
    INDENT = auto()
    LINES = auto()
    RAGGED = auto()  # only a short last line ends a paragraph


class _TextLine(NamedTuple):
    """A line that is not blank, `[start, end)` without white space at its ends.

    `fresh`: a blank line or the beginning of the text is before it. `closes`: it ends a sentence.
    """

    start: int
    end: int
    indent: int
    fresh: bool
    closes: bool

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class _PageSetup:
    """A text with its layout, the indent of its lines and the width that they are wrapped at.

    `headings` are lines that the producer has named as headings.
    """

    text: str
    layout: Layout
    margin: int
    width: int
    headings: Set[str]


def is_break(line: str) -> bool:
    """Whether a line is a scene break: `***`, `* * *`, `---`, `#`, `⁂`, `~`, `oOo`.

    A line with nothing to speak is one, unless it is a speech as `"...!"` or an emoji may be.
    """
    if _LONG.match(line):
        return False
    compact = "".join(line.split())
    if not compact:
        return False
    if _ORNAMENT.fullmatch(compact):
        return True
    if any(c.isalnum() or c in _QUOTES or c in "!?" or ord(c) >= 0x1F000 for c in compact):
        return False
    return len(compact) > 3 or bool(set(compact) - {".", "…"})


def lines_of(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the lines of `text[start:end]` that are not blank, without white space around them."""
    return (text[line.start : line.end] for line in _lines(text, start, end))


def split(
    text: str, start: int = 0, end: int | None = None, named: Set[str] = frozenset()
) -> tuple[Paragraph, ...]:
    """Return the paragraphs of `text[start:end]` in order, each PROSE or BREAK.

    A heading in the first line of a paragraph becomes a paragraph of its own, as does each line in
    `named`, which are headings by the producer's rule. Every character that
    is not in `INVISIBLE` lies in exactly one paragraph. Consecutive breaks are merged.
    """
    lines = list(_lines(text, start, len(text) if end is None else end))
    if not lines:
        return ()
    page = _PageSetup(text, _layout(text, lines), _margin(lines), _width(lines), named)
    return tuple(
        _merge_breaks(p for block in _blocks(page, lines) for p in _paragraphs(page, block))
    )


def _lines(text: str, start: int, end: int) -> Iterator[_TextLine]:
    previous, first, closed = start, True, False
    for match in _LINE.finditer(text, start, end):
        raw = match[0]
        stripped = raw.lstrip(INVISIBLE)
        body = stripped.rstrip(INVISIBLE)
        if not body:
            continue
        indent = len(raw) - len(stripped)
        begin = match.start() + indent
        fresh = first or _starts_afresh(text[previous:begin], closed=closed)
        width = len(raw[:indent].expandtabs(4)) if indent else 0
        closed = headings.ends_sentence(body)
        yield _TextLine(begin, begin + len(body), width, fresh, closed)
        previous, first = begin + len(body), False


def _starts_afresh(gap: str, *, closed: bool) -> bool:
    """Whether the gap before a line separates paragraphs, after a line that is `closed` or not."""
    if _PARAGRAPH_SEPARATOR.search(gap) or (closed and _PAGE_END in gap):
        return True
    return len(_LINE_END.findall(gap)) > 1


def _width(lines: Sequence[_TextLine]) -> int:
    """Return the 95th percentile of the line lengths, as the width that the text is wrapped at."""
    return sorted(line.length for line in lines)[len(lines) * 19 // 20]


def _layout(text: str, lines: Sequence[_TextLine]) -> Layout:
    total = sum(line.length for line in lines)
    if sum(line.length for line in lines if line.length > UNWRAPPED) * 2 > total:
        return Layout.LINES
    inner = [(before, line) for before, line in pairwise(lines) if not line.fresh]
    if not inner:
        return Layout.BLANK
    if _is_indented(lines, inner):
        return Layout.INDENT
    closed = sum(before.closes for before, _ in inner)
    exempt = _count_headings(text, [before for before, _ in inner if not before.closes])
    relevant = len(inner) - exempt
    if closed >= 0.8 * relevant > 0 and len(inner) >= 0.4 * len(lines):
        return Layout.LINES
    return Layout.RAGGED if len(lines) > 60 * (len(lines) - len(inner)) else Layout.BLANK


def _count_headings(text: str, lines: Sequence[_TextLine]) -> int:
    """Count headings, their titles and breaks, which need not end as sentences do."""
    count, after = 0, -9
    for line in lines:
        words = text[line.start : line.end] if line.length <= 60 else ""
        heading = bool(words) and (headings.parse(words) is not None or is_break(words))
        title = 0 <= line.start - after <= 2 and headings.is_title(words)
        count += heading or title
        after = line.end if heading else -1
    return count


def _margin(lines: Sequence[_TextLine]) -> int:
    """Return the smallest indent that 3% of the lines have."""
    counts = Counter(line.indent for line in lines)
    return min(indent for indent, count in counts.items() if count * 33 >= len(lines))


def _is_indented(lines: Sequence[_TextLine], inner: Sequence[tuple[_TextLine, _TextLine]]) -> bool:
    """Whether first lines are indented, rather than verse or letters set in from the margin.

    If so, a good part of the lines within blocks is indented, mostly by the same measure and
    nearly always after the end of a sentence.
    """
    margin = _margin(lines)
    indented = [(before, line) for before, line in inner if line.indent > margin]
    if not indented or len(indented) < 0.05 * len(inner):
        return False
    (_, usual), *_ = Counter(line.indent for _, line in indented).most_common(1)
    closed = sum(before.closes for before, _ in indented)
    fresh = len(lines) - len(inner)
    return (
        usual >= 0.6 * len(indented)
        and closed >= 0.7 * len(indented)
        and 2 * len(indented) >= fresh
    )


def _blocks(page: _PageSetup, lines: Sequence[_TextLine]) -> Iterator[list[_TextLine]]:
    """Yield the lines of each paragraph."""
    block: list[_TextLine] = []
    for line in lines:
        if block and _starts_paragraph(page, block[-1], line):
            yield block
            block = []
        block.append(line)
    yield block


def _starts_paragraph(page: _PageSetup, before: _TextLine, line: _TextLine) -> bool:
    """Whether `line`, which follows `before`, is the first of a paragraph."""
    text = page.text
    if line.fresh or _stands_alone(page, before) or _stands_alone(page, line):
        return True
    if before.closes and _is_bare_heading(text, line):
        return True
    if _repeats_heading(text, before, line):
        return True
    if page.layout is Layout.LINES:
        return not _runs_on(text, before, line)
    if page.layout is Layout.INDENT:
        # Consecutive indented lines that end no sentence are verse or a letter, unless a speech
        # ends with a dash: `"I never--"`.
        separate = before.closes or before.indent != line.indent
        return line.indent > page.margin and (separate or _changes_speech(text, before, line))
    return page.layout is Layout.RAGGED and before.closes and before.length < 0.8 * page.width


def _changes_speech(text: str, before: _TextLine, line: _TextLine) -> bool:
    """Whether quote marks show that a speech ends with `before` or begins with `line`."""
    return text[before.end - 1] in _QUOTES or text[line.start] in _OPENING


def _repeats_heading(text: str, before: _TextLine, line: _TextLine) -> bool:
    """Whether two lines are the same heading."""
    if before.length > 120 or line.length != before.length:
        return False
    words = text[line.start : line.end]
    return words == text[before.start : before.end] and headings.parse(words) is not None


def _stands_alone(page: _PageSetup, line: _TextLine) -> bool:
    """Whether a line is a paragraph whatever surrounds it: a break or a Markdown heading."""
    text = page.text
    if page.headings and text[line.start : line.end] in page.headings:
        return True
    if text[line.start].isalnum() or line.length > headings.MAX_LENGTH:
        return False
    words = text[line.start : line.end]
    return headings.markdown(words) is not None or (line.length >= 3 and is_break(words))


def _is_bare_heading(text: str, line: _TextLine) -> bool:
    """Whether a line is `Chapter 3` or the like, without a title."""
    if line.length > 30 or not before_prose().match(text, line.start):
        return False
    heading = headings.parse(text[line.start : line.end])
    return heading is not None and heading.rank < headings.Rank.NUMBER and not heading.titled


def _runs_on(text: str, before: _TextLine, line: _TextLine) -> bool:
    """Whether two lines are verse or an address, in a layout of one line per paragraph."""
    if before.length > 80 or line.length > 80:
        return False
    return text[before.end - 1] in ",;" or text[line.start].islower()


def _paragraphs(page: _PageSetup, block: Sequence[_TextLine]) -> Iterator[Paragraph]:
    """Yield the paragraph of a block, after the heading that its first lines may be."""
    start, end = block[0].start, block[-1].end
    if all(is_break(page.text[line.start : line.end]) for line in block):
        yield Paragraph(start, end, Block.BREAK)
        return
    count = _heading_lines(page, block) if len(block) > 1 else 0
    if not 0 < count < len(block):
        yield Paragraph(start, end)
        return
    yield Paragraph(start, block[count - 1].end)
    yield Paragraph(block[count].start, end)


def _heading_lines(page: _PageSetup, block: Sequence[_TextLine]) -> int:
    """Count the first lines of a block that are a heading, with prose right below it."""
    text, first, second = page.text, block[0], block[1]
    if first.length > 120 or not before_prose().match(text, first.start):
        return 0
    heading = headings.parse(text[first.start : first.end])
    if heading is None or not heading.sure or heading.rank is headings.Rank.NUMBER:
        return 0
    if sum(_is_heading(text, line) for line in block[1:12]) > 1:
        return 0  # a table of contents
    if heading.titled:
        return _title_lines(block, page.width)
    return 2 if headings.is_title(text[second.start : second.end], longest=60) else 1


def _title_lines(block: Sequence[_TextLine], width: int) -> int:
    """Count the lines of a title, which continues while its lines are full."""
    count = 1
    while count < min(len(block), 6) and block[count - 1].length > 0.7 * width:
        count += 1
    return count


def _is_heading(text: str, line: _TextLine) -> bool:
    return headings.parse(text[line.start : line.end]) is not None


def _merge_breaks(paragraphs: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Yield the paragraphs with consecutive breaks merged into one."""
    pending: Paragraph | None = None
    for paragraph in paragraphs:
        if pending and paragraph.block is Block.BREAK:
            pending = Paragraph(pending.start, paragraph.end, Block.BREAK)
            continue
        if pending:
            yield pending
            pending = None
        if paragraph.block is Block.BREAK:
            pending = paragraph
        else:
            yield paragraph
    if pending:
        yield pending
