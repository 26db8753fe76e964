"""Levels of five books rendered to each spec, by `fullcast check` and by independent meters.

usage: python -m benchmarks.master

The independent meters are pyloudnorm (loudness), and NumPy and SciPy on what PyAV decodes (level,
true peak, noise floor); neither a render nor a check uses them for that. Prints the table of
docs/master.md.
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

from pipeline.check.report import check_file
from pipeline.model.delivery_spec import SPECS

EXAMPLES = Path(__file__).parents[1] / "examples"
THREE = (EXAMPLES / "three-chapters.txt").read_text(encoding="utf-8")
TWO = (EXAMPLES / "two-hander.txt").read_text(encoding="utf-8")
DELIVERIES = "\n\n* * *\n\n".join(
    f'"{speech}" {verb} Mara.\n\nTom {action}.'
    for speech, verb, action in (
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
    "whispers and shouts": (f"Chapter 1\n\n{DELIVERIES}\n", ESPEAK),
    "three chapters, hibari": (THREE, "engine: hibari\nnarrator: {voice: heart}\n"),
    "slow, with long pauses": (
        TWO,
        ESPEAK + "pauses: {sentence: 0.6, paragraph: 1.2, speaker: 0.8, scene: 3, chapter: 4}\n",
    ),
}


@dataclass(frozen=True)
class IndependentLevels:
    """The levels of a file in dBFS, LUFS, dBTP and dBFS."""

    rms: float
    lufs: float
    true_peak: float
    floor: float


def measure_independently(path: Path) -> IndependentLevels:
    """Measure a file without any code of fullcast's."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        rate = stream.rate
        frames = [frame.to_ndarray().ravel() for frame in file.decode(stream)]
    samples = np.concatenate(frames).astype(np.float64)
    windows = samples[: len(samples) // (rate // 2) * (rate // 2)].reshape(-1, rate // 2)
    return IndependentLevels(
        _decibels(np.mean(samples**2)),
        float(pyloudnorm.Meter(rate).integrated_loudness(samples)),
        2 * _decibels(np.abs(resample_poly(samples, 4, 1)).max()),
        _decibels(np.mean(windows**2, axis=1).min()),
    )


def _decibels(power: np.floating | float) -> float:
    return float(10 * np.log10(power))


def render(folder: Path, name: str, spec: str) -> list[Path]:
    """Render a book for a spec; return its files."""
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
    """Return a row of the table, and the largest difference between the meters in dB."""
    reports = [check_file(path, SPECS[spec]) for path in files]
    levels = [report.measured.levels for report in reports]
    independent = [measure_independently(path) for path in files]
    difference = max(
        abs(getattr(ours, quantity) - getattr(theirs, quantity))
        for ours, theirs in zip(levels, independent, strict=True)
        for quantity in ("rms", "lufs", "true_peak")
    )
    cells = [name, spec, str(len(files))]
    for quantity in ("rms", "lufs", "true_peak", "floor"):
        cells += [_span(getattr(measured, quantity) for measured in levels)]
        cells += [_span(getattr(measured, quantity) for measured in independent)]
    cells += [_span((measured.head for measured in levels), 2)]
    cells += [_span((measured.tail for measured in levels), 2)]
    failed = sorted({r.check for report in reports for r in report.results if r.passed is False})
    return f"| {' | '.join([*cells, ', '.join(failed) or 'nothing'])} |", difference


def _span(values: Iterable[float], digits: int = 1) -> str:
    numbers = sorted(values)
    low, high = f"{numbers[0]:.{digits}f}", f"{numbers[-1]:.{digits}f}"
    return low if low == high else f"{low} to {high}"


def main() -> None:
    """Print the table."""
    heads = ["book", "spec", "files", "RMS", "other", "LUFS", "other", "true peak", "other"]
    heads += ["floor", "other", "head", "tail", "failed"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    largest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name in BOOKS:
            for spec in SPECS:
                cells, difference = row(name, spec, render(Path(folder), name, spec))
                print(cells, flush=True)
                largest = max(largest, difference)
    print(f"\nThe meters differ by {largest:.2f} dB at most.")


if __name__ == "__main__":
    main()
