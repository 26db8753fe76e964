"""fullcast against the afternoon's script, on the same lines, in one run.

usage: python -m benchmarks NOVEL.txt [--voices FILE] [--hours 2] [--whole]

Before that, how long it takes to say who speaks each line: see `benchmarks.attribution`.

A novel in plain text is needed: Project Gutenberg has many, and the Project Dialogism Novel Corpus
(PDNC) holds a `novel_text.txt` in each of its folders.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import attribution
from benchmarks.measure import CHARACTERS_AN_HOUR, Cost, measure
from pipeline import engines
from pipeline.cast import default_path, load
from pipeline.production import who_speaks
from pipeline.readers import read


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("novel", type=Path)
    parser.add_argument("--voices", type=Path, default=default_path())
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--whole", action="store_true", help="also the whole novel, by us alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        attribution.compare(arguments.novel, attribution.WORDS, Path(folder), None)
        _compare(arguments, Path(folder))


def _compare(arguments: argparse.Namespace, folder: Path) -> None:
    novel = arguments.novel.read_text(encoding="utf-8")
    length = round(arguments.hours * CHARACTERS_AN_HOUR)
    cut = folder / "cut.txt"
    cut.write_text(novel[: novel.find("\n\n", length)] + "\n", encoding="utf-8")
    lines = folder / "lines.jsonl"
    count = _write_lines(cut, arguments.voices, lines)
    print(f"{arguments.hours:g} hours of {arguments.novel}: {count} lines", flush=True)
    ours = _render(cut, arguments.voices, folder)
    _row("fullcast", ours)
    theirs = measure([sys.executable, "-m", "benchmarks.afternoon", str(lines), f"{folder}/a.m4b"])
    _row("the afternoon's script", theirs)
    print(
        f"fullcast takes {ours.wall / theirs.wall:.3f} of its time "
        f"and {ours.memory / theirs.memory:.2f} of its memory"
    )
    if arguments.whole:
        _row("fullcast, the whole novel", _render(arguments.novel, arguments.voices, folder))


def _render(novel: Path, voices: Path, folder: Path) -> Cost:
    """Render with nothing in the store."""
    command = [sys.executable, "-m", "pipeline", "render", str(novel), "--voices", str(voices)]
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        return measure([*command, "--cache", fresh, "-o", f"{fresh}/book.m4b", "--quiet"])


def _write_lines(book: Path, voices: Path, out: Path) -> int:
    """Write the lines for the afternoon's script, with voices and pauses of our cast."""
    cast = load(voices, engines.names(), engines.voices)
    lines = list(who_speaks(read(book), cast))
    with out.open("w", encoding="utf-8") as file:
        for line in lines:
            voice = cast.role(line.speaker).voice
            pause = cast.pauses[line.pause]
            told = {"text": line.text, "voice": voice.id, "rate": voice.rate, "pause": pause}
            file.write(json.dumps(told) + "\n")
    return len(lines)


def _row(name: str, cost: Cost) -> None:
    print(
        f"{name:28} {cost.wall:8.1f} s wall {cost.cpu:8.1f} s CPU {cost.memory:8.1f} MB", flush=True
    )


if __name__ == "__main__":
    main()
