"""The lines by which a role is best judged before it is cast."""

from collections.abc import Collection, Iterable, Sequence
from math import exp, log

from pipeline.model.script import Line

LENGTH = 110
"""Characters of an ideal line: seven seconds, long enough for intonation, not yet a monologue."""
SPREAD = 0.6
"""Width of the preference for that length: at twice or half of it a line counts a quarter."""
CONFIDENT = 0.9
"""Confidence from which a line counts in full; below, it counts by its square."""
_NEW_ENDING, _NEW_CHAPTER, _NEW_DELIVERY = 0.4, 0.15, 0.25
_FRAGMENT = 0.4
_CLOSING = "\"'”’»*_) "
_OPENING = "\"'“‘«*_( "
_UNFINISHED = (",", ";", ":", "-", "—", "–")


def representative_lines(lines: Iterable[Line], most: int) -> list[Line]:
    """Choose at most `most` lines of one role, in reading order.

    Confident ones of a good length go first; a question beside a statement, a shout, a whisper or
    another chapter adds more than one more of the same. No two have the same words.
    """
    candidates = list({line.text: line for line in reversed(list(lines))}.values())
    chosen: list[Line] = []
    while candidates and len(chosen) < most:
        best = max(candidates, key=lambda line: (_score(line, chosen), -(line.start or 0)))
        chosen.append(best)
        candidates.remove(best)
    return sorted(chosen, key=_position)


def _position(line: Line) -> tuple[int, int, int]:
    return line.chapter, line.start or 0, line.row or 0


def _score(line: Line, chosen: Sequence[Line]) -> float:
    confidence = 1.0 if line.confidence >= CONFIDENT else line.confidence**2
    length = exp(-((log(len(line.text) / LENGTH) / SPREAD) ** 2))
    return confidence * length * _completeness(line.text) * (1 + _novelty(line, chosen))


def _completeness(text: str) -> float:
    """Return a factor below 1 for a line that begins or ends amid a sentence."""
    begins_amid = text.lstrip(_OPENING)[:1].islower()
    ends_amid = text.rstrip(_CLOSING)[-1:] in _UNFINISHED
    return _FRAGMENT ** (begins_amid + ends_amid)


def _novelty(line: Line, chosen: Collection[Line]) -> float:
    """Score what a line has that none of the chosen ones has."""
    novelty = _NEW_ENDING * (_ending(line) not in map(_ending, chosen))
    novelty += _NEW_CHAPTER * (line.chapter not in {other.chapter for other in chosen})
    deliveries = {None, *(other.delivery for other in chosen)}
    return novelty + _NEW_DELIVERY * (line.delivery not in deliveries)


def _ending(line: Line) -> str:
    """Return the mark that a line ends with: `!`, `?` or `.`; the louder one wins."""
    end = line.text.rstrip(_CLOSING)[-2:]
    return next((mark for mark in "!?" if mark in end), ".")
