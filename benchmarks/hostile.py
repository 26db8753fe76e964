"""Hostile books: the CPU time and memory that reading each takes, and what comes of it.

usage: python -m benchmarks.hostile [WORD ...] [--all]

The WORDs pick the books whose names contain one of them. Each book is read in a process of its
own, which is stopped after 60 s of CPU time. The goal is 5 s of CPU time and 500 MB, the start of
the interpreter included; only books that miss it are shown, or all with `--all`.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.hostile_books import BOOKS
from benchmarks.measure import Cost, machine, measure
from pipeline.core.errors import PipelineError
from pipeline.ingest import reader

GOAL_SECONDS, GOAL_MEMORY = 5.0, 500.0
"""Seconds of CPU time, and MB."""
_LIMIT = 60
"""Seconds of CPU time."""
_UNFINISHED = Cost(wall=_LIMIT, cpu=_LIMIT, memory=0.0)


def main() -> None:
    """Make the books one by one, and print what reading them costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--all", action="store_true", help="show the books that meet the goal too")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        _read(arguments.read)
        return
    print(machine(), flush=True)
    names = [n for n in BOOKS if not arguments.words or any(w in n for w in arguments.words)]
    missed = sum(_measure(name, show_all=arguments.all) for name in names)
    print(f"{len(names)} books, {missed} of them miss the goal")


def _measure(name: str, *, show_all: bool) -> bool:
    """Measure the reading of a book, print it, and return whether it misses the goal."""
    with tempfile.TemporaryDirectory() as folder:
        path = BOOKS[name](Path(folder))
        outcome = Path(folder, "outcome")
        command = [sys.executable, "-m", "benchmarks.hostile", "--read", str(path)]
        with outcome.open("wb") as output:
            try:
                cost = measure(command, stdout=output, stderr=output)
            except subprocess.CalledProcessError:
                cost = _UNFINISHED
        *_, last = outcome.read_text(errors="replace").splitlines() or ["not finished"]
    missed = cost.cpu > GOAL_SECONDS or cost.memory > GOAL_MEMORY
    if missed or show_all:
        cost.print(f"{'!' if missed else ' '} {name}"[:48].ljust(48))
        print(f"    {last.replace(str(path), path.name)[:160]}", flush=True)
    return missed


def _read(path: Path) -> None:
    """Read a book and print what comes of it in a line."""
    resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT, _LIMIT))
    try:
        book = reader.read(path)
    except PipelineError as error:
        print(f"refused: {error}".splitlines()[0])
    else:
        print(f"read: {len(book.text):,} characters, {len(book.chapters):,} chapters")


if __name__ == "__main__":
    main()
