"""Detect which quotation marks each chapter uses for speech.

Marks are counted only where speech marks typically stand: an opening one before a capital, a
closing one after punctuation. Apostrophes and scare quotes rarely stand there.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from pipeline.model.book import Block, Book, Chapter


class MarkGroup(StrEnum):
    """Quotation marks that open and close one another."""

    DOUBLE = "double"
    GUILLEMET = "guillemet"
    CORNER = "corner"
    CURLY = "curly single"
    STRAIGHT = "straight single"


MARKS = {
    MarkGroup.DOUBLE: '"“”„‟＂',
    MarkGroup.GUILLEMET: "«»",
    MarkGroup.CORNER: "「」",
    MarkGroup.CURLY: "‘’‚‛",
    MarkGroup.STRAIGHT: "'",
}
GROUP_OF = {mark: group for group, marks in MARKS.items() for mark in marks}
SINGLE_GROUPS = frozenset({MarkGroup.CURLY, MarkGroup.STRAIGHT})
OPENING_DASH = re.compile(r"(?:[—–―]|--+|-(?=\s))\s*(?=[^\W_]|[¿¡«“\"'‘(…]|\.\.)")
"""A dash that opens a speech at the start of a paragraph."""
ASIDE_DASH = re.compile(r"(?<=\s)[—–―](?=[^\s.,;:!?…—–―])")
"""A dash before the narrator's words within a speech, in Spanish style: `—Sí —dijo ella—. Ya.`"""

_TYPICAL_OPENING = {
    MarkGroup.DOUBLE: re.compile(r"(?:^|(?<=[\s(—–-]))[\"“„”＂](?=[A-Z¿¡À-ÞА-Я'‘])", re.M),
    MarkGroup.GUILLEMET: re.compile(r"[«»][\s ]?(?=[A-ZÀ-ÞА-Я¿¡])"),
    MarkGroup.CORNER: re.compile("「"),
    MarkGroup.CURLY: re.compile(r"‘(?=[A-Z¿¡À-Þ\"“])"),
    MarkGroup.STRAIGHT: re.compile(r"(?:^|(?<=[\s(—–-]))'(?=[A-Z¿¡À-Þ\"“])", re.M),
}
_TYPICAL_CLOSING = {
    MarkGroup.DOUBLE: re.compile(r"[.,!?…—–-]['’]?[\"“”＂](?![^\W_])"),
    MarkGroup.GUILLEMET: re.compile(r"[.,!?…—–-][\s ]?[«»]|[«»][\s ]?[.,—–-]"),
    MarkGroup.CORNER: re.compile("」"),
    MarkGroup.CURLY: re.compile(r"[.,!?…—–-][\"”]?’(?![^\W_])"),
    MarkGroup.STRAIGHT: re.compile(r"[.,!?…—–-][\"”]?'(?![^\W_])"),
}
_MIN_SPEECHES = 6  # a chapter with fewer speeches is read in the style of the whole book
_SPEECHES_PER_ASIDE = 12  # dashes mark asides where at least one speech in so many has one


@dataclass(frozen=True, slots=True)
class QuoteStyle:
    """The speech marks of a chapter and the conventions that they follow.

    `low_opening`: „ opens, so “ closes. `inward`: » opens and « closes. `symmetric`: the marks (”
    or ») that both open and close. `dashes`: a dash opens a paragraph of speech. `dash_asides`:
    dashes also enclose the narrator's words within such a speech.
    """

    groups: frozenset[MarkGroup]
    low_opening: bool = False
    inward: bool = False
    symmetric: frozenset[str] = frozenset()
    dashes: bool = False
    dash_asides: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return a pattern that matches any single mark of the groups in use."""
        return _marks_pattern(self.groups)


@cache
def _marks_pattern(groups: frozenset[MarkGroup]) -> re.Pattern[str]:
    marks = "".join(MARKS[group] for group in sorted(groups))
    return re.compile(f"[{re.escape(marks)}]")


@dataclass(slots=True)
class _MarkCounts:
    """Occurrences of speech marks in some text.

    `inward` counts the paragraphs in which » comes first, less those in which « does.
    """

    openings: dict[MarkGroup, int] = field(default_factory=lambda: dict.fromkeys(MarkGroup, 0))
    closings: dict[MarkGroup, int] = field(default_factory=lambda: dict.fromkeys(MarkGroup, 0))
    characters: dict[str, int] = field(default_factory=lambda: dict.fromkeys("“”„«»", 0))
    inward: int = 0
    dashes: int = 0
    hyphens: int = 0
    asides: int = 0

    @property
    def speeches(self) -> int:
        return sum(map(self.pairs, MarkGroup)) + self.dashes

    def pairs(self, group: MarkGroup) -> int:
        return min(self.openings[group], self.closings[group])

    def count_paragraph(self, text: str) -> None:
        for group in MarkGroup:
            if any(mark in text for mark in MARKS[group]):
                self.openings[group] += sum(1 for _ in _TYPICAL_OPENING[group].finditer(text))
                self.closings[group] += sum(1 for _ in _TYPICAL_CLOSING[group].finditer(text))
        for mark in self.characters:
            self.characters[mark] += text.count(mark)
        inward, outward = text.find("»"), text.find("«")
        if inward >= 0:
            self.inward += 1 if outward < 0 or inward < outward else -1
        if OPENING_DASH.match(text):
            hyphen = text[0] == "-" and text[1] != "-"
            self.hyphens += hyphen
            self.dashes += not hyphen
            self.asides += ASIDE_DASH.search(text, 1) is not None

    def add(self, other: "_MarkCounts") -> None:
        for group in MarkGroup:
            self.openings[group] += other.openings[group]
            self.closings[group] += other.closings[group]
        for mark, count in other.characters.items():
            self.characters[mark] += count
        self.inward += other.inward
        self.dashes += other.dashes
        self.hyphens += other.hyphens
        self.asides += other.asides


def detect_styles(book: Book) -> tuple[QuoteStyle, ...]:
    """Return the quotation style of each chapter of `book`, in order."""
    by_chapter = [_count_marks(book, chapter) for chapter in book.chapters]
    total = _MarkCounts()
    for counts in by_chapter:
        total.add(counts)
    default = _style(total)
    return tuple(_style(c) if c.speeches >= _MIN_SPEECHES else default for c in by_chapter)


def _count_marks(book: Book, chapter: Chapter) -> _MarkCounts:
    counts = _MarkCounts()
    for paragraph in chapter.paragraphs:
        if paragraph.block is Block.PROSE:
            counts.count_paragraph(book.text[paragraph.start : paragraph.end])
    return counts


def _style(counts: _MarkCounts) -> QuoteStyle:
    characters, pairs = counts.characters, {group: counts.pairs(group) for group in MarkGroup}
    most_pairs = max(pairs.values())
    dashes = counts.dashes
    if not most_pairs and counts.hyphens > 2:
        dashes += counts.hyphens
    return QuoteStyle(
        groups=frozenset({MarkGroup.DOUBLE, MarkGroup.GUILLEMET, MarkGroup.CORNER})
        | _single_speech_marks(pairs),
        low_opening=characters["„"] > 0 and 2 * characters["„"] >= characters["“"],
        inward=counts.inward > 0,
        symmetric=_symmetric_marks(characters),
        dashes=dashes > 1 and 4 * dashes > most_pairs,
        dash_asides=_SPEECHES_PER_ASIDE * counts.asides > dashes,
    )


def _single_speech_marks(pairs: dict[MarkGroup, int]) -> frozenset[MarkGroup]:
    """Return the groups of single marks that are common enough to be speech marks."""
    others = max(count for group, count in pairs.items() if group not in SINGLE_GROUPS)
    return frozenset(group for group in SINGLE_GROUPS if pairs[group] > others // 2)


def _symmetric_marks(characters: dict[str, int]) -> frozenset[str]:
    """Return the closing marks whose opening partners never occur."""
    partners = {"”": "“„", "»": "«"}
    return frozenset(
        mark for mark, openings in partners.items() if not any(characters[c] for c in openings)
    )
