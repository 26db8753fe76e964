"""The lines by which a role is best heard before it is cast."""

from collections.abc import Collection, Iterable, Sequence
from math import exp, log

from pipeline.model.script import Line

LENGTH = 110
"""Characters of a line that tells most: seven seconds, long enough for a tune and no speech."""
SPREAD = 0.6
"""How soon a line is too short or too long: at twice or half the length it counts a fourth."""
SURE = 0.9
"""Confidence from which on a line is the role's own; a line under it counts by its square."""
_NEW_ENDING, _NEW_CHAPTER, _DELIVERED = 0.4, 0.15, 0.25
_TORN = 0.4
_CLOSING = "\"'”’»*_) "
_OPENING = "\"'“‘«*_( "
_GOES_ON = (",", ";", ":", "-", "—", "–")


def telling(lines: Iterable[Line], most: int) -> list[Line]:
    """Choose at most `most` lines of one role, in reading order.

    Sure ones of a good length go first; a question beside a statement, a shout, a whisper and
    another chapter say more than one more of the same. No two have the same words.
    """
    left = list({line.text: line for line in reversed(list(lines))}.values())
    chosen: list[Line] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda line: (_worth(line, chosen), -(line.start or 0)))
        chosen.append(best)
        left.remove(best)
    return sorted(chosen, key=_place)


def _place(line: Line) -> tuple[int, int, int]:
    return line.chapter, line.start or 0, line.row or 0


def _worth(line: Line, chosen: Sequence[Line]) -> float:
    sure = 1.0 if line.confidence >= SURE else line.confidence**2
    fit = exp(-((log(len(line.text) / LENGTH) / SPREAD) ** 2))
    return sure * fit * _wholeness(line.text) * (1 + _news(line, chosen))


def _wholeness(text: str) -> float:
    """Count a line for less where it goes on with a sentence that another has begun, or ends so."""
    begun = text.lstrip(_OPENING)[:1].islower()
    unended = text.rstrip(_CLOSING)[-1:] in _GOES_ON
    return _TORN ** (begun + unended)


def _news(line: Line, chosen: Collection[Line]) -> float:
    """Count what a line has that none of the others has."""
    news = _NEW_ENDING * (_ending(line) not in map(_ending, chosen))
    news += _NEW_CHAPTER * (line.chapter not in {other.chapter for other in chosen})
    return news + _DELIVERED * (line.delivery not in {None, *(other.delivery for other in chosen)})


def _ending(line: Line) -> str:
    """Give how a line ends: as a question, a shout, or otherwise; the louder wins."""
    end = line.text.rstrip(_CLOSING)[-2:]
    return next((mark for mark in "!?" if mark in end), ".")
