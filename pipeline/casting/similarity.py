"""Voiceprints, and how similar two of them are, in quantities that listeners go by.

All voices are compared by the same passage: fundamental frequency, spectral envelope (the
resonances of throat and mouth) and speech rate. `known_voiceprint` has the voices that were
measured in advance; `pipeline.casting.voiceprint` measures others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import exp, hypot, log, log2, log10, sqrt
from typing import Any

from pipeline.core.data import data_path
from pipeline.model.voice import Voice
from pipeline.tts.engines.pitch_shift import FORMANT_SHARE

BANDS = 24
"""Bands of a spectrum, equally wide in mel within `BAND_LIMITS`."""
BAND_LIMITS = (100.0, 7_500.0)
"""Hz."""
LOOKALIKE_DISTANCE = 1.0
"""Voices closer than this are taken for each other; docs/voices.md has the measurements."""
REFERENCE_RATE = 165
"""Words per minute at which the known voices were measured."""

# What makes a distance of 1 by itself.
_SEMITONES, _DECIBELS, _PACE_PERCENT = 2.0, 2.0, 20.0

_TABLE = data_path("voiceprints.json")


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """How a voice sounds.

    `pitch` is the median fundamental frequency in Hz, 0 if there is none; `spectrum` the envelope
    of the long-term average spectrum in `BANDS` bands, in dB relative to its mean; `seconds` the
    duration of the passage.
    """

    pitch: float
    spectrum: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two voices are.

    In `semitones` of pitch; in `decibels` of spectrum, the root mean square over the bands; in
    `pace`, by how many per cent the faster one is faster.
    """

    semitones: float
    decibels: float
    pace: float

    @property
    def total(self) -> float:
        """The Euclidean distance of the three, each in its own unit."""
        pace = 100 * log(1 + self.pace / 100)
        return hypot(self.semitones / _SEMITONES, self.decibels / _DECIBELS, pace / _PACE_PERCENT)

    def __str__(self) -> str:
        return f"{self.semitones:.1f} semitones, {self.decibels:.1f} dB, {self.pace:.0f}% of pace"


def distance(first: Voiceprint, second: Voiceprint) -> Distance:
    """Return how far apart two voices are; a pitch or duration that one lacks is ignored."""
    has_pitch, has_pace = first.pitch and second.pitch, first.seconds and second.seconds
    semitones = abs(12 * log2(first.pitch / second.pitch)) if has_pitch else 0.0
    squares = [(a - b) ** 2 for a, b in zip(first.spectrum, second.spectrum, strict=True)]
    pace = abs(log(first.seconds / second.seconds)) if has_pace else 0.0
    return Distance(semitones, sqrt(sum(squares) / BANDS), 100 * (exp(pace) - 1))


def coordinates(voiceprint: Voiceprint) -> tuple[float, ...]:
    """Return the voice's point in a space in which `Distance.total` is the distance."""
    pitch = 12 * log2(voiceprint.pitch) / _SEMITONES if voiceprint.pitch else 0.0
    pace = 100 * log(voiceprint.seconds) / _PACE_PERCENT if voiceprint.seconds else 0.0
    return pitch, pace, *(level / (_DECIBELS * sqrt(BANDS)) for level in voiceprint.spectrum)


def semitones_outside(pitch: float, low: float, high: float) -> float:
    """Return by how many semitones a pitch is outside a range; all three are in Hz."""
    return max(0.0, 12 * log2(low / pitch), 12 * log2(pitch / high))


def known_voiceprint(voice: Voice) -> Voiceprint | None:
    """Return the voiceprint of a voice that was measured in advance, None for any other.

    The effect of its rate, pitch and shift is computed, not measured.
    """
    figures = _table().get(voice.engine, {}).get("voices", {}).get(voice.id)
    if figures is None:
        return None
    pitch, seconds, *spectrum = figures
    return with_settings(Voiceprint(pitch, tuple(spectrum), seconds), voice)


def with_settings(plain: Voiceprint, voice: Voice) -> Voiceprint:
    """Return the voiceprint of `plain` at the rate, pitch and shift of `voice`."""
    steps = (50 if voice.pitch is None else voice.pitch) - 50
    pitch = plain.pitch * 2 ** (pitch_semitones(voice.engine, steps) / 12)
    paced = replace(plain, pitch=pitch, seconds=plain.seconds * REFERENCE_RATE / voice.rate)
    return _with_shift(paced, voice.shift)


def pitch_semitones(engine: str, steps: int) -> float:
    """Return the semitones in so many steps of `pitch`; 0 for an engine without that setting."""
    down, up = _table().get(engine, {}).get("semitones_per_pitch", (0.0, 0.0))
    return float(steps * (up if steps > 0 else down))


@lru_cache(4096)
def _with_shift(voiceprint: Voiceprint, semitones: float) -> Voiceprint:
    """Shift the pitch of a voiceprint, and its resonances by their share of that."""
    if not semitones:
        return voiceprint
    factor = 2 ** (FORMANT_SHARE * semitones / 12)
    spectrum = [_level(voiceprint.spectrum, centre / factor) for centre in band_centres()]
    mean = sum(spectrum) / BANDS
    pitch = voiceprint.pitch * 2 ** (semitones / 12)
    return Voiceprint(pitch, tuple(level - mean for level in spectrum), voiceprint.seconds)


@cache
def band_centres() -> tuple[float, ...]:
    """Return the centre frequencies of the bands in Hz."""
    return filter_points()[1:-1]


@cache
def filter_points() -> tuple[float, ...]:
    """Return the centre frequencies of the bands in Hz, between the limits of all bands.

    The triangular filter of a band reaches from the point before its centre to the one after.
    """
    low, high = map(_mel, BAND_LIMITS)
    steps = (low + (high - low) * n / (BANDS + 1) for n in range(BANDS + 2))
    return tuple(700 * (10 ** (step / 2_595) - 1) for step in steps)


def _mel(hertz: float) -> float:
    """Convert Hz to mel, by D. O'Shaughnessy, Speech Communication (1987)."""
    return 2_595 * log10(1 + hertz / 700)


def _level(spectrum: tuple[float, ...], hertz: float) -> float:
    """Interpolate a spectrum's level between bands, in mel; outside them, the nearest band's."""
    low, high = map(_mel, BAND_LIMITS)
    position = (_mel(max(0.0, hertz)) - low) / (high - low) * (BANDS + 1) - 1
    position = min(max(position, 0.0), BANDS - 1.0)
    below = min(int(position), BANDS - 2)
    return spectrum[below] + (position - below) * (spectrum[below + 1] - spectrum[below])


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    """Return the figures in `data/voiceprints.json`, by engine."""
    table: dict[str, dict[str, Any]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table
