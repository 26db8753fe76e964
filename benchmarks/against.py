"""Time and memory of this checkout and of another one, such as an earlier commit, in one run.

usage: python -m benchmarks.against CHECKOUT NOVEL.txt [NOVEL.txt ...] [--hours 1] [--rounds 5]
           [--engine pyttsx3] [--options="--spec acx"] [--command="script book.txt" ...]

Each checkout runs with the interpreter of its own `.venv`, in a folder of its own. The commands
alternate between the two, so both see the same load; what is compared are medians over the rounds.
CHECKOUT comes first in one round, this checkout in the next.
"""

import argparse
import shlex
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from statistics import median

from benchmarks.books import EDITED, ORIGINAL, SampleBook, joined
from benchmarks.measure import THIS_CHECKOUT, Checkout, Cost, machine

Step = Callable[[SampleBook], Cost]
_BASE, _THIS = "base", "this"
_MEASURES = {"wall": "s", "cpu": "s", "memory": "MB"}


def main() -> None:
    """Measure, and print a table of medians and their ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engine", default="pyttsx3")
    parser.add_argument("--options", type=shlex.split, default=[], help="of `fullcast render`")
    parser.add_argument(
        "--command", type=shlex.split, action="append", default=[], help="another one to measure"
    )
    arguments = parser.parse_args()
    checkouts = {_BASE: Checkout.at(arguments.checkout), _THIS: THIS_CHECKOUT}
    text = joined(arguments.novels)
    with tempfile.TemporaryDirectory() as folder:
        books = {}
        for name, checkout in checkouts.items():
            home = Path(folder) / name
            home.mkdir()
            books[name] = SampleBook(text, arguments.hours, arguments.engine, home, checkout)
        steps = render_steps(arguments.options)
        steps |= {shlex.join(command): _command(command) for command in arguments.command}
        print(machine(), flush=True)
        print_table(alternate(books, steps, arguments.rounds))


def render_steps(options: Sequence[str]) -> dict[str, Step]:
    """Return the steps of rendering a book: at first, again, and after an edit."""

    def first(book: SampleBook) -> Cost:
        book.edit(ORIGINAL)
        book.clear_cache()
        return book.render(options)

    def again(book: SampleBook) -> Cost:
        return book.render(options)

    def edited(book: SampleBook) -> Cost:
        book.edit(EDITED)
        return book.render(options)

    return {"first render": first, "the same again": again, "one word changed": edited}


def _command(arguments: Sequence[str]) -> Step:
    return lambda book: book.run(*arguments)


def alternate(
    books: Mapping[str, SampleBook], steps: Mapping[str, Step], rounds: int
) -> dict[str, dict[str, list[Cost]]]:
    """Run each step on all books before the next one; return the costs by step and checkout.

    The order of the books changes with each round. A run that is not measured comes first, to
    compile modules and to fill the file cache.
    """
    for book in books.values():
        book.run("render", "book.txt", "--voices", "voices.yaml", "--cache", "cache", "--dry-run")
    costs: dict[str, dict[str, list[Cost]]] = {step: defaultdict(list) for step in steps}
    for number in range(rounds):
        order = list(books.items())[:: 1 if number % 2 == 0 else -1]
        for step, run in steps.items():
            for name, book in order:
                cost = run(book)
                cost.print(f"{number + 1}. {step}, {name}")
                costs[step][name].append(cost)
    return costs


def print_table(costs: Mapping[str, Mapping[str, Sequence[Cost]]]) -> None:
    """Print the medians for both checkouts, and the ratio of this one to the base."""
    heads = [f"{measure}, {unit}: {_BASE} | {_THIS} | ratio" for measure, unit in _MEASURES.items()]
    print(f"\n| | {' | '.join(heads)} |\n|{'---|' * (1 + 3 * len(heads))}")
    for step, by_checkout in costs.items():
        cells = [step]
        for measure in map(attrgetter, _MEASURES):
            base, this = (median(map(measure, by_checkout[name])) for name in (_BASE, _THIS))
            cells += [f"{base:.2f}", f"{this:.2f}", f"{this / base:.3f}"]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
