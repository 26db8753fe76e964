"""The quote marks of a paragraph, and what each would cost as an opening or a closing one.

The costs are small whole or half points. They say how far a mark stands from how its part is
written: an opening mark follows white space and precedes a word, a closing one the other way
round. `pipeline.quotes.pairing` finds the cheapest reading of them all.
"""

import re
from dataclasses import dataclass

from pipeline.dialogue.quotations.style import GROUP_OF, SINGLES, Group, QuoteStyle
from pipeline.dialogue.word_lists import vocabulary

NEVER = 9.0
_ALL_MARKS = "".join(GROUP_OF) + "`*_"
_BEFORE_OPENING = "([{<"
_AFTER_CLOSING = ")]}>.,;:!?…"
_DASHES = "-—–―"
_TERMINAL = ".,;:!?…-—–―*_"
_RUN = re.compile(r"([^\w\s])\1{4,}")  # a row of five marks is an ornament

_ELISIONS = vocabulary(
    """tis twas twere twill twould tisn twasn em til till cause bout round cross neath mongst gainst
    n ere im er is e ave ad ard ow ouse ope ome ead ear and ell ullo allo andsome appen arf alf
    cept fore course spose pon tween cos coz kay nuff nother ow scuse special struth cuse
    ld ll ve re"""
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class QuoteMark:
    """A quote mark at `at`, and its cost as opening, as closing, and as no quote mark at all."""

    at: int
    group: Group
    opening: float
    closing: float
    neither: float


def find(
    text: str, start: int, end: int, style: QuoteStyle, pattern: re.Pattern[str]
) -> list[QuoteMark]:
    """The quote marks of the paragraph `text[start:end]`, in order; apostrophes left out."""
    ornaments = [match.span() for match in _RUN.finditer(text, start, end)]
    ornaments.reverse()
    marks = []
    for match in pattern.finditer(text, start, end):
        at = match.start()
        while ornaments and ornaments[-1][1] <= at:
            ornaments.pop()
        if ornaments and ornaments[-1][0] <= at:
            continue
        mark = _weigh(text, at, (start, end), style)
        if mark is not None:
            marks.append(mark)
    return marks


def _neighbours(text: str, at: int, bounds: tuple[int, int]) -> tuple[str, str]:
    """The characters around the mark, other quote marks skipped; a space stands for the edge."""
    before, after = at - 1, at + 1
    while before >= max(bounds[0], at - 4) and text[before] in _ALL_MARKS:
        before -= 1
    while after < min(bounds[1], at + 4) and text[after] in _ALL_MARKS:
        after += 1
    left = text[before] if before >= bounds[0] else " "
    right = text[after] if after < bounds[1] else " "
    return left, right


def _place(left: str, right: str) -> str:
    """`open`, `close` or `either`: how the mark stands between its neighbours."""
    opens = left.isspace() or left in _BEFORE_OPENING
    closes = right.isspace() or right in _AFTER_CLOSING
    if left in _DASHES and not closes:
        return "either"
    if closes == opens:
        return "either"
    if opens or closes:
        return "open" if opens else "close"
    return "either"


def _weigh(text: str, at: int, bounds: tuple[int, int], style: QuoteStyle) -> QuoteMark | None:
    char = text[at]
    group = GROUP_OF[char]
    left, right = _neighbours(text, at, bounds)
    place = _place(left, right)
    if group in SINGLES:
        costs = _single(text, at, (left, right), place)
    elif group is Group.DOUBLE:
        costs = _double(char, left, place, style)
    else:
        costs = _directed(char, place, style)
    return None if costs is None else QuoteMark(at, group, *costs)


_Costs = tuple[float, float, float]
_BY_PLACE: dict[str, _Costs] = {
    "open": (0, 3, 2),
    "close": (3, 0, 2),
    "either": (0.4, 0.4, 1.5),
}


def _double(char: str, left: str, place: str, style: QuoteStyle) -> _Costs:
    if char in '"＂' or char in style.same:
        if place == "close" and left.isdigit():
            return (3, 0.3, 0.5)  # 6" may be inches
        return _BY_PLACE[place]
    opens = char in "„‟" or (char == "“" and not (style.low and place != "open"))
    right_way = place in ("open" if opens else "close", "either")
    if opens:
        return (0, 3, 2) if right_way else (0.8, 0.8, 1.5)
    return (3, 0, 2) if right_way else (0.8, 0.8, 1.5)


def _directed(char: str, place: str, style: QuoteStyle) -> _Costs:
    """French puts white space inside its marks, so only the mark itself tells its part."""
    if char in style.same:
        return _BY_PLACE[place]
    opens = (char in "«「") != (style.inward and char in "«»")
    return (0, 3, 2) if opens else (3, 0, 2)


def _single(text: str, at: int, near: tuple[str, str], place: str) -> _Costs | None:
    char = text[at]
    left, right = near
    if _alnum(text, at - 1) and _alnum(text, at + 1):
        return None  # don't
    if char in "‘‚‛" and place != "close":
        return _opening_single(text, at, right)
    if char == "’" and place == "open":
        return None  # ’tis, in a text that opens with ‘
    if place == "open":
        return _opening_single(text, at, right)
    if place == "close":
        return _closing_single(text, at, left)
    return (0.4, 0.4, 0.8) if char == "'" else (NEVER, 0.3, 0.8)


def _opening_single(text: str, at: int, right: str) -> _Costs:
    word = _WORD.match(text, at + 1, at + 13)
    if right.isdigit() or (word and word.group().lower() in _ELISIONS):
        return (0.8, 4, 0.1)  # 'em, '90s
    return (0, 4, 2) if right.isupper() or not right.isalnum() else (0.1, 4, 0.8)


def _closing_single(text: str, at: int, left: str) -> _Costs:
    if left in _TERMINAL or not left.isalnum():
        return (4, 0, 2)
    clipped = text[max(0, at - 2) : at].lower()
    if clipped.endswith("s") or clipped in ("in", "an", "th", "o"):
        return (4, 0.2, 0.1)  # the dogs' tails; goin' home
    return (4, 0.1, 0.8)


def _alnum(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


def starts(marks: list[QuoteMark], text: str, start: int) -> bool:
    """Whether the paragraph's first mark opens it, before any word."""
    if not marks or marks[0].opening >= 1:
        return False
    return not any(char.isalnum() for char in text[start : marks[0].at][:8])
