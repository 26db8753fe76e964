"""When each caption is shown.

A line begins and ends with its cue, which is exact except for the margin of silence that each clip
keeps. A line of several captions changes caption in a silence of its voice: the one closest to
where the change would be if all characters took the same time, with a preference for long ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.audio.editing import MARGIN
from pipeline.core.text import one_line
from pipeline.export.captions.layout import caption_texts
from pipeline.mix.silences import Silence
from pipeline.model.cues import Cue

REACH = 0.4
"""How far off a silence may be, as a share of the time that its caption is expected to take."""

_LENGTH_BONUS = {"within clause": 0.6, "after clause": 3.0}
"""Seconds that a silence may be further off for each second that it is longer."""
_LONG = 0.5  # seconds beyond which a silence is not preferred any further
_SPEECH_GAP = 0.1  # seconds of a silence that count as speaking


@dataclass(frozen=True, slots=True)
class Caption:
    """Text shown for `[start, end)`, in whole milliseconds: the speaker, and words on one line.

    Captions are in order, do not overlap, and last at least a millisecond.
    """

    start: int
    end: int
    speaker: str
    text: str


def captions(cues: Iterable[Cue], rate: int, language: str = "en") -> Iterator[Caption]:
    """Yield the captions of cues in frames at `rate` Hz; a line without sound has none."""
    for cue in cues:
        if cue.start == cue.end:
            continue
        texts = caption_texts(one_line(cue.line.text), language)
        silences = [Silence(start / rate, end / rate) for start, end in _pairs(cue.silences)]
        spans = _spans(texts, (cue.end - cue.start) / rate, silences)
        for (start, end), text in zip(spans, texts, strict=True):
            first, last = (round(1000 * (cue.start / rate + at)) for at in (start, end))
            if text and first < last:
                yield Caption(first, last, one_line(cue.line.speaker), text)


def _pairs(bounds: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(bounds[::2], bounds[1::2], strict=True)


def _spans(
    texts: Sequence[str], seconds: float, silences: Sequence[Silence]
) -> list[tuple[float, float]]:
    """Return when each text sounds, in seconds from the start of the line."""
    margin = min(MARGIN, seconds / 4)
    starts, ends = [margin], []
    left = sum(map(len, texts))
    for text in texts[:-1]:
        silence = _silence_after(text, len(text) / left, starts[-1], seconds, silences)
        ends.append(silence.start)
        starts.append(silence.end)
        left -= len(text)
    return list(zip(starts, [*ends, seconds - margin], strict=True))


def _silence_after(
    text: str, share: float, start: float, seconds: float, silences: Sequence[Silence]
) -> Silence:
    """Return the silence after `text`, which begins at `start` in a line of so many seconds.

    `share` is the share of `text` in what is left of the line. Without a silence in reach, an empty
    one lies where the text is expected to end.
    """
    ahead = silences[bisect_right(silences, start, key=lambda silence: silence.start) :]
    speaking = share * (seconds - start - sum(map(_idle, ahead)))
    expected = _time_after(start, speaking, ahead)
    reach = REACH * (expected - start)
    first = bisect_left(ahead, expected - reach, key=lambda silence: silence.end)
    last = bisect_right(ahead, expected + reach, key=lambda silence: silence.start)
    bonus = _LENGTH_BONUS["within clause" if text[-1:].isalnum() else "after clause"]
    return min(
        ahead[first:last],
        key=lambda silence: (
            _distance(silence, expected) - bonus * min(silence.end - silence.start, _LONG)
        ),
        default=Silence(expected, expected),
    )


def _distance(silence: Silence, time: float) -> float:
    """Return the seconds between a silence and a time; 0 if the time lies in it."""
    return max(0.0, silence.start - time, time - silence.end)


def _idle(silence: Silence) -> float:
    """Return the seconds of a silence in which an even speaker would not be speaking."""
    return max(0.0, silence.end - silence.start - _SPEECH_GAP)


def _time_after(start: float, speaking: float, ahead: Sequence[Silence]) -> float:
    """Return the time at which so many seconds have been spoken since `start`."""
    idle = 0.0
    for silence in ahead:
        if silence.start - start - idle >= speaking:
            break
        idle += _idle(silence)
    return start + speaking + idle
