"""A first render and an edit beside the floor: the least that the same work costs.

usage: python -m benchmarks.speed NOVEL.txt [NOVEL.txt ...] [--hours 2 10] [--engine pyttsx3]
                                  [--options="--split --spec acx"] [--plot FILE]

The novels are joined and cut to so many hours. The floor (`benchmarks.floor`) is the CPU time of
the library's own synthesis and of the bare encoder on the same lines, divided by the cores; it is
told for eSpeak NG alone. The edit is one word in the middle of the book. A plot shows all of it.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import CHARACTERS_AN_HOUR, Cost, measure
from pipeline.app.render import who_speaks
from pipeline.casting.voices_file.loading import load
from pipeline.ingest.reader import read
from pipeline.tts.engines import registry

BOUND = 250.0
"""MB that a render may take at most, however long the book."""
_ROOT = Path(__file__).parents[1]
_FRESH, _EDITED = "lantern", "lanterns"


def main() -> None:
    """Measure, and print a row for each length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, nargs="+", default=[2.0])
    parser.add_argument("--engine", default="pyttsx3")
    parser.add_argument("--options", type=shlex.split, default=[], help="of `fullcast render`")
    parser.add_argument("--plot", type=Path, help="a PNG of all lengths (extra 'train')")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    found = []
    for book in books(arguments.novels, arguments.hours, arguments.engine):
        known = arguments.engine == "pyttsx3" and not arguments.options
        found.append(compare(book, arguments.options, has_floor=known))
    if arguments.plot:
        plot(found, arguments.plot)


class Book:
    """The beginning of a text, so many hours long when it is spoken, in a folder of its own."""

    def __init__(self, text: str, hours: float, engine: str, folder: Path):
        self.hours, self.folder = hours, folder
        text = text[: text.find("\n\n", round(hours * CHARACTERS_AN_HOUR))] + "\n"
        middle = text.find("\n\n", len(text) // 2) + 2
        self._around = text[:middle], text[middle:]
        self.path, self.voices = folder / "book.txt", folder / "voices.yaml"
        self.voices.write_text(f"engine: {engine}\n", encoding="utf-8")

    def rendered(self, word: str, options: Sequence[str]) -> Cost:
        """Measure what it takes to render it with that word in its middle."""
        before, after = self._around
        self.path.write_text(f"{before}There was a {word}.\n\n{after}", encoding="utf-8")
        render = [sys.executable, "-m", "pipeline", "render", "book.txt", "--voices", "voices.yaml"]
        env = os.environ | {"PYTHONPATH": str(_ROOT)}
        render += ["--cache", "cache", "--quiet", *options]
        return measure(render, cwd=self.folder, env=env, stdout=subprocess.DEVNULL)

    def on_its_lines(self, module: str, *options: str) -> Cost:
        """Measure another program of ours on the lines of the rendered book."""
        cast = load(self.voices, registry.names(), registry.voices)
        lines = self.folder / "lines.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for line in who_speaks(read(self.path), cast):
                voice = cast.role(line.speaker).voice
                told = {"text": line.text, "voice": voice.id or "gmw/en", "rate": voice.rate}
                file.write(json.dumps({**told, "pause": cast.pauses[line.pause]}) + "\n")
        out = str(self.folder / "other.m4b")
        command = [sys.executable, "-m", module, str(lines), out, *options]
        return measure(command, cwd=_ROOT, stdout=subprocess.DEVNULL)


def books(novels: Sequence[Path], hours: Iterable[float], engine: str) -> Iterator[Book]:
    """Give a book of each length; what lies in its folder goes with the next."""
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in novels)
    for length in hours:
        with tempfile.TemporaryDirectory() as folder:
            yield Book(text, length, engine, Path(folder))


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of a book of so many hours; without a floor where none is known."""

    hours: float
    first: Cost
    edit: Cost
    floor: Cost | None

    @property
    def to_floor(self) -> float:
        """The wall time of the first render to the floor divided by the cores."""
        assert self.floor is not None
        return self.first.wall * (os.cpu_count() or 1) / self.floor.cpu

    @property
    def of_first(self) -> float:
        """The share of the first render's time that an edit takes."""
        return self.edit.wall / self.first.wall


def compare(book: Book, options: Sequence[str] = (), *, has_floor: bool = True) -> Found:
    """Render a book, render it again, edit it; print a row for each."""
    name = f"{book.hours:g} h, "
    first = book.rendered(_FRESH, options)
    first.print(f"{name}first render")
    book.rendered(_FRESH, options).print(f"{name}the same again")
    edit = book.rendered(_EDITED, options)
    edit.print(f"{name}one word changed")
    shutil.rmtree(book.folder / "cache")
    floor = book.on_its_lines("benchmarks.floor") if has_floor else None
    found = Found(book.hours, first, edit, floor)
    print(
        f"the edit takes {found.of_first:.3f} of the time of the first render, "
        f"{edit.cpu / first.cpu:.3f} of its CPU time"
    )
    if floor:
        cores = os.cpu_count() or 1
        print(
            f"floor: {floor.cpu:.1f} s CPU, {floor.cpu / cores:.1f} s on {cores} cores; ours takes "
            f"{found.to_floor:.2f} of that in wall time, {first.cpu / floor.cpu:.2f} in CPU time",
            flush=True,
        )
    return found


def plot(found: Sequence[Found], path: Path) -> None:
    """Draw the cost and the memory of all lengths."""
    from matplotlib.figure import Figure  # of the extra `train`; to measure, it is not needed

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    cost, memory = figure.subplots(1, 2)
    hours = [each.hours for each in found]
    cost.plot(hours, [each.first.cpu for each in found], "o-", label="first render")
    floors = [(each.hours, each.floor.cpu) for each in found if each.floor]
    if floors:
        cost.plot(*zip(*floors, strict=True), "s--", label="floor: speech and encoder alone")
    cost.plot(hours, [each.edit.cpu for each in found], "^-", label="one word changed")
    cost.set(xlabel="hours of audio", ylabel="seconds of CPU time", xlim=(0, None), ylim=(0, None))
    memory.plot(hours, [each.first.memory for each in found], "o-", label="first render")
    memory.plot(hours, [each.edit.memory for each in found], "^-", label="one word changed")
    memory.axhline(BOUND, color="grey", linestyle=":", label="bound")
    memory.set(xlabel="hours of audio", ylabel="MB at most", xlim=(0, None), ylim=(0, None))
    for axes in (cost, memory):
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=90)


if __name__ == "__main__":
    main()
