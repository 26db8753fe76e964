"""Levelling: the gain that brings each voice to a common loudness, and each clip to its voice's.

Loudness is integrated loudness in LUFS (ITU-R BS.1770-4). A voice is measured once, on one passage,
so an edit in one chapter never changes another. Its clips are then levelled to the loudness of the
voice, since an engine speaks some sentences louder than others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log10
from typing import NamedTuple

from pipeline.audio.meter import integrated_loudness
from pipeline.model.clip import Clip
from pipeline.model.script import Line
from pipeline.model.voice import Voice
from pipeline.synthesis.delivery_effect import effect_of

MAX_VOICE_GAIN = 30.0
"""dB: the most by which a voice is raised; more would raise nothing but noise."""
MAX_CLIP_CORRECTION = 6.0
"""dB: the most by which a clip is moved towards the loudness of its voice. What is further off is
intended, or a failure of the engine that a louder copy would not repair."""
MUTE = -120.0
"""dB for a volume of 0: below the last bit of 16."""


@dataclass(frozen=True, slots=True)
class VoiceLevel:
    """How a voice is levelled.

    `gain` in dB brings it to the target, volume included. `loudness` is its integrated loudness
    before that, in LUFS; -inf for a voice that is silent.
    """

    gain: float
    loudness: float = -inf

    def raised(self, gain: float) -> "VoiceLevel":
        """Return the level of the same voice, `gain` dB louder."""
        return VoiceLevel(self.gain + gain, self.loudness)

    def clip_gain(self, clip: Clip) -> float:
        """Return the gain in dB for a trimmed clip of the voice.

        A clip of at least one gating block is brought to the loudness of its voice. A shorter one
        ("No.") has no measurable loudness and gets the gain of the voice.
        """
        loudness = integrated_loudness(clip) if isfinite(self.loudness) else -inf
        if not isfinite(loudness):
            return self.gain
        return self.gain + min(
            MAX_CLIP_CORRECTION, max(-MAX_CLIP_CORRECTION, self.loudness - loudness)
        )


@dataclass(frozen=True, slots=True)
class VoiceLevels:
    """The levels of the voices of a book, and the highest sample rate of any, in Hz."""

    voices: Mapping[Voice, VoiceLevel]
    rate: int


@dataclass(frozen=True, slots=True)
class LineLevels:
    """How each line of a script is levelled: as its voice is, plus the gain of its delivery.

    `speakers` maps speakers to their voices, some of which `voices` may lack; `delivery_of` returns
    how a line is spoken.
    """

    voices: VoiceLevels
    speakers: Mapping[str, Voice]
    delivery_of: Callable[[Line], str | None]

    @property
    def rate(self) -> int:
        """The highest sample rate of the voices in Hz, and so that of the book."""
        return self.voices.rate

    def has(self, line: Line) -> bool:
        """Check whether the voice of a line has been measured."""
        return self.speakers[line.speaker] in self.voices.voices

    def of(self, line: Line) -> VoiceLevel:
        """Return the level of a line."""
        effect = effect_of(self.delivery_of(line))
        return self.voices.voices[self.speakers[line.speaker]].raised(effect.gain)


class VoiceLoudness(NamedTuple):
    """Integrated loudness (LUFS) and sample rate (Hz) of a voice at full volume."""

    loudness: float
    rate: int

    @classmethod
    def of_clips(cls, clips: Sequence[Clip]) -> "VoiceLoudness":
        """Measure a voice on its clips of the passage."""
        joined = Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)
        return cls(integrated_loudness(joined), joined.rate)


def levelling_gain(loudness: float, target: float) -> float:
    """Return the dB that bring a voice of this loudness to the target; 0 for a silent one."""
    return min(target - loudness, MAX_VOICE_GAIN) if isfinite(loudness) else 0.0


def level_voices(
    voices: Iterable[Voice], loudness_of: Callable[[Voice], VoiceLoudness], target: float
) -> VoiceLevels:
    """Level voices to `target` in LUFS, and apply their volumes."""
    levels: dict[Voice, VoiceLevel] = {}
    rate = 0
    for voice in dict.fromkeys(voices):
        measured = loudness_of(voice)
        gain = levelling_gain(measured.loudness, target) + _volume_gain(voice.volume)
        levels[voice] = VoiceLevel(gain, measured.loudness)
        rate = max(rate, measured.rate)
    return VoiceLevels(levels, rate)


def _volume_gain(volume: float) -> float:
    return 20 * log10(volume) if volume > 0 else MUTE
