"""Measurement of how clear, natural and distinct the voices are, for the tables of casting.

    python -m training.voices [--rounds N] [ENGINE...]

Each installed voice speaks sentences at the pitches and shifts that casting may use, eight in each
round. A recogniser counts the words that it gets wrong, Distill-MOS grades the quality, and a
speaker verifier makes an embedding. What was measured is appended to
`training/voice_measurements.jsonl`, a line for each round of a voice, and not measured again: a run
that was interrupted goes on, and to repeat a measurement, remove its lines. The table in
`pipeline/data` is made from that file. Nothing is downloaded once the extra `voices` is installed.
"""

import argparse
import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls
from scipy.stats import spearmanr

from pipeline.casting.offered_voices import castable_variants
from pipeline.casting.similarity import distance, known_voiceprint
from pipeline.casting.voice_figures import SAME_SPEAKER
from pipeline.core.data import data_path
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import registry
from pipeline.tts.engines.pitch_shift import shifted

MEASUREMENTS = Path(__file__).with_name("voice_measurements.jsonl")
TABLE = data_path("voice_figures.json")
DIMENSIONS = 56
"""Of the reduced embeddings: they keep the cosines within 0.006 on average (docs/voices.md)."""

_SENTENCES = Path(__file__).with_name("voice_sentences.txt")
_NEUTRAL = 50
_PITCHES = (26, 74)  # the ends of what casting uses
_SHIFTS = (-6, -4.5, -3, -1.5, 1.5, 3, 4.5, 6)  # semitones
_REFERENCE = {"pyttsx3": "gmw/en-us"}
"""The voice of an engine on which variants and pitches are measured; others are derived from it."""
_SHIFTED = {"kokoro": ("af_heart", "am_michael")}
"""Voices to shift of an engine that has many; a shift costs its others the mean of what it does."""
_EMBEDDING_SCALE = 600.0  # makes a byte of an embedding's value, which is at most 0.42
_NEAR = 2.5  # times the verifier's threshold
_PER_ROUND = 8  # sentences

Key = tuple[str, str, int, float]
"""Engine, voice, pitch and shift."""


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured of a voice that spoke the sentences of one round.

    A voice at another pitch gives no more than an embedding: words and quality are those of the
    voice at its own.
    `qualities` are those of every other sentence, `seconds` their length without silent ends.
    """

    number: int
    wrong: int
    words: int
    qualities: tuple[float, ...]
    seconds: float
    embedding: "np.ndarray[Any, Any]"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of a voice at one setting, in one round or more."""

    key: Key
    rounds: tuple[Round, ...]

    @property
    def wrong(self) -> int:
        """The words that were not recognised."""
        return sum(part.wrong for part in self.rounds)

    @property
    def words(self) -> int:
        """The words that were spoken."""
        return sum(part.words for part in self.rounds)

    @property
    def qualities(self) -> tuple[float, ...]:
        """The quality of each sentence that was graded."""
        return tuple(quality for part in self.rounds for quality in part.qualities)

    @property
    def quality(self) -> float:
        """The mean quality of the sentences, 0 if none was graded."""
        return sum(self.qualities) / max(1, len(self.qualities))

    @property
    def pace(self) -> float:
        """Words in a minute at the usual rate."""
        return 60 * self.words / sum(part.seconds for part in self.rounds)

    @property
    def embedding(self) -> "np.ndarray[Any, Any]":
        """The mean embedding, of unit length."""
        total = np.sum([part.embedding for part in self.rounds], axis=0)
        return np.asarray(total / np.linalg.norm(total))


def main() -> None:
    """Measure what is missing of the engines' voices, and write the table."""
    last = len(sentences()) // _PER_ROUND
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=last, choices=range(last + 1))
    parser.add_argument("engines", metavar="ENGINE", nargs="*")
    arguments = parser.parse_args()
    for number in range(arguments.rounds):
        for engine in arguments.engines or registry.names():
            _measure_round(engine, number)
    TABLE.write_text(_dumps(table(measurements())), encoding="utf-8")
    print(compared(measurements()))


def _measure_round(engine: str, number: int) -> None:
    """Measure a round of the voices of an engine, as far as it is missing."""
    measured = {m.key for m in measurements() if any(r.number == number for r in m.rounds)}
    for voice, shifts in _plan(engine):
        missing = [shift for shift in shifts if _key(voice, shift) not in measured]
        if missing:
            _measure(voice, missing, number)


def compared(measured: Sequence[Measurement]) -> str:
    """Return how the distances by pitch and spectrum follow the verifier's, over all pairs.

    The weights that follow it best are those with which a distance of 1 means the verifier's
    threshold; they belong in `similarity`.
    """
    known = [
        (m, known_voiceprint(Voice(*m.key[:2], pitch=m.key[2], shift=m.key[3]))) for m in measured
    ]
    pairs = [
        (
            distance(replace(a, embedding=()), replace(b, embedding=())),
            float(m.embedding @ n.embedding),
        )
        for (m, a), (n, b) in combinations([(m, v) for m, v in known if v is not None], 2)
    ]
    squares = np.array([(d.semitones**2, d.decibels**2) for d, _ in pairs])
    wanted = np.array([(1 - cosine) / (1 - SAME_SPEAKER) for _, cosine in pairs])
    near = wanted < _NEAR  # how far strangers are apart matters less than who is close
    weights, _ = nnls(squares[near], wanted[near])
    fitted = spearmanr(squares @ weights, wanted).statistic
    now = spearmanr([d.total for d, _ in pairs], wanted).statistic
    units = ", ".join(f"{1 / sqrt(weight):.2f}" if weight else "none" for weight in weights)
    return (
        f"{len(pairs)} pairs: rank correlation with the verifier {now:.2f}, "
        f"with fitted weights {fitted:.2f} (a distance of 1: {units} semitones, dB)"
    )


def measurements() -> list[Measurement]:
    """Return everything that was measured so far."""
    lines = MEASUREMENTS.read_text(encoding="utf-8").splitlines() if MEASUREMENTS.exists() else []
    rounds: dict[Key, list[Round]] = defaultdict(list)
    for fields in map(json.loads, lines):
        engine, voice, pitch, shift = fields["voice"]
        rounds[engine, voice, pitch, float(shift)].append(_parsed(fields))
    return [Measurement(key, tuple(parts)) for key, parts in rounds.items()]


def sentences() -> list[str]:
    """Return the sentences that the voices speak."""
    lines = _SENTENCES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def castable(info: VoiceInfo) -> Iterator[str]:
    """Yield the ids of an English voice and of those of its variants that casting uses."""
    if info.language.startswith("en") and not info.language.endswith("-shaw"):
        yield info.id
        yield from (info.id + variant for variant in castable_variants(info))


def _plan(engine: str) -> Iterator[tuple[Voice, tuple[float, ...]]]:
    """Yield the voices of an engine to speak with, and the shifts of what they speak.

    Variants and pitches of the reference, from which those of its other voices are derived.
    """
    voices = [voice for info in registry.voices(engine) for voice in castable(info)]
    reference = _REFERENCE.get(engine)
    shifted = _SHIFTED.get(engine, voices if len(voices) < len(_SHIFTS) else ())
    variants = [voice for voice in voices if voice.partition("+")[0] == reference]
    bases = [voice for voice in voices if "+" not in voice]
    for voice in dict.fromkeys([*variants, *bases]):
        yield Voice(engine, voice), (0.0, *_SHIFTS) if voice in shifted else (0.0,)
    for voice, pitch in product(variants, _PITCHES):
        yield Voice(engine, voice, pitch=pitch), (0.0,)


def _key(voice: Voice, shift: float) -> Key:
    pitch = _NEUTRAL if voice.pitch is None else voice.pitch
    return voice.engine, voice.id or "", pitch, float(shift)


def _measure(voice: Voice, shifts: Iterable[float], number: int) -> None:
    """Measure a round of a voice at some shifts, and append the results to the file."""
    from training import listening  # noqa: PLC0415 - needs the extra `voices`

    texts = sentences()[number * _PER_ROUND :][:_PER_ROUND]
    clips = [registry.speak(voice.engine, text, voice) for text in texts]
    for shift in shifts:
        spoken = [listening.samples_of(shifted(clip, shift)) for clip in clips]
        wrong, words, qualities = 0, 0, []
        if voice.pitch is None:
            wrong, words = listening.wrong_words(texts, spoken)
            qualities = listening.qualities(spoken[::2])
        seconds = sum(len(samples) for samples in spoken) / listening.SAMPLE_RATE
        embedding = listening.embedding(spoken)
        result = Round(number, wrong, words, tuple(qualities), seconds, embedding)
        with MEASUREMENTS.open("a", encoding="utf-8") as file:
            file.write(_line(_key(voice, shift), result) + "\n")


def _line(key: Key, result: Round) -> str:
    fields = {
        "voice": key,
        "round": result.number,
        "wrong": result.wrong,
        "words": result.words,
        "qualities": [round(quality, 2) for quality in result.qualities],
        "seconds": round(result.seconds, 2),
        "embedding": _packed(result.embedding),
    }
    return json.dumps(fields)


def _parsed(fields: dict[str, Any]) -> Round:
    return Round(
        fields["round"],
        fields["wrong"],
        fields["words"],
        tuple(fields["qualities"]),
        fields["seconds"],
        _unpacked(fields["embedding"]),
    )


def _packed(embedding: "np.ndarray[Any, Any]") -> str:
    scaled = np.clip(np.rint(embedding * _EMBEDDING_SCALE), 0, 255).astype(np.uint8)
    return base64.b64encode(scaled.tobytes()).decode()


def _unpacked(text: str) -> "np.ndarray[Any, Any]":
    values = np.frombuffer(base64.b64decode(text), np.uint8).astype(np.float64)
    return np.asarray(values / np.linalg.norm(values))


Row = list[float]
"""Pitch, shift, words wrong in per cent, quality, whether it was measured, reduced embedding."""


def table(measured: Sequence[Measurement]) -> dict[str, dict[str, list[Row]]]:
    """Return the rows of each engine's voices, measured or derived."""
    reduced = _reduced(measured)
    known = {m.key: (m, r) for m, r in zip(measured, reduced, strict=True)}
    rows: dict[str, dict[str, list[Row]]] = {}
    for key, (measurement, point) in sorted(known.items()):
        engine, voice, pitch, shift = key
        graded = [known[k][0] for k in _like(key) if k in known]
        source = next((m for m in graded if m.words), measurement)
        wrong = 100 * source.wrong / max(1, source.words)
        is_own = source.key[:2] == (engine, voice)
        row = _row(pitch, shift, wrong, source.quality, is_own, point)
        rows.setdefault(engine, {}).setdefault(voice, []).append(row)
    for engine, reference in _REFERENCE.items():
        rows[engine] |= _derived(rows[engine], reference)
    return rows


def _like(key: Key) -> Iterator[Key]:
    """Yield the settings whose figures serve for those of `key`, the nearest first."""
    engine, voice, _, _ = key
    yield key
    yield engine, voice, _NEUTRAL, 0.0
    if reference := _REFERENCE.get(engine):
        _, plus, variant = voice.partition("+")
        yield engine, reference + plus + variant, _NEUTRAL, 0.0
        yield engine, reference, _NEUTRAL, 0.0


def _row(
    pitch: int, shift: float, wrong: float, quality: float, measured: bool, point: Iterable[float]
) -> Row:
    return [pitch, shift, round(wrong, 1), round(quality, 2), int(measured), *point]


def _reduced(measured: Sequence[Measurement]) -> "np.ndarray[Any, Any]":
    """Project embeddings to the space in which their cosines change least."""
    matrix = np.array([measurement.embedding for measurement in measured])
    _, _, directions = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(np.round(matrix @ directions[:DIMENSIONS].T, 3))


def _derived(rows: dict[str, list[Row]], reference: str) -> dict[str, list[Row]]:
    """Return rows of what was not measured: bases with variants, and their pitches.

    A variant changes another base as it changes the reference, and a pitch changes a variant as it
    changes that of the reference; where that is unknown too, as it changes the reference.
    """
    plain = {voice: rows[voice][_plain_index(rows[voice])] for voice in rows}
    bases = [voice for voice in rows if "+" not in voice]
    variants = ["", *(v.removeprefix(reference) for v in rows if v.startswith(f"{reference}+"))]
    derived: dict[str, list[Row]] = {}
    for base, variant in product(bases, variants):
        voice = base + variant
        own = plain.get(voice) or _moved(plain[base], plain[reference], plain[reference + variant])
        own_rows = {row[0]: row for row in rows.get(voice, [own]) if not row[1]}
        shifts = [row for row in rows.get(voice, ()) if row[1]]
        for pitch in _PITCHES:
            source = reference + variant
            sources = {row[0]: row for row in rows[source] if not row[1]}
            if pitch not in sources:
                source, sources = reference, {row[0]: row for row in rows[reference] if not row[1]}
            if pitch not in own_rows and pitch in sources:
                own_rows[pitch] = _moved(own, plain[source], sources[pitch])
        derived[voice] = [*(own_rows[pitch] for pitch in sorted(own_rows)), *shifts]
    return derived


def _plain_index(rows: Sequence[Row]) -> int:
    return next(n for n, row in enumerate(rows) if (row[0], row[1]) == (_NEUTRAL, 0))


def _moved(row: Row, before: Row, after: Row) -> Row:
    """Return a row, changed as a change of setting changed another one from `before` to `after`."""
    wrong = min(100.0, max(0.0, row[2] + after[2] - before[2]))
    quality = min(5.0, max(1.0, row[3] + after[3] - before[3]))
    point = np.array(row[5:]) + np.array(after[5:]) - np.array(before[5:])
    point *= np.linalg.norm(row[5:]) / np.linalg.norm(point)
    values = [round(float(value), 3) for value in point]
    return _row(int(after[0]), after[1], wrong, quality, False, values)


def _dumps(rows: dict[str, dict[str, list[Row]]]) -> str:
    """Return the table as JSON with a line for each setting of a voice."""
    engines = []
    for engine, voices in sorted(rows.items()):
        entries = []
        for voice, settings in voices.items():
            lines = ",\n   ".join(json.dumps(row, separators=(",", ":")) for row in settings)
            entries.append(f"  {json.dumps(voice)}: [\n   {lines}]")
        engines.append(f'"{engine}": {{\n' + ",\n".join(entries) + "}")
    return "{" + ",\n".join(engines) + "}\n"


if __name__ == "__main__":
    main()
