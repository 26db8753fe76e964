"""All that speed and memory are held against, as ratios measured in one run, with the goals.

usage: python -m benchmarks NOVEL.txt [NOVEL.txt ...] [--hours 1 2 10] [--plot FILE]

Takes a quarter of an hour. The novels are joined: ten hours are some 610,000 characters. Project
Gutenberg has many, and the Project Dialogism Novel Corpus (PDNC) a `novel_text.txt` in each of its
folders. Who speaks is measured on the first 120,000 words (`benchmarks.attribution`), rendering and
edits on books of so many hours beside the floor (`benchmarks.speed`), of which one of two hours is
given to the afternoon's script too (`benchmarks.afternoon`), and a cluster by a slow engine
(`benchmarks.cluster`). A book of 100 hours takes 25 GB of room: see `benchmarks.long`.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import attribution, cluster, speed
from benchmarks.measure import Cost

_AFTERNOON = 2.0
"""Hours of the book that the afternoon's script is given: it takes the square of their number."""

Row = tuple[str, str, str]
"""What was measured, what it came to, and what it is to come to."""


def main() -> None:
    """Measure, and print a table in the end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0, 2.0, 10.0])
    parser.add_argument("--plot", type=Path, help="a PNG of all lengths (extra 'train')")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    rows = [*_attributed(arguments.novels), *_rendered(arguments), *_spread()]
    print("\n| what | measured | goal |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _attributed(novels: Sequence[Path]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        seconds = attribution.compare(novels, attribution.WORDS, Path(folder), None)
    yield f"who speaks in {attribution.WORDS:,} words, one core", f"{seconds:.1f} s", "10 s"


def _rendered(arguments: argparse.Namespace) -> Iterator[Row]:
    found = []
    for book in speed.books(arguments.novels, arguments.hours, "pyttsx3"):
        found.append(speed.compare(book))
        yield from _of_one(found[-1])
        if book.hours == _AFTERNOON:
            theirs = book.on_its_lines("benchmarks.afternoon")
            theirs.print("the afternoon's script")
            yield from _beside(found[-1].first, theirs)
    shortest, longest = (pick(found, key=lambda each: each.hours) for pick in (min, max))
    if shortest is not longest:
        times, goal = longest.first.wall / shortest.first.wall, longest.hours / shortest.hours
        yield f"{longest.hours:g} h to {shortest.hours:g} h", f"{times:.2f}", f"{1.05 * goal:g}"
    if arguments.plot:
        speed.plot(found, arguments.plot)


def _of_one(found: speed.Found) -> Iterator[Row]:
    name = f"{found.hours:g} h"
    yield f"{name}: wall time to the floor", f"{found.to_floor:.2f}", "1.25"
    yield f"{name}: memory", f"{found.first.memory:.0f} MB", f"{speed.BOUND:g} MB"
    yield f"{name}: an edit to the first render", f"{found.of_first:.1%}", "3% at 10 h"


def _beside(ours: Cost, theirs: Cost) -> Iterator[Row]:
    yield "to the afternoon's script: time", f"{ours.wall / theirs.wall:.3f}", "0.05"
    yield "to the afternoon's script: memory", f"{ours.memory / theirs.memory:.2f}", ""


def _spread() -> Iterator[Row]:
    yield "two workers to one, with a slow engine", f"{cluster.speed_up():.2f}", "1.8"


if __name__ == "__main__":
    main()
