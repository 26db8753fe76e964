"""Pitch shifting: makes several voices out of one, for engines that have few.

The pitch moves by the whole shift and the formants by a share of it. With fixed formants the result
sounds like the same person singing, with fully shifted ones like a recording at the wrong speed.
"""

from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

LOWEST, HIGHEST = -12, 12
"""Limits of a shift in semitones; beyond them the result sounds like no human voice."""
FORMANT_SHARE = 0.3
"""Share of a shift by which the formants move. Between men and women pitch differs by 9 semitones
and the first three formants by 2.7 (means of G. E. Peterson and H. L. Barney, JASA 24, 1952)."""

_SEMITONES_PER_STEP = (0.12, 0.165)
"""Of a step of `pitch` below and above 50: those of eSpeak NG, as measured (docs/voices.md)."""
_HEADROOM = 0.7  # of full scale, -3 dB: peaks move with the pitch; levels are set later anyway
_REVISION = 2  # to raise when the same shift begins to sound different


def unshifted(voice: Voice) -> Voice:
    """Return the voice settings without the shift, as the engine receives them."""
    return replace(voice, shift=0.0) if voice.shift else voice


def with_pitch_as_shift(voice: Voice, reach: float) -> Voice:
    """Return the settings of a voice that has no pitch setting with its pitch as a shift.

    It is moved no further than `reach` semitones by that, or than its own shift.
    """
    if voice.pitch is None:
        return voice
    limit = max(reach, abs(voice.shift))
    wanted = round(voice.shift + pitch_semitones(voice.pitch), 2)
    return replace(voice, pitch=None, shift=min(limit, max(-limit, wanted)))


def pitch_semitones(pitch: int) -> float:
    """Return by how many semitones a `pitch` from 0 to 100 moves a voice."""
    return (pitch - 50) * _SEMITONES_PER_STEP[pitch > 50]


def fingerprint(voice: Voice) -> str:
    """Return what determines how the voice is shifted, a part of clip keys; empty if it is not.

    A pitch is a shift for some voices.
    """
    moved = voice.shift or voice.pitch not in (None, 50)
    return _library() if moved else ""


@cache
def _library() -> str:
    return f"pedalboard {version('pedalboard')} revision {_REVISION}"


def shifted(clip: Clip, semitones: float) -> Clip:
    """Return the clip shifted by `semitones`, with the same number of frames.

    It is 3 dB quieter, or more where it would clip. Raises EngineError if the shift is out of
    range.
    """
    if not LOWEST <= semitones <= HIGHEST:
        remedy = f"use {LOWEST} to {HIGHEST} semitones"
        raise EngineError.of(f"shift {semitones:g} is out of range", remedy=remedy)
    if not semitones:
        return clip
    import numpy as np  # noqa: PLC0415 - most commands and workers shift nothing

    samples = np.frombuffer(clip.pcm, "<i2").astype(np.float32)
    samples /= 32_768
    if not samples.any():
        return clip
    output = _shift(samples, clip.rate, semitones)
    output = np.pad(output, (0, max(0, clip.frames - len(output))))[: clip.frames]
    output *= min(_HEADROOM, 1.0 / max(float(np.abs(output).max()), 1.0))
    return Clip((output * 32_767).round().astype("<i2").tobytes(), clip.rate)


def _shift(samples: "Samples", rate: int, semitones: float) -> "Samples":
    """Shift pitch and formants by resampling, then the rest of the pitch while restoring length."""
    import numpy as np  # noqa: PLC0415
    import pedalboard  # noqa: PLC0415 - 60 MB
    import soxr  # noqa: PLC0415

    formants = FORMANT_SHARE * semitones
    resampled = soxr.resample(samples, rate * 2 ** (formants / 12), rate)
    output = pedalboard.time_stretch(
        np.ascontiguousarray(resampled, np.float32),
        float(rate),
        stretch_factor=len(resampled) / len(samples),
        pitch_shift_in_semitones=semitones - formants,
        preserve_formants=True,
    )
    return np.array(output[0])
