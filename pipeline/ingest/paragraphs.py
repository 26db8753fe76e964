"""Where the paragraphs of a plain text lie, told from its layout as a whole. Linear in its length.

Three layouts are common, and a file mostly keeps to one: paragraphs between blank lines, paragraphs
whose first line is indented, and each paragraph in one line of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from pipeline.ingest import headings
from pipeline.model.book import Block, Paragraph

INVISIBLE = "".join(c for c in map(chr, range(0x10000)) if c.isspace()) + "\x1a\u200b\u2060\ufeff"
"""White space, and what is not seen either; paragraphs neither begin nor end with it."""

UNWRAPPED = 140
"""Characters: no one sets a line longer than this by hand."""

_LINE = re.compile(r"[^\r\n]+")
_QUOTES = frozenset("\"'“”\u2018\u2019«»\u2039\u203a„\u201a`")
_OPENING = frozenset('"“„«—–―')
_ORNAMENT = re.compile(
    r"[-~*=+_.<>]*(?:oOo|o0o|0o0|OoO|xXx|XxX)[-~*=+_.<>]*|[-~*=+<>]+[xXoO][-~*=+<>]+"
)
_LABEL = re.compile(r"#{1,6}[ \t]|ch|part|book|vol|canto|stave|letter", re.IGNORECASE)


class Layout(Enum):
    """How a file tells its paragraphs apart; blank lines do so in each."""

    BLANK = auto()
    INDENT = auto()
    LINES = auto()
    RAGGED = auto()  # nothing but the short last line tells


class _Line(NamedTuple):
    """A line with words, `[start, end)` trimmed; `fresh` after a blank line or at the head."""

    start: int
    end: int
    indent: int
    fresh: bool
    closes: bool  # ends as a sentence does

    @property
    def length(self) -> int:
        return self.end - self.start


def is_break(line: str) -> bool:
    """Whether a line only parts two scenes: `***`, `* * *`, `---`, `#`, `⁂`, `~`, `oOo`.

    That is: it holds nothing to speak, and is not a speech either, as `"...!"` or an emoji is.
    """
    compact = "".join(line.split())
    if not compact or len(compact) > 200:
        return False
    if _ORNAMENT.fullmatch(compact):
        return True
    if any(c.isalnum() or c in _QUOTES or c in "!?" or ord(c) >= 0x1F000 for c in compact):
        return False
    return len(compact) > 3 or bool(set(compact) - {".", "…"})


def split(text: str, start: int = 0, end: int | None = None) -> tuple[Paragraph, ...]:
    """The paragraphs of `text[start:end]`, in order; blocks are PROSE or BREAK.

    A heading in the first line of a paragraph becomes a paragraph of its own. Every character that
    is not in `INVISIBLE` lies in exactly one paragraph; breaks in a row are one.
    """
    lines = list(_lines(text, start, len(text) if end is None else end))
    layout = _layout(text, lines)
    width = _width(lines)
    blocks = _blocks(text, lines, layout, width)
    return tuple(_merge_breaks(p for block in blocks for p in _paragraphs(text, block, width)))


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    previous = start
    first = True
    for found in _LINE.finditer(text, start, end):
        raw = found[0]
        stripped = raw.lstrip(INVISIBLE)
        body = stripped.rstrip(INVISIBLE)
        if not body:
            continue
        indent = len(raw) - len(stripped)
        begin = found.start() + indent
        fresh = first or _line_ends(text[previous:begin]) > 1
        width = len(raw[:indent].expandtabs(4)) if indent else 0
        yield _Line(begin, begin + len(body), width, fresh, headings.ends_sentence(body))
        previous, first = begin + len(body), False


def _line_ends(gap: str) -> int:
    return gap.count("\n") + gap.count("\r") - gap.count("\r\n")


def _width(lines: Sequence[_Line]) -> int:
    """The width that the text is set to: nineteen lines of twenty are no longer."""
    return sorted(line.length for line in lines)[len(lines) * 19 // 20] if lines else 0


def _layout(text: str, lines: Sequence[_Line]) -> Layout:
    total = sum(line.length for line in lines)
    if sum(line.length for line in lines if line.length > UNWRAPPED) * 2 > total:
        return Layout.LINES
    inner = [(before, line) for before, line in pairwise(lines) if not line.fresh]
    if not inner:
        return Layout.BLANK
    if _is_indented(lines, inner):
        return Layout.INDENT
    closed = sum(before.closes for before, _ in inner)
    apart = _headings(text, [before for before, _ in inner if not before.closes])
    judged = len(inner) - apart
    if closed >= 0.8 * judged > 0 and len(inner) >= 0.4 * len(lines):
        return Layout.LINES
    return Layout.RAGGED if len(lines) > 60 * (len(lines) - len(inner)) else Layout.BLANK


def _headings(text: str, lines: Sequence[_Line]) -> int:
    """How many lines are headings, their titles or breaks, and so need not end as sentences do."""
    count, after = 0, -9
    for line in lines:
        words = text[line.start : line.end] if line.length <= 60 else ""
        mark = bool(words) and (headings.parse(words) is not None or is_break(words))
        titles = 0 <= line.start - after <= 2 and headings.is_title(words)
        count += mark or titles
        after = line.end if mark else -1
    return count


def _margin(lines: Sequence[_Line]) -> int:
    """The indent of lines that are not indented: the least that is no exception."""
    counts = Counter(line.indent for line in lines)
    return min(indent for indent, count in counts.items() if count * 33 >= len(lines))


def _is_indented(lines: Sequence[_Line], inner: Sequence[tuple[_Line, _Line]]) -> bool:
    """Whether first lines are indented, rather than verse or letters set in from the margin.

    Then a good part of the lines within blocks is indented, by one measure, and nearly always
    after a sentence has ended.
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


def _blocks(text: str, lines: Sequence[_Line], layout: Layout, width: int) -> Iterator[list[_Line]]:
    """The lines of each paragraph."""
    margin = _margin(lines) if lines else 0
    block: list[_Line] = []
    for line in lines:
        if block and _begins(text, block[-1], line, layout, margin, width):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _begins(text: str, before: _Line, line: _Line, layout: Layout, margin: int, width: int) -> bool:
    """Whether `line` begins a paragraph, `before` being the line before it."""
    if line.fresh or _stands_alone(text, before) or _stands_alone(text, line):
        return True
    if before.closes and _is_label(text, line):
        return True
    if layout is Layout.LINES:
        return not _runs_on(text, before, line)
    if layout is Layout.INDENT:
        # Lines that are set in, one after the other, and end no sentence are verse or a letter,
        # but that `"I never--"` ends a speech.
        apart = before.closes or before.indent != line.indent
        return line.indent > margin and (apart or _turns(text, before, line))
    return layout is Layout.RAGGED and before.closes and before.length < 0.8 * width


def _turns(text: str, before: _Line, line: _Line) -> bool:
    """Whether marks tell that a speech ends with the one line or begins with the other."""
    return text[before.end - 1] in _QUOTES or text[line.start] in _OPENING


def _stands_alone(text: str, line: _Line) -> bool:
    """Whether a line is a paragraph whatever surrounds it: a break or a Markdown heading."""
    if text[line.start].isalnum() or line.length > headings.LONGEST:
        return False
    words = text[line.start : line.end]
    return headings.markdown(words) is not None or (line.length >= 3 and is_break(words))


def _is_label(text: str, line: _Line) -> bool:
    """Whether a line is `Chapter 3` or the like, and nothing more."""
    if line.length > 30 or not _LABEL.match(text, line.start):
        return False
    mark = headings.parse(text[line.start : line.end])
    return mark is not None and mark.rank < headings.Rank.NUMBER and not mark.titled


def _runs_on(text: str, before: _Line, line: _Line) -> bool:
    """Whether, with a line a paragraph, these two are verse or an address all the same."""
    if before.length > 80 or line.length > 80:
        return False
    return text[before.end - 1] in ",;" or text[line.start].islower()


def _paragraphs(text: str, block: Sequence[_Line], width: int) -> Iterator[Paragraph]:
    """The paragraph of a block, after the heading that its first lines may be."""
    whole = Paragraph(block[0].start, block[-1].end)
    if all(is_break(text[line.start : line.end]) for line in block):
        yield Paragraph(whole.start, whole.end, Block.BREAK)
        return
    count = _heading_lines(text, block, width) if len(block) > 1 else 0
    if not 0 < count < len(block):
        yield whole
        return
    yield Paragraph(whole.start, block[count - 1].end)
    yield Paragraph(block[count].start, whole.end)


def _heading_lines(text: str, block: Sequence[_Line], width: int) -> int:
    """How many first lines of a block are a heading that prose follows without a blank line."""
    first = block[0]
    if first.length > 120 or not _LABEL.match(text, first.start):
        return 0
    mark = headings.parse(text[first.start : first.end])
    if mark is None or not mark.sure or mark.rank is headings.Rank.NUMBER:
        return 0
    if sum(_is_mark(text, line) for line in block[1:12]) > 1:
        return 0  # a table of contents
    if mark.titled:
        return _titled_lines(block, width)
    second = block[1]
    return 2 if headings.is_title(text[second.start : second.end], longest=60) else 1


def _titled_lines(block: Sequence[_Line], width: int) -> int:
    """A long title runs on for as long as its lines are full."""
    count = 1
    while count < min(len(block), 6) and block[count - 1].length > 0.7 * width:
        count += 1
    return count


def _is_mark(text: str, line: _Line) -> bool:
    return headings.parse(text[line.start : line.end]) is not None


def _merge_breaks(paragraphs: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Make one break of several in a row."""
    held: Paragraph | None = None
    for paragraph in paragraphs:
        if held and paragraph.block is Block.BREAK:
            held = Paragraph(held.start, paragraph.end, Block.BREAK)
            continue
        if held:
            yield held
            held = None
        if paragraph.block is Block.BREAK:
            held = paragraph
        else:
            yield paragraph
    if held:
        yield held
