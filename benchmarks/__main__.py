"""Everything that has a goal for speed or memory, as ratios measured in one run.

usage: python -m benchmarks NOVEL.txt [NOVEL.txt ...] [--hours 1 2 10] [--plot FILE]

Takes a quarter of an hour. The novels are joined: ten hours are some 610,000 characters. Project
Gutenberg has many, and the Project Dialogism Novel Corpus (PDNC) a `novel_text.txt` in each of its
folders. Speaker attribution is measured on the first 120,000 words (`benchmarks.attribution`),
renders and edits on books of each length, compared with the floor (`benchmarks.speed`), the naive
script on the book of two hours (`benchmarks.naive_script`), and a cluster with a slow engine
(`benchmarks.cluster`). A book of 100 hours takes 25 GB of disk space: see `benchmarks.long`.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import attribution, cluster, speed
from benchmarks.books import books
from benchmarks.measure import Cost, machine

_NAIVE_HOURS = 2.0
"""Hours of the book given to the naive script, whose time grows with their square."""

Row = tuple[str, str, str]
"""What was measured, the figure, and its goal."""


def main() -> None:
    """Measure, and print a table at the end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0, 2.0, 10.0])
    parser.add_argument("--plot", type=Path, help="a PNG of all lengths (extra 'train')")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    rows = [
        *_attribution_rows(arguments.novels),
        *_render_rows(arguments.novels, arguments.hours, arguments.plot),
        ("two workers to one, with a slow engine", f"{cluster.measure_speed_up():.2f}", "1.8"),
    ]
    print("\n| what | measured | goal |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _attribution_rows(novels: Sequence[Path]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        seconds = attribution.measure_attribution(novels, attribution.WORDS, Path(folder), None)
    name = f"speaker attribution of {attribution.WORDS:,} words, one core"
    yield name, f"{seconds:.1f} s", "10 s"


def _render_rows(
    novels: Sequence[Path], hours: Sequence[float], plot: Path | None
) -> Iterator[Row]:
    results = []
    for book in books(novels, hours, "pyttsx3"):
        result = speed.compare_with_floor(book)
        results.append(result)
        yield from _book_rows(result)
        if book.hours == _NAIVE_HOURS:
            naive = book.run_on_lines("benchmarks.naive_script")
            naive.print("the naive script")
            yield from _naive_rows(result.first, naive)
    shortest, longest = (pick(results, key=lambda result: result.hours) for pick in (min, max))
    if shortest is not longest:
        times, goal = longest.first.wall / shortest.first.wall, longest.hours / shortest.hours
        yield f"{longest.hours:g} h to {shortest.hours:g} h", f"{times:.2f}", f"{1.05 * goal:g}"
    if plot:
        speed.plot(results, plot)


def _book_rows(result: speed.SpeedResult) -> Iterator[Row]:
    name = f"{result.hours:g} h"
    yield f"{name}: wall time to the floor", f"{result.floor_ratio:.2f}", "1.25"
    yield f"{name}: memory", f"{result.first.memory:.0f} MB", f"{speed.MEMORY_LIMIT:g} MB"
    yield f"{name}: an edit to the first render", f"{result.edit_share:.1%}", "3% at 10 h"


def _naive_rows(ours: Cost, naive: Cost) -> Iterator[Row]:
    yield "to the naive script: wall time", f"{ours.wall / naive.wall:.3f}", "0.05"
    yield "to the naive script: memory", f"{ours.memory / naive.memory:.2f}", ""


if __name__ == "__main__":
    main()
