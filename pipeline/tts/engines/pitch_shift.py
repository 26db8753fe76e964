"""A clip as somebody else would have said it: higher or lower, by a larger or smaller body.

Engines of few voices make a cast this way, and any engine's voice can be moved a little. The pitch
moves by the whole number of semitones asked for, and the resonances by a share of it: a voice whose
resonances stay is the same person singing, and one whose resonances move as far is a tape at the
wrong speed.
"""

from dataclasses import replace
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
"""Semitones by which a voice may be moved; beyond them it is nobody's."""
RESONANCES = 0.3
"""The share of a shift by which the resonances move: between men and women pitch differs by 9
semitones and the first three resonances by 2.7 (the means of G. E. Peterson and H. L. Barney,
JASA 24, 1952)."""

_HEADROOM = 0.7  # of full scale, -3 dB: a moved voice peaks elsewhere; levels are set later anyway
_EDGE = 0.003  # seconds faded at either end, where the stretching may leave a step
_REVISION = 1  # raise it when the same shift begins to sound another way


def unshifted(voice: Voice) -> Voice:
    """Give the voice as the engine itself has it."""
    return replace(voice, shift=0.0) if voice.shift else voice


def fingerprint(voice: Voice) -> str:
    """What decides how the voice is moved: part of its clips' keys; empty for one that is not."""
    return f"pedalboard {version('pedalboard')} revision {_REVISION}" if voice.shift else ""


def shifted(clip: Clip, semitones: float) -> Clip:
    """Give the clip moved by `semitones`, of the same length to the frame.

    It is quieter by 3 dB, by more where it would clip. Raises EngineError for a number out of
    range.
    """
    if not LOWEST <= semitones <= HIGHEST:
        remedy = f"use {LOWEST} to {HIGHEST} semitones"
        raise EngineError.of(f"shift {semitones:g} is out of range", remedy=remedy)
    if not semitones:
        return clip
    import numpy as np  # noqa: PLC0415 - most commands and workers move nothing

    samples = np.frombuffer(clip.pcm, "<i2").astype(np.float32)
    samples /= 32_768
    if not samples.any():
        return clip
    moved = _stretched(samples, clip.rate, semitones)
    moved = np.pad(moved, (0, max(0, clip.frames - len(moved))))[: clip.frames]
    moved *= min(_HEADROOM, 1.0 / max(float(np.abs(moved).max()), 1.0))
    fade = min(round(_EDGE * clip.rate), clip.frames // 2)
    ramp = np.arange(fade, dtype=np.float32) / max(1, fade)
    moved[:fade] *= ramp
    moved[clip.frames - fade :] *= ramp[::-1]
    return Clip((moved * 32_767).round().astype("<i2").tobytes(), clip.rate)


def _stretched(samples: "Samples", rate: int, semitones: float) -> "Samples":
    """Move resonances and pitch by playing it faster, then the pitch alone and the length back."""
    import numpy as np  # noqa: PLC0415
    import pedalboard  # noqa: PLC0415 - 60 MB
    import soxr  # noqa: PLC0415

    share = RESONANCES * semitones
    played = soxr.resample(samples, rate * 2 ** (share / 12), rate)
    moved = pedalboard.time_stretch(
        np.ascontiguousarray(played, np.float32),
        float(rate),
        stretch_factor=len(played) / len(samples),
        pitch_shift_in_semitones=semitones - share,
        preserve_formants=True,
    )
    return np.array(moved[0])
