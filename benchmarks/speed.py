"""A first render and an edit, compared with the floor: the least that the same work costs.

usage: python -m benchmarks.speed NOVEL.txt [NOVEL.txt ...] [--hours 2 10] [--engine pyttsx3]
                                  [--options="--split --spec acx"] [--plot FILE]

The novels are joined and truncated to each length. The floor (`benchmarks.floor`) is the CPU time
of synthesis by the bare eSpeak NG library and of the bare encoder on the same lines, divided by the
cores; it is known for eSpeak NG only. The edit is one word in the middle of the book.
"""

import argparse
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import EDITED, SampleBook, books
from benchmarks.measure import Cost, machine

MEMORY_LIMIT = 250.0
"""MB that a render may take, however long the book."""


def main() -> None:
    """Measure, and print rows for each length."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, nargs="+", default=[2.0])
    parser.add_argument("--engine", default="pyttsx3")
    parser.add_argument("--options", type=shlex.split, default=[], help="of `fullcast render`")
    parser.add_argument("--plot", type=Path, help="a PNG of all lengths (extra 'train')")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    results = []
    for book in books(arguments.novels, arguments.hours, arguments.engine):
        has_floor = arguments.engine == "pyttsx3" and not arguments.options
        results.append(compare_with_floor(book, arguments.options, has_floor=has_floor))
    if arguments.plot:
        plot(results, arguments.plot)


@dataclass(frozen=True, slots=True)
class SpeedResult:
    """The costs measured on a book of so many hours; `floor` is None where it is unknown."""

    hours: float
    first: Cost
    edit: Cost
    floor: Cost | None

    @property
    def floor_ratio(self) -> float:
        """The wall time of the first render relative to the floor divided by the cores."""
        assert self.floor is not None
        return self.first.wall * (os.cpu_count() or 1) / self.floor.cpu

    @property
    def edit_share(self) -> float:
        """The share of the first render's wall time that an edit takes."""
        return self.edit.wall / self.first.wall


def compare_with_floor(
    book: SampleBook, options: Sequence[str] = (), *, has_floor: bool = True
) -> SpeedResult:
    """Render a book, render it again, edit and render it; print a row for each."""
    name = f"{book.hours:g} h, "
    first = book.render(options)
    first.print(f"{name}first render")
    book.render(options).print(f"{name}the same again")
    book.edit(EDITED)
    edit = book.render(options)
    edit.print(f"{name}one word changed")
    book.clear_cache()
    floor = book.run_on_lines("benchmarks.floor") if has_floor else None
    result = SpeedResult(book.hours, first, edit, floor)
    print(
        f"the edit takes {result.edit_share:.3f} of the wall time of the first render, "
        f"{edit.cpu / first.cpu:.3f} of its CPU time"
    )
    if floor:
        cores = os.cpu_count() or 1
        print(
            f"floor: {floor.cpu:.1f} s CPU, {floor.cpu / cores:.1f} s on {cores} cores; a render "
            f"takes {result.floor_ratio:.2f} of that in wall time, {first.cpu / floor.cpu:.2f} in "
            "CPU time",
            flush=True,
        )
    return result


def plot(results: Sequence[SpeedResult], path: Path) -> None:
    """Plot CPU time and memory against length."""
    from matplotlib.figure import Figure  # of the extra `train`, and needed for this only

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    cost, memory = figure.subplots(1, 2)
    hours = [result.hours for result in results]
    cost.plot(hours, [result.first.cpu for result in results], "o-", label="first render")
    floors = [(result.hours, result.floor.cpu) for result in results if result.floor]
    if floors:
        cost.plot(*zip(*floors, strict=True), "s--", label="floor: synthesis and encoder alone")
    cost.plot(hours, [result.edit.cpu for result in results], "^-", label="one word changed")
    cost.set(xlabel="hours of audio", ylabel="seconds of CPU time", xlim=(0, None), ylim=(0, None))
    memory.plot(hours, [result.first.memory for result in results], "o-", label="first render")
    memory.plot(hours, [result.edit.memory for result in results], "^-", label="one word changed")
    memory.axhline(MEMORY_LIMIT, color="grey", linestyle=":", label="limit")
    memory.set(xlabel="hours of audio", ylabel="peak MB", xlim=(0, None), ylim=(0, None))
    for axes in (cost, memory):
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=90)


if __name__ == "__main__":
    main()
