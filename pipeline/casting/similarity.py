"""How voices sound, and how far apart two of them are, in figures that listeners go by.

All voices are compared by what the same passage gave: the fundamental frequency, the resonances of
throat and mouth, and how fast somebody speaks. `known` has the figures of voices that were measured
once for all; `pipeline.voiceprint` measures others.
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
"""Bands of a spectrum, equally wide in mel between the two `EDGES`."""
EDGES = (100.0, 7_500.0)
"""Hz."""
SEMITONES, DECIBELS, PACE = 2.0, 2.0, 20.0
"""The semitones, decibels and per cent of pace that make a distance of 1 each by themselves."""
ALIKE = 1.0
"""Voices that are less far apart are taken for each other; docs/voices.md says how that was found.
"""
RATE = 165
"""Words a minute at which the known voices were measured."""

_TABLE = data_path("voiceprints.json")


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """How a voice sounds.

    `pitch` is the median fundamental frequency in Hz, 0 when there is none; `spectrum` the envelope
    of the long-term average spectrum in dB, its mean taken off, in `BANDS` bands; `seconds` how
    long the passage takes.
    """

    pitch: float
    spectrum: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two voices are apart.

    `semitones` by pitch; `decibels` by spectrum, the root of the mean square over the bands; `pace`
    in per cent by which the faster one is faster.
    """

    semitones: float
    decibels: float
    pace: float

    @property
    def total(self) -> float:
        """All three in one: each in its own measure, summed as the sides of a right angle are."""
        pace = 100 * log(1 + self.pace / 100)
        return hypot(self.semitones / SEMITONES, self.decibels / DECIBELS, pace / PACE)

    def __str__(self) -> str:
        return f"{self.semitones:.1f} semitones, {self.decibels:.1f} dB, {self.pace:.0f}% of pace"


def distance(one: Voiceprint, other: Voiceprint) -> Distance:
    """Say how far two voices are apart; a pitch or pace that one of them lacks counts nothing."""
    semitones = abs(12 * log2(one.pitch / other.pitch)) if one.pitch and other.pitch else 0.0
    squares = [(a - b) ** 2 for a, b in zip(one.spectrum, other.spectrum, strict=True)]
    pace = abs(log(one.seconds / other.seconds)) if one.seconds and other.seconds else 0.0
    return Distance(semitones, sqrt(sum(squares) / BANDS), 100 * (exp(pace) - 1))


def known(voice: Voice) -> Voiceprint | None:
    """Give the print of a voice that was measured once for all, with its rate, pitch and shift.

    None for a voice that was not. What the settings do to it is reckoned, not measured.
    """
    listed = _table().get(voice.engine, {}).get("voices", {}).get(voice.id)
    if listed is None:
        return None
    pitch, seconds, *spectrum = listed
    return adjusted(Voiceprint(pitch, tuple(spectrum), seconds), voice)


def adjusted(plain: Voiceprint, voice: Voice) -> Voiceprint:
    """Reckon what a voice's rate, pitch and shift make of its print."""
    steps = (50 if voice.pitch is None else voice.pitch) - 50
    pitch = plain.pitch * 2 ** (bend(voice.engine, steps) / 12)
    paced = replace(plain, pitch=pitch, seconds=plain.seconds * RATE / voice.rate)
    return moved(paced, voice.shift)


def place(voice: Voiceprint) -> tuple[float, ...]:
    """Give a voice's place in a space in which `Distance.total` is the distance."""
    pitch = 12 * log2(voice.pitch) / SEMITONES if voice.pitch else 0.0
    pace = 100 * log(voice.seconds) / PACE if voice.seconds else 0.0
    return pitch, pace, *(level / (DECIBELS * sqrt(BANDS)) for level in voice.spectrum)


def outside(pitch: float, low: float, high: float) -> float:
    """Say by how many semitones a pitch lies outside a range; all are in Hz."""
    return max(0.0, 12 * log2(low / pitch), 12 * log2(pitch / high))


def bend(engine: str, steps: int) -> float:
    """Give the semitones that so many steps of `pitch` make; 0 where an engine has no pitch."""
    down, up = _table().get(engine, {}).get("semitones_per_pitch", (0.0, 0.0))
    return float(steps * (up if steps > 0 else down))


@lru_cache(4096)
def moved(voice: Voiceprint, semitones: float) -> Voiceprint:
    """Reckon the print of a voice that is shifted: its pitch, and its resonances by their share."""
    if not semitones:
        return voice
    factor = 2 ** (FORMANT_SHARE * semitones / 12)
    spectrum = [_at(voice.spectrum, place / factor) for place in middles()]
    mean = sum(spectrum) / BANDS
    pitch = voice.pitch * 2 ** (semitones / 12)
    return Voiceprint(pitch, tuple(level - mean for level in spectrum), voice.seconds)


def mel(hertz: float) -> float:
    """Hz in mel, by the formula of D. O'Shaughnessy, Speech Communication (1987)."""
    return 2_595 * log10(1 + hertz / 700)


@cache
def middles() -> tuple[float, ...]:
    """The middles of the bands, in Hz."""
    return edges()[1:-1]


@cache
def edges() -> tuple[float, ...]:
    """The middles of the bands, and the outer ends of the first and the last, in Hz."""
    low, high = map(mel, EDGES)
    steps = (low + (high - low) * n / (BANDS + 1) for n in range(BANDS + 2))
    return tuple(700 * (10 ** (step / 2_595) - 1) for step in steps)


def _at(spectrum: tuple[float, ...], hertz: float) -> float:
    """Give a spectrum's level between its bands, in mel; beyond them that of the outermost."""
    low, high = map(mel, EDGES)
    place = (mel(max(0.0, hertz)) - low) / (high - low) * (BANDS + 1) - 1
    place = min(max(place, 0.0), BANDS - 1.0)
    below = min(int(place), BANDS - 2)
    return spectrum[below] + (place - below) * (spectrum[below + 1] - spectrum[below])


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table: dict[str, dict[str, Any]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table
