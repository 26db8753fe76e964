"""How the parts of an M4B join: the decoded file against the WAV render, window by window.

usage: python -m benchmarks.seams [--engine NAME ...] [--book TEXT] [--characters 40000]

A window has as many frames as a packet, and is voiced if its RMS in the WAV is above -45 dBFS. The
windows at a join are the first two voiced ones of a part; "in one piece" are the same windows of a
file that was encoded without parts, and "lost" is the most that a window at a join has less SNR
than there, or than the median where that is less.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import LINES
from pipeline.app.forecast import RenderForecast
from pipeline.app.order import RenderOrder
from pipeline.app.render import RenderResult, render
from pipeline.core.errors import Problem
from pipeline.core.ffmpeg import executable
from pipeline.export.encoding.formats import FORMATS
from pipeline.mix.parts import split_into_parts
from pipeline.model.cues import Cue
from pipeline.model.script import Line, Script
from pipeline.synthesis.takes import Take
from pipeline.tts.engines import registry

WINDOW = 1024
"""Frames."""
VOICED = -45.0
"""dBFS."""

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeamReport:
    """SNR in dB of the voiced windows: all, those where a line begins, those at a join."""

    all: Samples
    starts: Samples
    joins: Samples

    def loss(self, whole: Self) -> float:
        """Return the most dB that a join costs, by the report of a file without joins."""
        return float((np.minimum(whole.joins, np.median(self.all)) - self.joins).max())


class Silent:
    """A listener that shows nothing."""

    def started(self, script: Script, forecast: RenderForecast) -> None:
        """Do nothing."""

    def clip_spoken(self, take: Take) -> None:
        """Do nothing."""

    def line_metered(self, line: Line) -> None:
        """Do nothing."""

    def line_finished(self, line: Line, seconds: float) -> None:
        """Do nothing."""

    def warning(self, problem: Problem) -> None:
        """Do nothing."""


def main() -> None:
    """Render and compare, and print a row for each engine."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--book", type=Path)
    parser.add_argument("--characters", type=int, default=40_000)
    arguments = parser.parse_args()
    text = arguments.book.read_text(encoding="utf-8") if arguments.book else made_up()
    print("engine     joins  median  line starts: median, worst  joins  in one piece   lost")
    for engine in arguments.engine or [name for name in registry.names() if registry.voices(name)]:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "book.txt").write_text(text[: arguments.characters], encoding="utf-8")
            report, whole = compare(Path(folder), engine)
        spreads = (report.starts, report.joins, whole.joins)
        figures = [np.median(report.all), *(n for spread in spreads for n in _spread(spread))]
        row = "  ".join(f"{figure:6.1f}" for figure in [*figures, report.loss(whole)])
        print(f"{engine:10} {len(report.joins) // 2:5}  {row}", flush=True)


def made_up(paragraphs: int = 200) -> str:
    """Return a book of two chapters, whose paragraphs all differ."""
    texts = [f"{number}. {LINES[number % len(LINES)]}" for number in range(paragraphs)]
    half = len(texts) // 2
    return "\n\n".join(["Chapter 1", *texts[:half], "Chapter 2", *texts[half:]])


def compare(folder: Path, engine: str) -> tuple[SeamReport, SeamReport]:
    """Render `book.txt` in a folder with one voice of an engine to M4B and WAV, and compare.

    The second report is that of a file in one piece.
    """
    cast = folder / "voices.yaml"
    if not cast.exists():
        cast.write_text(f"engine: {engine}\ncharacters: {{}}\n", encoding="utf-8")
    encoded, reference = (_rendered(folder, name) for name in ("m4b", "wav"))
    return report(encoded, reference), report(in_one_piece(encoded, reference), reference)


def in_one_piece(encoded: RenderResult, reference: RenderResult) -> RenderResult:
    """Encode the WAV of a render as one part, and so without joins."""
    out = reference.out.with_name("whole.m4a")
    source = ["-v", "error", "-y", "-i", str(reference.out), "-map", "0:a"]
    codec = FORMATS["m4b"].codec
    subprocess.run([executable(), *source, *codec, "-f", "ipod", str(out)], check=True)
    return replace(encoded, out=out, cues=reference.cues)


def report(encoded: RenderResult, reference: RenderResult) -> SeamReport:
    """Compare two renders of the same book, line by line."""
    sound, original = (_decoded(result.out) for result in (encoded, reference))
    firsts = {id(part.lines[0]) for part in split_into_parts(cue.line for cue in encoded.cues)}
    ratios: dict[str, list[Samples]] = {"all": [], "starts": [], "joins": []}
    for first, second in zip(encoded.cues, reference.cues, strict=True):
        snr = np.array(list(_ratios(sound, first, original, second)))
        ratios["all"].append(snr)
        joined = id(first.line) in firsts and first is not encoded.cues[0]
        ratios["joins" if joined else "starts"].append(snr[:2])
    return SeamReport(*(np.concatenate(values) for values in ratios.values()))


def _ratios(sound: Samples, cue: Cue, original: Samples, reference: Cue) -> Iterator[float]:
    """Yield the SNR of each voiced window of a line."""
    for offset in range(0, cue.end - cue.start, WINDOW):
        wanted = original[reference.start + offset :][:WINDOW]
        noise = sound[cue.start + offset :][:WINDOW] - wanted
        power = np.mean(wanted**2)
        if power > 10 ** (VOICED / 10):
            yield float(10 * np.log10(power / max(np.mean(noise**2), 1e-12)))


def _rendered(folder: Path, name: str) -> RenderResult:
    out = folder / f"book.{name}"
    paths = (folder / "voices.yaml", folder / "cache")
    return render(RenderOrder(folder / "book.txt", out, FORMATS[name], *paths, jobs=2), Silent())


def _decoded(path: Path) -> Samples:
    """Return the samples of a mono file, from -1 to 1."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler(format="flt", layout="mono")
        frames = [f for frame in file.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames]).astype(np.float64)


def _spread(ratios: Sequence[float] | Samples) -> tuple[float, float]:
    return (float(np.median(ratios)), float(np.min(ratios))) if len(ratios) else (np.nan, np.nan)


if __name__ == "__main__":
    main()
