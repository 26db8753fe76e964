"""How loud voices are, and the gains that level them against each other.

Each voice is measured once, on one passage, so an edit in one chapter never changes another.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from math import log10

from pipeline.engines.base import Clip, Voice
from pipeline.errors import EncodeError
from pipeline.ffmpeg import Ffmpeg

PASSAGE = (
    "The rain had stopped before dawn, and the whole street smelled of wet stone and new bread.",
    "Somewhere a door opened; a dog barked twice, thought better of it, and went back to sleep.",
    "Who would be first to speak? Nobody knew, and for a long while nobody seemed to mind.",
)
"""What every voice says to be measured: even, long enough for a gated meter, and of all sounds."""
TARGET = -20.0
"""LUFS to which each voice is brought: between the two limits of the delivery specs for RMS."""
LOUDEST_GAIN = 30.0
"""dB that a voice is raised at most; more would raise nothing but noise."""

MUTE = -120.0
"""dB of a voice whose volume is 0: below the last bit of 16."""

_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS")


def measure(clip: Clip) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770 (ffmpeg's ebur128); -inf for silence."""
    arguments = ["-v", "info", "-f", "s16le", "-ar", str(clip.rate), "-ac", "1", "-i", "pipe:0"]
    arguments += ["-af", "ebur128=framelog=quiet", "-f", "null", "-"]
    with Ffmpeg(arguments, "measuring a voice") as meter:
        meter.write(clip.pcm)
        found = _INTEGRATED.findall(meter.finish())
    if not found:
        raise EncodeError.of("ffmpeg gave no loudness", remedy="use the ffmpeg that came along")
    return float(found[-1])


def levelling_gain(loudness: float) -> float:
    """Give the dB that bring a voice of that loudness to `TARGET`; 0 for one that is silent."""
    if not loudness > -70.0:  # the gate of BS.1770: nothing was measured
        return 0.0
    return min(TARGET - loudness, LOUDEST_GAIN)


@dataclass(frozen=True, slots=True)
class Levels:
    """What measuring the voices of a book gave.

    `gains` are the decibels by which each voice is raised, its volume included; `rate` in Hz is
    that of the engine with the highest, and so the book's.
    """

    gains: Mapping[Voice, float]
    rate: int


def level(voices: Iterable[Voice], passage: Callable[[Voice], Clip], threads: Executor) -> Levels:
    """Measure each voice on its `passage`, spoken at full volume, and give the levels."""
    distinct = list(dict.fromkeys(voices))
    clips = {voice: passage(voice) for voice in distinct}
    measured = zip(distinct, threads.map(measure, clips.values()), strict=True)
    gains = {voice: levelling_gain(lufs) + _decibels(voice.volume) for voice, lufs in measured}
    return Levels(gains, max(clip.rate for clip in clips.values()))


def _decibels(volume: float) -> float:
    return 20 * log10(volume) if volume > 0 else MUTE
