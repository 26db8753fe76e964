"""How loud voices are, and the gains that level them against each other, clip by clip.

Each voice is measured once, on one passage, so an edit in one chapter never changes another. Its
clips are then brought to its own loudness: an engine says some sentences louder than others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log10
from typing import NamedTuple

from pipeline.audio import meter
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice

LOUDEST_GAIN = 30.0
"""dB that a voice is raised at most; more would raise nothing but noise."""
MOST_EVENED = 6.0
"""dB by which a clip is brought to its voice's loudness at most: what is further off was meant, or
is a mishap of the engine that a louder copy would not mend."""

MUTE = -120.0
"""dB of a voice whose volume is 0: below the last bit of 16."""


@dataclass(frozen=True, slots=True)
class VoiceLevel:
    """How a voice is levelled.

    `gain` in dB brings it to the target, volume included; `own` is its loudness before that in
    LUFS, -inf for a voice that is silent.
    """

    gain: float
    own: float = -inf

    def raised(self, gain: float) -> "VoiceLevel":
        """Give the level of the same voice `gain` dB louder."""
        return VoiceLevel(self.gain + gain, self.own)

    def of(self, clip: Clip) -> float:
        """Give the dB by which a clip of the voice, trimmed, is raised.

        A clip of `meter.SHORTEST` seconds and more comes to the loudness of its voice. A shorter
        one ("No.") has no loudness that could be measured: it is raised as its voice is.
        """
        found = meter.loudness(clip) if isfinite(self.own) else -inf
        if not isfinite(found):
            return self.gain
        return self.gain + min(MOST_EVENED, max(-MOST_EVENED, self.own - found))


def levelling_gain(loudness: float, target: float) -> float:
    """Give the dB that bring a voice of that loudness to the target; 0 for one that is silent."""
    return min(target - loudness, LOUDEST_GAIN) if isfinite(loudness) else 0.0


@dataclass(frozen=True, slots=True)
class VoiceLevels:
    """What measuring the voices of a book gave.

    `voices` says how each is levelled; `rate` in Hz is that of the engine with the highest, and
    so the book's.
    """

    voices: Mapping[Voice, VoiceLevel]
    rate: int


class VoiceLoudness(NamedTuple):
    """A voice as it says the passage at full volume: its loudness in LUFS, its rate in Hz."""

    loudness: float
    rate: int

    @classmethod
    def heard(cls, clips: Sequence[Clip]) -> "VoiceLoudness":
        """Measure the clips of the passage."""
        said = Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)
        return cls(meter.loudness(said), said.rate)


def level(
    voices: Iterable[Voice], own: Callable[[Voice], VoiceLoudness], target: float
) -> VoiceLevels:
    """Level voices by what each is of its own; `target` is in LUFS."""
    levels: dict[Voice, VoiceLevel] = {}
    rate = 0
    for voice in dict.fromkeys(voices):
        loudness, hertz = own(voice)
        gain = levelling_gain(loudness, target) + _decibels(voice.volume)
        levels[voice] = VoiceLevel(gain, loudness)
        rate = max(rate, hertz)
    return VoiceLevels(levels, rate)


def _decibels(volume: float) -> float:
    return 20 * log10(volume) if volume > 0 else MUTE
