"""Hostile books: the CPU time and memory that reading each takes, and what comes of it.

usage: python -m benchmarks.hostile [WORD ...] [--all]

The WORDs pick the books whose names contain one of them. Each book is read in a process of its
own, which is stopped after 60 s of CPU time. The goal is 5 s of CPU time and 500 MB, the start of
the interpreter included; only books that miss it are shown, or all with `--all`.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.hostile_books import BOOKS as TEXTS
from benchmarks.hostile_files import FILES
from benchmarks.hostile_reading import LIMIT
from benchmarks.measure import Cost, machine, measure

GOAL_SECONDS, GOAL_MEMORY = 5.0, 500.0
"""Seconds of CPU time, and MB."""
BOOKS = TEXTS | FILES
_UNFINISHED = Cost(wall=LIMIT, cpu=LIMIT, memory=0.0)


def main() -> None:
    """Make the books one by one, and print what reading them costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--all", action="store_true", help="show the books that meet the goal too")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    names = [n for n in BOOKS if not arguments.words or any(w in n for w in arguments.words)]
    missed = sum(_measure(name, show_all=arguments.all) for name in names)
    print(f"{len(names)} books, {missed} of them miss the goal")


def _measure(name: str, *, show_all: bool) -> bool:
    """Measure the reading of a book, print it, and return whether it misses the goal."""
    with tempfile.TemporaryDirectory() as folder:
        path = BOOKS[name](Path(folder))
        outcome = Path(folder, "outcome")
        command = [sys.executable, "-m", "benchmarks.hostile_reading", str(path)]
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


if __name__ == "__main__":
    main()
