"""When each caption shows.

A line begins and ends with its cue, which is exact, but for the margin of silence that each clip
keeps. A line that takes several captions changes where the voice rests: in the rest that lies
nearest to where the change would be if all characters took the same time, and rather in a long rest
than in a short one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.audio.editing import MARGIN
from pipeline.core.text import one_line
from pipeline.export.captions.pieces import pieces
from pipeline.mix.silences import Silence
from pipeline.model.cues import Cue

REACH = 0.4
"""How far off a rest may be, as a share of the time that the caption is expected to take."""
_WORTH = (0.6, 3.0)
"""By how many seconds a rest may be further off for each second that it is longer: in the middle
of a clause, and after one."""
_LONG = 0.5  # seconds: what is longer is worth no more
_PAUSE = 0.1  # seconds of a rest that is not part of speaking


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown for `[start, end)`, in whole milliseconds: who speaks, and what, on one line.

    Captions are in order, do not overlap, and last at least a millisecond.
    """

    start: int
    end: int
    speaker: str
    text: str


def captions(cues: Iterable[Cue], rate: int, language: str = "en") -> Iterator[Caption]:
    """Give the captions of cues in frames at `rate` (Hz); a line without sound has none."""
    for cue in cues:
        if cue.start == cue.end:
            continue
        texts = pieces(one_line(cue.line.text), language)
        resting = [Silence(start / rate, end / rate) for start, end in _pairs(cue.silences)]
        spans = _spans(texts, (cue.end - cue.start) / rate, resting)
        for (start, end), text in zip(spans, texts, strict=True):
            first, last = (round(1000 * (cue.start / rate + at)) for at in (start, end))
            if text and first < last:
                yield Caption(first, last, one_line(cue.line.speaker), text)


def _pairs(bounds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the frames at which each rest starts and ends."""
    return zip(bounds[::2], bounds[1::2], strict=True)


def _spans(
    texts: Sequence[str], seconds: float, resting: Sequence[Silence]
) -> list[tuple[float, float]]:
    """Give when each of the texts sounds, in seconds from the start of the line."""
    margin = min(MARGIN / 1000, seconds / 4)
    starts, ends = [margin], []
    left = sum(map(len, texts))
    for text in texts[:-1]:
        rest = _change(text, len(text) / left, starts[-1], seconds, resting)
        ends.append(rest.start)
        starts.append(rest.end)
        left -= len(text)
    return list(zip(starts, [*ends, seconds - margin], strict=True))


def _change(
    text: str, share: float, start: float, seconds: float, resting: Sequence[Silence]
) -> Silence:
    """Give the rest that follows `text`, the given share of what is still to be said."""
    ahead = resting[bisect_right(resting, start, key=lambda rest: rest.start) :]
    idle = sum(_idle(rest) for rest in ahead)
    speaking = share * (seconds - start - idle)
    aim = _after(start, speaking, ahead)
    worth = _WORTH[not text[-1:].isalnum()]
    reach = REACH * (aim - start)
    first = bisect_left(ahead, aim - reach, key=lambda rest: rest.end)
    last = bisect_right(ahead, aim + reach, key=lambda rest: rest.start)
    near = ahead[first:last]
    if not near:
        return Silence(aim, aim)
    return min(near, key=lambda rest: _off(rest, aim) - worth * min(rest.end - rest.start, _LONG))


def _off(rest: Silence, aim: float) -> float:
    """Seconds between a rest and a time; none if the time lies in it."""
    return max(0.0, rest.start - aim, aim - rest.end)


def _idle(rest: Silence) -> float:
    """Seconds of a rest in which somebody who speaks evenly would be silent."""
    return max(0.0, rest.end - rest.start - _PAUSE)


def _after(start: float, speaking: float, ahead: Sequence[Silence]) -> float:
    """Give the time at which so many seconds have been spoken since `start`."""
    idle = 0.0
    for rest in ahead:
        if rest.start - start - idle >= speaking:
            break
        idle += _idle(rest)
    return start + speaking + idle
