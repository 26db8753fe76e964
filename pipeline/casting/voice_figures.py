"""How clearly a voice speaks, how natural it sounds, and who it sounds like to a speaker verifier.

The figures in `data/voice_figures.json` were measured by `python -m training.voices`: of every
sentence that a voice spoke, the words that a recogniser got wrong; the mean opinion score that
listeners would give; and a speaker embedding, reduced to a few dimensions that keep its cosines.
Voices that nobody measured get an estimate from their engine's, or from their kind's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import sqrt
from statistics import median

from pipeline.core.data import data_path
from pipeline.model.voice import Voice

SAME_SPEAKER = 0.85
"""The cosine of two embeddings from which a verifier takes them for one speaker (docs/voices.md).
"""

Embedding = tuple[float, ...]

_NEUTRAL_PITCH = 50
_NEURAL, _FORMANT = (4.0, 4.2), (20.0, 2.1)
"""Words wrong in per cent and quality of a voice of an engine that nobody measured."""
_SHIFT_LOSS = 0.12
"""Quality lost with each semitone of shift, where it was not measured: that of hibari."""


@dataclass(frozen=True, slots=True)
class VoiceFigures:
    """How a voice does with the listeners.

    `wrong_words` is in per cent, `quality` from 1 to 5; `is_measured` is False for an estimate.
    """

    wrong_words: float
    quality: float
    is_measured: bool = True

    @property
    def wrong_label(self) -> str:
        """The words wrong for a table, with a tilde before an estimate: `~12%`."""
        return f"{'' if self.is_measured else '~'}{self.wrong_words:.0f}%"

    @property
    def quality_label(self) -> str:
        """The quality for a table, with a tilde before an estimate: `~4.2`."""
        return f"{'' if self.is_measured else '~'}{self.quality:.1f}"


@dataclass(frozen=True, slots=True)
class _Row:
    """The figures of a voice at one pitch and shift."""

    pitch: int
    shift: float
    wrong_words: float
    quality: float
    is_measured: bool
    embedding: Embedding


@lru_cache(8192)
def voice_figures(voice: Voice, is_formant: bool = False) -> VoiceFigures:
    """Return the figures of a voice at its pitch and shift; its rate hardly matters."""
    rows = _rows(voice.engine, voice.id)
    exact = _at(rows, voice, lambda row: (row.wrong_words, row.quality))
    if exact is not None:
        measured = any(row.is_measured for row in rows if _is_plain(row))
        wrong, quality = exact
        return VoiceFigures(wrong, quality, measured)
    plain = next((row for row in rows if _is_plain(row)), None)
    if plain is not None:
        wrong, quality = plain.wrong_words, plain.quality
    else:
        wrong, quality = _usual(voice.engine) or (_FORMANT if is_formant else _NEURAL)
    loss = _shift_loss(voice.engine, voice.id, voice.shift)
    return VoiceFigures(wrong, max(1.0, quality - loss), False)


def usual_quality(engine: str, is_formant: bool = False) -> float:
    """Return the median quality of an engine's voices."""
    return (_usual(engine) or (_FORMANT if is_formant else _NEURAL))[1]


def is_known(voice: Voice) -> bool:
    """Return whether a voice is in the table, measured or derived from others of its engine."""
    return bool(_rows(voice.engine, voice.id))


def embedding_of(voice: Voice) -> Embedding | None:
    """Return the speaker embedding of a voice at its pitch and shift, None if nobody knows it."""
    blended = _at(_rows(voice.engine, voice.id), voice, lambda row: row.embedding)
    return _unit(blended) if blended is not None else None


def embedding_size() -> int:
    """Return the number of dimensions of an embedding in the table."""
    return next((len(row.embedding) for row in _all_rows()), 0)


def cosine(first: Embedding, second: Embedding) -> float:
    """Return the cosine of two embeddings."""
    return sum(a * b for a, b in zip(first, second, strict=True))


def _is_plain(row: _Row) -> bool:
    return row.pitch == _NEUTRAL_PITCH and not row.shift


def _at(
    rows: Sequence[_Row], voice: Voice, values_of: Callable[[_Row], tuple[float, ...]]
) -> tuple[float, ...] | None:
    """Interpolate values between the rows on either side of the voice's pitch or shift.

    A pitch further than was measured counts as the nearest. None where both are changed, or the
    shift further than was measured.
    """
    pitch = float(_NEUTRAL_PITCH if voice.pitch is None else voice.pitch)
    if pitch != _NEUTRAL_PITCH and voice.shift:
        return None
    if voice.shift:
        points = [(row.shift, values_of(row)) for row in rows if row.pitch == _NEUTRAL_PITCH]
        return _interpolated(sorted(points), voice.shift)
    points = sorted((float(row.pitch), values_of(row)) for row in rows if not row.shift)
    if len(points) > 1:
        pitch = min(max(pitch, points[0][0]), points[-1][0])
    return _interpolated(points, pitch)


def _interpolated(
    points: Sequence[tuple[float, tuple[float, ...]]], at: float
) -> tuple[float, ...] | None:
    for place, values in points:
        if place == at:
            return values
    for (low, below), (high, above) in pairwise(points):
        if low < at < high:
            share = (at - low) / (high - low)
            return tuple(a + share * (b - a) for a, b in zip(below, above, strict=True))
    return None


def _unit(values: Sequence[float]) -> Embedding:
    length = sqrt(sum(value * value for value in values)) or 1.0
    return tuple(value / length for value in values)


@lru_cache(256)
def _shift_loss(engine: str, voice: str | None, shift: float) -> float:
    """Return the quality that a shift costs: of the voice, or else the mean of the engine's.

    Beyond what was measured the loss grows with the square; without a measurement it is the usual.
    """
    if not shift:
        return 0.0
    own = _own_shift_loss(engine, voice, shift)
    losses = [loss for v in table().get(engine, ()) if (loss := _own_shift_loss(engine, v, shift))]
    if own is not None or not losses:
        return _SHIFT_LOSS * abs(shift) if own is None else own
    return sum(losses) / len(losses)


def _own_shift_loss(engine: str, voice: str | None, shift: float) -> float | None:
    """Return what a shift costs a voice, None if it was not measured in that direction."""
    rows = _rows(engine, voice)
    limits = [row.shift for row in rows if row.shift * shift > 0]
    if not limits:
        return None
    furthest = max(limits, key=abs)
    nearest = furthest if abs(shift) > abs(furthest) else shift
    at = _at(rows, Voice(engine, voice, shift=nearest), lambda row: (row.quality,))
    plain = _at(rows, Voice(engine, voice), lambda row: (row.quality,))
    return (plain[0] - at[0]) * (shift / nearest) ** 2 if at and plain else None


@cache
def _usual(engine: str) -> tuple[float, float] | None:
    """Return the medians of an engine's unmodified voices; None if none of them was measured."""
    plain = [row for voice in table().get(engine, {}) for row in _rows(engine, voice)]
    plain = [row for row in plain if _is_plain(row)]
    if not plain:
        return None
    return median(row.wrong_words for row in plain), median(row.quality for row in plain)


def _all_rows() -> Iterator[_Row]:
    for engine, voices in table().items():
        for voice in voices:
            yield from _rows(engine, voice)


@lru_cache(2048)
def _rows(engine: str, voice: str | None) -> tuple[_Row, ...]:
    lines = table().get(engine, {}).get(voice or "", ())
    return tuple(
        _Row(int(pitch), shift, wrong, quality, bool(measured), _unit(embedding))
        for pitch, shift, wrong, quality, measured, *embedding in lines
    )


@cache
def table() -> Mapping[str, Mapping[str, Sequence[Sequence[float]]]]:
    """Return the rows of `data/voice_figures.json`, by engine and voice."""
    rows: dict[str, dict[str, list[list[float]]]] = json.loads(
        data_path("voice_figures.json").read_text(encoding="utf-8")
    )
    return rows
