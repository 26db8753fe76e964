"""Voiceprints, and how similar two of them are, in the judgement of a speaker verifier.

Two voices of which a verifier's embeddings are known are compared by these. Any other pair is
compared by fundamental frequency and spectral envelope (the resonances of throat and mouth), with
weights that were fitted to the verifier. Pace counts nothing: a person may speak fast or slowly.
`known_voiceprint` has the voices that were measured in advance; `pipeline.casting.voiceprint`
measures others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import hypot, log2, log10, nan, sqrt
from typing import Any

from pipeline.casting.voice_figures import (
    SAME_SPEAKER,
    Embedding,
    cosine,
    embedding_of,
    embedding_size,
)
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

# What makes a distance of 1 by itself, where a verifier's embeddings are not known: fitted to the
# verifier by `python -m training.voices`.
_SEMITONES, _DECIBELS = 9.9, 3.9

_TABLE = data_path("voiceprints.json")


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """How a voice sounds.

    `pitch` is the median fundamental frequency in Hz, 0 if there is none; `spectrum` the envelope
    of the long-term average spectrum in `BANDS` bands, in dB relative to its mean; `embedding` a
    speaker verifier's, empty if it is not known.
    """

    pitch: float
    spectrum: tuple[float, ...]
    embedding: Embedding = ()


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two voices are.

    In `semitones` of pitch; in `decibels` of spectrum, the root mean square over the bands; and,
    where both embeddings are known, by their cosine as `similarity`.
    """

    semitones: float
    decibels: float
    similarity: float | None = None

    @property
    def total(self) -> float:
        """The distance by the verifier, or else by pitch and spectrum; 1 at its threshold."""
        if self.similarity is not None:
            return sqrt(max(0.0, 1 - self.similarity) / (1 - SAME_SPEAKER))
        return hypot(self.semitones / _SEMITONES, self.decibels / _DECIBELS)

    def __str__(self) -> str:
        parts = f"{self.semitones:.1f} semitones, {self.decibels:.1f} dB"
        return parts if self.similarity is None else f"{parts}, similarity {self.similarity:.2f}"


def distance(first: Voiceprint, second: Voiceprint) -> Distance:
    """Return how far apart two voices are; a pitch that one lacks is ignored."""
    has_pitch = first.pitch and second.pitch
    semitones = abs(12 * log2(first.pitch / second.pitch)) if has_pitch else 0.0
    squares = [(a - b) ** 2 for a, b in zip(first.spectrum, second.spectrum, strict=True)]
    is_known = first.embedding and second.embedding
    similarity = cosine(first.embedding, second.embedding) if is_known else None
    return Distance(semitones, sqrt(sum(squares) / BANDS), similarity)


def coordinates(voiceprint: Voiceprint) -> tuple[float, ...]:
    """Return the voice's point in a space in which distances are those by pitch and spectrum."""
    pitch = 12 * log2(voiceprint.pitch) / _SEMITONES if voiceprint.pitch else 0.0
    return pitch, *(level / (_DECIBELS * sqrt(BANDS)) for level in voiceprint.spectrum)


def verifier_coordinates(voiceprint: Voiceprint) -> tuple[float, ...]:
    """Return the voice's point in a space in which distances are the verifier's.

    All of it is NaN for a voice whose embedding is not known.
    """
    if not voiceprint.embedding:
        return (nan,) * embedding_size()
    scale = 1 / sqrt(2 * (1 - SAME_SPEAKER))
    return tuple(scale * value for value in voiceprint.embedding)


def semitones_outside(pitch: float, low: float, high: float) -> float:
    """Return by how many semitones a pitch is outside a range; all three are in Hz."""
    return max(0.0, 12 * log2(low / pitch), 12 * log2(pitch / high))


@lru_cache(8192)
def known_voiceprint(voice: Voice) -> Voiceprint | None:
    """Return the voiceprint of a voice that was measured in advance, None for any other.

    The effect of its pitch and shift on pitch and spectrum is computed, not measured.
    """
    figures = _table().get(voice.engine, {}).get("voices", {}).get(voice.id)
    if figures is None:
        return None
    pitch, *spectrum = figures
    return with_settings(Voiceprint(pitch, tuple(spectrum)), voice)


def with_settings(plain: Voiceprint, voice: Voice) -> Voiceprint:
    """Return the voiceprint of `plain` at the pitch and shift of `voice`."""
    steps = (50 if voice.pitch is None else voice.pitch) - 50
    pitch = plain.pitch * 2 ** (pitch_semitones(voice.engine, steps) / 12)
    shifted = _with_shift(replace(plain, pitch=pitch), voice.shift)
    return replace(shifted, embedding=embedding_of(voice) or ())


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
    return Voiceprint(pitch, tuple(level - mean for level in spectrum))


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
