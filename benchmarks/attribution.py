"""Who speaks each line of a novel of 120,000 words, on one core, beside counting its words.

usage: python -m benchmarks.attribution NOVEL.txt [--voices FILE] [--words 120000]

The words are counted with one regular expression in plain Python, ten times over: a task whose
time depends on the machine alone. The time of a fresh process, its start with it, is told too.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import measure
from pipeline.casting.voices_file.loading import load
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.ingest.reader import read
from pipeline.tts.engines import registry

WORDS = 120_000
_WORD = re.compile(r"[^\W_]+")
_COUNTS = 10
_ROUNDS = 3


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("novel", type=Path)
    parser.add_argument("--voices", type=Path, help="the cast; those found in the novel if none")
    parser.add_argument("--words", type=int, default=WORDS)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        compare([arguments.novel], arguments.words, Path(folder), arguments.voices)


def compare(novels: Sequence[Path], words: int, folder: Path, voices: Path | None) -> float:
    """Measure on `words` words, the novels repeated until there are as many; print a table.

    Gives the seconds that judging took.
    """
    cut = folder / "cut.txt"
    whole = "\n\n".join(novel.read_text(encoding="utf-8") for novel in novels)
    cut.write_text(_cut(whole, words), encoding="utf-8")
    book = read(cut)
    if voices is None:
        voices = folder / "voices.yaml"
        found = "".join(
            f"  {json.dumps(f.character.name)}: {{}}\n"
            for f in identify_characters(book).characters
        )
        voices.write_text(f"characters:\n{found}" if found else "", encoding="utf-8")
    cast = load(voices, registry.names())
    text = cut.read_text(encoding="utf-8")
    counting = _least(lambda: [sum(1 for _ in _WORD.finditer(text)) for _ in range(_COUNTS)])
    reading = _least(lambda: read(cut))
    judging = _least(lambda: attribute(book, cast.characters, cast.first_person))
    print(f"{words:,} words, a cast of {len(cast.characters)}, one core")
    _row(f"counting the words {_COUNTS} times", counting, counting)
    _row("reading the book", reading, counting)
    _row("who speaks each line", judging, counting)
    command = [sys.executable, "-m", "pipeline", "script", str(cut), "--voices", str(voices)]
    cost = measure([*command, "-o", str(folder / "cut.fountain")])
    print(f"{'fullcast script, a fresh process':36} {cost.wall:8.2f} s {cost.memory:8.0f} MB")
    return judging


def _cut(text: str, words: int) -> str:
    ends = [found.end() for found in _WORD.finditer(text)]
    whole, rest = divmod(words, len(ends))
    return "\n\n".join([*[text] * whole, text[: ends[rest - 1]] if rest else ""])


def _least(task: Callable[[], object]) -> float:
    """The least time of a few runs in seconds of CPU, which another program disturbs least."""
    best = float("inf")
    for _ in range(_ROUNDS):
        began = time.process_time()
        task()
        best = min(best, time.process_time() - began)
    return best


def _row(name: str, seconds: float, unit: float) -> None:
    print(f"{name:36} {seconds:8.2f} s {seconds / unit:8.1f} times", flush=True)


if __name__ == "__main__":
    main()
