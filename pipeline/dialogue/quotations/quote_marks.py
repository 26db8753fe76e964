"""Find the quotation marks of a paragraph and what each would cost as an opening or closing mark.

The costs are small whole or fractional points for how far a mark departs from the usual setting of
its role: an opening mark follows white space and precedes a word, a closing one the other way
round. `pairing` finds the cheapest reading of a whole scene.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.core.data import word_set
from pipeline.dialogue.quotations.dash_dialogue import starts_with_tag
from pipeline.dialogue.quotations.missing_marks import find_certain_tag
from pipeline.dialogue.quotations.quote_style import (
    GROUP_OF,
    SINGLE_GROUPS,
    MarkGroup,
    QuoteStyle,
)

_ALL_MARKS = "".join(GROUP_OF) + "`*_"
_BEFORE_OPENING = "([{<"
_AFTER_CLOSING = ")]}>.,;:!?…"
_TERMINAL = ".,;:!?…-—–―*_"
_ORNAMENT = re.compile(r"([^\w\s])\1{4,}")  # five or more of the same character in a row
_WORD = re.compile(r"[^\W\d_]+")

_Position = Literal["open", "close", "either"]
_Costs = tuple[float, float, float]
"""Costs as an opening mark, as a closing mark, and as no quotation mark."""

_NEVER = 9.0
_OPENING: _Costs = (0, 3, 2)
_CLOSING: _Costs = (3, 0, 2)
_MISPLACED: _Costs = (0.8, 0.8, 1.5)  # its shape says one role, its neighbours the other
_BY_POSITION: dict[_Position, _Costs] = {
    "open": _OPENING,
    "close": _CLOSING,
    "either": (0.4, 0.4, 1.5),
}


@dataclass(frozen=True, slots=True)
class QuoteMark:
    """A quotation mark at `offset`, with its cost as opening, as closing and as neither.

    `after_tag`: a tag separates it from the mark of its group before it.
    """

    offset: int
    group: MarkGroup
    opening: float
    closing: float
    neither: float
    after_tag: bool = False


def find_marks(text: str, start: int, end: int, style: QuoteStyle) -> list[QuoteMark]:
    """Return the quotation marks of the paragraph `text[start:end]`, without apostrophes."""
    ornaments = [match.span() for match in _ORNAMENT.finditer(text, start, end)]
    ornaments.reverse()
    marks: list[QuoteMark] = []
    last: dict[MarkGroup, QuoteMark] = {}
    for match in style.pattern.finditer(text, start, end):
        offset = match.start()
        while ornaments and ornaments[-1][1] <= offset:
            ornaments.pop()
        if ornaments and ornaments[-1][0] <= offset:
            continue
        costs = _costs(text, offset, (start, end), style)
        if costs is not None:
            group = GROUP_OF[text[offset]]
            after_tag = group in last and _follows_tag(text, last[group], offset, costs)
            last[group] = QuoteMark(offset, group, *costs, after_tag)
            marks.append(last[group])
    return marks


def _follows_tag(text: str, before: QuoteMark, offset: int, costs: _Costs) -> bool:
    """Check for a tag between two marks that both seem to open a speech."""
    if before.opening >= 1 or costs[0] >= 1:
        return False
    return find_certain_tag(text, before.offset + 1, offset) is not None


def opens_paragraph(marks: list[QuoteMark], text: str, start: int) -> bool:
    """Check whether the first mark of the paragraph at `start` opens it, before any word."""
    if not marks or marks[0].opening >= 1:
        return False
    return not any(char.isalnum() for char in text[start : marks[0].offset][:8])


def _costs(text: str, offset: int, bounds: tuple[int, int], style: QuoteStyle) -> _Costs | None:
    """Return the costs of the mark at `offset`; None for an apostrophe."""
    char = text[offset]
    left, right = _neighbours(text, offset, bounds)
    position = _position(left, right)
    if position == "open" and _precedes_tag(text, offset, bounds):
        position = "either"  # `"Yes, "said Tom`
    if GROUP_OF[char] in SINGLE_GROUPS:
        return _single_costs(text, offset, (left, right), position)
    if GROUP_OF[char] is MarkGroup.DOUBLE:
        return _double_costs(char, left, position, style)
    return _directed_costs(char, position, style)


def _neighbours(text: str, offset: int, bounds: tuple[int, int]) -> tuple[str, str]:
    """Return the characters around a mark, skipping other marks; a space beyond the paragraph."""
    before, after = offset - 1, offset + 1
    while before >= max(bounds[0], offset - 4) and text[before] in _ALL_MARKS:
        before -= 1
    while after < min(bounds[1], offset + 4) and text[after] in _ALL_MARKS:
        after += 1
    left = text[before] if before >= bounds[0] else " "
    right = text[after] if after < bounds[1] else " "
    return left, right


def _position(left: str, right: str) -> _Position:
    """Return the role that a mark's neighbours suggest."""
    opens = left.isspace() or left in _BEFORE_OPENING
    closes = right.isspace() or right in _AFTER_CLOSING
    if opens == closes:
        return "either"
    return "open" if opens else "close"


def _precedes_tag(text: str, offset: int, bounds: tuple[int, int]) -> bool:
    """Check whether a mark has the end of a speech before it and a tag after it."""
    if not text[offset + 1 : offset + 2].islower():
        return False
    before = text[max(bounds[0], offset - 3) : offset].rstrip()
    words = _WORD.findall(text, offset + 1, min(bounds[1], offset + 60))
    return before[-1:] in tuple(",.!?…") and starts_with_tag(words[:4])


def _double_costs(char: str, left: str, position: _Position, style: QuoteStyle) -> _Costs:
    if char in '"＂' or char in style.symmetric:
        if position == "close" and left.isdigit():
            return (3, 0.3, 0.5)  # 6" may be inches
        return _BY_POSITION[position]
    if char in "„‟" or (char == "“" and not (style.low_opening and position != "open")):
        return _MISPLACED if position == "close" else _OPENING
    return _MISPLACED if position == "open" else _CLOSING


def _directed_costs(char: str, position: _Position, style: QuoteStyle) -> _Costs:
    """Return the costs of a guillemet or corner bracket.

    Only the mark itself reveals its role: French sets white space inside its marks.
    """
    if char in style.symmetric:
        return _BY_POSITION[position]
    opens = (char in "«「") != (style.inward and char in "«»")
    return _OPENING if opens else _CLOSING


def _single_costs(
    text: str, offset: int, neighbours: tuple[str, str], position: _Position
) -> _Costs | None:
    char = text[offset]
    left, right = neighbours
    if _is_alnum(text, offset - 1) and _is_alnum(text, offset + 1):
        return None  # don't
    if char in "‘‚‛" and position != "close":
        return _opening_single_costs(text, offset, right)
    if char == "’" and position == "open":
        return None  # ’tis, in a text that opens with ‘
    if position == "open":
        return _opening_single_costs(text, offset, right)
    if position == "close":
        return _closing_single_costs(text, offset, left)
    return (0.4, 0.4, 0.8) if char == "'" else (_NEVER, 0.3, 0.8)


def _opening_single_costs(text: str, offset: int, right: str) -> _Costs:
    word = _WORD.match(text, offset + 1, offset + 13)
    if right.isdigit() or (word and word.group().lower() in word_set("elisions")):
        return (0.8, 4, 0.1)  # 'em, '90s
    return (0, 4, 2) if right.isupper() or not right.isalnum() else (0.1, 4, 0.8)


def _closing_single_costs(text: str, offset: int, left: str) -> _Costs:
    if left in _TERMINAL or not left.isalnum():
        return (4, 0, 2)
    word_end = text[max(0, offset - 2) : offset].lower()
    if word_end.endswith("s") or word_end in ("in", "an", "th", "o"):
        return (4, 0.2, 0.1)  # the dogs' tails; goin' home
    return (4, 0.1, 0.8)


def _is_alnum(text: str, offset: int) -> bool:
    return 0 <= offset < len(text) and text[offset].isalnum()
