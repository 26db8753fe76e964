"""Render five books to each spec, and measure every file twice: by `fullcast check` and by others.

    python -m benchmarks.master

The others are pyloudnorm (loudness), and numpy and scipy on what PyAV decodes (level, true peak,
noise floor), none of which a render or a check uses for it. Prints the table of docs/master.md.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pyloudnorm
from scipy.signal import resample_poly

from pipeline.check.report import examine
from pipeline.model.delivery_spec import SPECS

EXAMPLES = Path(__file__).parents[1] / "examples"
THREE = (EXAMPLES / "three-chapters.txt").read_text(encoding="utf-8")
TWO = (EXAMPLES / "two-hander.txt").read_text(encoding="utf-8")
WAITING = "\n\n* * *\n\n".join(
    f'"{said}" {verb} Mara.\n\nTom {did}.'
    for said, verb, did in (
        ("Be quiet, they can hear us in the house.", "whispered", "looked at the door"),
        ("Come here, and be quick about it!", "shouted", "came down the stairs two at a time"),
        ("It was never mine to begin with.", "muttered", "did not answer her at all"),
        ("Look at the water! Look at it!", "cried", "looked, and saw that it was rising"),
    )
)
ESPEAK = "engine: pyttsx3\nnarrator: {voice: gmw/en}\n"
BOOKS = {
    "three chapters, eSpeak": (THREE, (EXAMPLES / "three-chapters.voices.yaml").read_text()),
    "two talk, eSpeak": (TWO, ESPEAK),
    "whispers and shouts": (f"Chapter 1\n\n{WAITING}\n", ESPEAK),
    "three chapters, hibari": (THREE, "engine: hibari\nnarrator: {voice: heart}\n"),
    "slow, with long pauses": (
        TWO,
        ESPEAK + "pauses: {sentence: 0.6, paragraph: 1.2, speaker: 0.8, scene: 3, chapter: 4}\n",
    ),
}


@dataclass(frozen=True)
class Levels:
    """What was measured of a file: dBFS, LUFS, dBTP, dBFS."""

    rms: float
    lufs: float
    true_peak: float
    floor: float


def by_others(path: Path) -> Levels:
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        rate = stream.rate
        frames = [frame.to_ndarray().ravel() for frame in file.decode(stream)]
    samples = np.concatenate(frames).astype(np.float64)
    half = samples[: len(samples) // (rate // 2) * (rate // 2)].reshape(-1, rate // 2)
    return Levels(
        _db(np.mean(samples**2)),
        float(pyloudnorm.Meter(rate).integrated_loudness(samples)),
        2 * _db(np.abs(resample_poly(samples, 4, 1)).max()),
        _db(np.mean(half**2, axis=1).min()),
    )


def _db(power: np.floating | float) -> float:
    return float(10 * np.log10(power))


def render(folder: Path, name: str, spec: str) -> list[Path]:
    text, cast = BOOKS[name]
    stem = name.replace(" ", "-").replace(",", "")
    (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
    (folder / f"{stem}.yaml").write_text(cast, encoding="utf-8")
    out = folder / spec / stem
    command = [sys.executable, "-m", "pipeline", "render", f"{stem}.txt", "--voices"]
    command += [f"{stem}.yaml", "--cache", "cache", "--quiet", "--split", "--spec", spec]
    subprocess.run([*command, "-o", str(out)], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return sorted(out.glob("*.mp3"))


def row(name: str, spec: str, files: list[Path]) -> tuple[str, float]:
    """Give a row of the table, and by how much the meters differ at most."""
    found = [examine(path, SPECS[spec]) for path in files]
    ours = [each.measured.levels for each in found]
    others = [by_others(path) for path in files]
    apart = max(
        abs(getattr(one, what) - getattr(other, what))
        for one, other in zip(ours, others, strict=True)
        for what in ("rms", "lufs", "true_peak")
    )
    cells = [name, spec, str(len(files))]
    for what in ("rms", "lufs", "true_peak", "floor"):
        cells += [_span(getattr(e, what) for e in ours), _span(getattr(e, what) for e in others)]
    cells += [f"{_span((e.head for e in ours), 2)}", f"{_span((e.tail for e in ours), 2)}"]
    missed = sorted({f.check for each in found for f in each.findings if f.passed is False})
    return f"| {' | '.join([*cells, ', '.join(missed) or 'nothing'])} |", apart


def _span(values: Iterable[float], digits: int = 1) -> str:
    numbers = sorted(values)
    low, high = f"{numbers[0]:.{digits}f}", f"{numbers[-1]:.{digits}f}"
    return low if low == high else f"{low} to {high}"


def main() -> None:
    heads = ["book", "spec", "files", "RMS", "other", "LUFS", "other", "true peak", "other"]
    heads += ["floor", "other", "head", "tail", "falls short in"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    most = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name in BOOKS:
            for spec in SPECS:
                told, apart = row(name, spec, render(Path(folder), name, spec))
                print(told, flush=True)
                most = max(most, apart)
    print(f"\nThe meters differ by {most:.2f} dB at most.")


if __name__ == "__main__":
    main()
