"""Which marks a chapter uses for speech.

Marks are counted where they stand as speech marks do: an opening one before a capital, a closing
one after punctuation. Apostrophes and scare quotes hardly ever stand so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.book import Block, Book, Chapter


class Group(StrEnum):
    """Marks that open and close one another."""

    DOUBLE = "double"
    GUILLEMET = "guillemet"
    CORNER = "corner"
    CURLY = "curly single"
    STRAIGHT = "straight single"


MEMBERS = {
    Group.DOUBLE: '"“”„‟＂',
    Group.GUILLEMET: "«»",
    Group.CORNER: "「」",
    Group.CURLY: "‘’‚‛",
    Group.STRAIGHT: "'",
}
GROUP_OF = {mark: group for group, marks in MEMBERS.items() for mark in marks}
SINGLES = frozenset({Group.CURLY, Group.STRAIGHT})
DASH = re.compile(r"(?:[—–―]|--+|-(?=\s))\s*(?=[^\W_]|[¿¡«“\"'‘(…]|\.\.)")
"""A dash that opens a speech, at the start of a paragraph."""
ASIDE = re.compile(r"(?<=\s)[—–―](?=[^\s.,;:!?…—–―])")
"""A dash before the narrator's words within a speech, as Spanish sets it: `—Sí —dijo ella—. Ya.`"""

_BEGINS = {
    Group.DOUBLE: re.compile(r"(?:^|(?<=[\s(—–-]))[\"“„”＂](?=[A-Z¿¡À-ÞА-Я'‘])", re.M),
    Group.GUILLEMET: re.compile(r"[«»][\s ]?(?=[A-ZÀ-ÞА-Я¿¡])"),
    Group.CORNER: re.compile("「"),
    Group.CURLY: re.compile(r"‘(?=[A-Z¿¡À-Þ\"“])"),
    Group.STRAIGHT: re.compile(r"(?:^|(?<=[\s(—–-]))'(?=[A-Z¿¡À-Þ\"“])", re.M),
}
_ENDS = {
    Group.DOUBLE: re.compile(r"[.,!?…—–-]['’]?[\"“”＂](?![^\W_])"),
    Group.GUILLEMET: re.compile(r"[.,!?…—–-][\s ]?[«»]|[«»][\s ]?[.,—–-]"),
    Group.CORNER: re.compile("」"),
    Group.CURLY: re.compile(r"[.,!?…—–-][\"”]?’(?![^\W_])"),
    Group.STRAIGHT: re.compile(r"[.,!?…—–-][\"”]?'(?![^\W_])"),
}
_ENOUGH = 6  # speeches by which a chapter tells its own style; with fewer the book's holds

_ASIDES = 12  # speeches of which one at least has an aside, where dashes tell of it


@dataclass(frozen=True, slots=True)
class QuoteStyle:
    """The groups of marks that are speech marks here, and what is special about them.

    `low` says that „ opens, so that “ closes; `inward` that » opens and « closes; `same` holds the
    marks, ” or », that both open and close; `dash` says that a dash opens a paragraph of speech,
    `asides` that dashes stand around the narrator's words in it, too.
    """

    groups: frozenset[Group]
    low: bool = False
    inward: bool = False
    same: frozenset[str] = frozenset()
    dash: bool = False
    asides: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches every single mark of the active groups."""
        marks = "".join(MEMBERS[group] for group in sorted(self.groups))
        return re.compile(f"[{re.escape(marks)}]")


@dataclass(slots=True)
class _Tally:
    """What was counted in some text; tallies of chapters add up to that of the book."""

    begins: dict[Group, int]
    ends: dict[Group, int]
    chars: dict[str, int]
    dashes: int = 0
    hyphens: int = 0
    asides: int = 0

    def pairs(self, group: Group) -> int:
        return min(self.begins[group], self.ends[group])

    @property
    def total(self) -> int:
        return sum(map(self.pairs, Group)) + self.dashes


def _paragraphs(book: Book, chapter: Chapter) -> Iterable[str]:
    return (book.text[p.start : p.end] for p in chapter.paragraphs if p.block is Block.PROSE)


def _count(texts: Iterable[str]) -> _Tally:
    tally = _Tally(dict.fromkeys(Group, 0), dict.fromkeys(Group, 0), dict.fromkeys("“”„«»", 0))
    inward = 0
    for text in texts:
        for group in Group:
            if not any(mark in text for mark in MEMBERS[group]):
                continue
            tally.begins[group] += sum(1 for _ in _BEGINS[group].finditer(text))
            tally.ends[group] += sum(1 for _ in _ENDS[group].finditer(text))
        for mark in tally.chars:
            tally.chars[mark] += text.count(mark)
        if DASH.match(text):
            tally.hyphens += text[0] == "-" and text[1] != "-"
            tally.dashes += text[0] != "-" or text[1] == "-"
            tally.asides += ASIDE.search(text, 1) is not None
        first, second = text.find("»"), text.find("«")
        inward += (first >= 0) * (1 if second < 0 or first < second else -1)
    tally.chars["inward"] = inward
    return tally


def _add(tallies: Iterable[_Tally]) -> _Tally:
    total = _count(())
    for tally in tallies:
        for group in Group:
            total.begins[group] += tally.begins[group]
            total.ends[group] += tally.ends[group]
        for mark, count in tally.chars.items():
            total.chars[mark] += count
        total.dashes += tally.dashes
        total.hyphens += tally.hyphens
        total.asides += tally.asides
    return total


def _style(tally: _Tally) -> QuoteStyle:
    others = max(tally.pairs(g) for g in Group if g not in SINGLES)
    singles = {g for g in SINGLES if tally.pairs(g) > others // 2}
    quotes = max(map(tally.pairs, Group))
    dashes = tally.dashes + (tally.hyphens if not quotes and tally.hyphens > 2 else 0)
    chars = tally.chars
    same = {
        mark for mark, partners in (("”", "“„"), ("»", "«")) if not any(chars[p] for p in partners)
    }
    return QuoteStyle(
        groups=frozenset({Group.DOUBLE, Group.GUILLEMET, Group.CORNER} | singles),
        low=chars["„"] > 0 and 2 * chars["„"] >= chars["“"],
        inward=chars["inward"] > 0,
        same=frozenset(same),
        dash=dashes > 1 and 4 * dashes > quotes,
        asides=_ASIDES * tally.asides > dashes,
    )


def detect(book: Book) -> tuple[QuoteStyle, ...]:
    """The style of each chapter of `book`, in order."""
    tallies = [_count(_paragraphs(book, chapter)) for chapter in book.chapters]
    whole = _style(_add(tallies))
    return tuple(_style(t) if t.total >= _ENOUGH else whole for t in tallies)
