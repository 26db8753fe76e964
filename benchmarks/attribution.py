"""Speaker attribution of a novel of 120,000 words on one core, compared with counting its words.

usage: python -m benchmarks.attribution NOVEL.txt [--voices FILE] [--words 120000]

The words are counted ten times with one regular expression in plain Python: a task whose time
depends on the machine alone. The time of a fresh process, including its start, is printed, too.
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

from benchmarks.books import joined
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novel", type=Path)
    parser.add_argument("--voices", type=Path, help="the cast; default: characters of the novel")
    parser.add_argument("--words", type=int, default=WORDS)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        measure_attribution([arguments.novel], arguments.words, Path(folder), arguments.voices)


def measure_attribution(
    novels: Sequence[Path], words: int, folder: Path, voices: Path | None
) -> float:
    """Measure on `words` words, repeating the novels if they have fewer, and print a table.

    Returns the seconds that attribution took.
    """
    source = folder / "novel.txt"
    text = _with_length(joined(novels), words)
    source.write_text(text, encoding="utf-8")
    book = read(source)
    if voices is None:
        voices = folder / "voices.yaml"
        names = [found.character.name for found in identify_characters(book).characters]
        entries = "".join(f"  {json.dumps(name)}: {{}}\n" for name in names)
        voices.write_text(f"characters:\n{entries}" if names else "", encoding="utf-8")
    cast = load(voices, registry.names())
    counting = _min_seconds(lambda: [sum(1 for _ in _WORD.finditer(text)) for _ in range(_COUNTS)])
    reading = _min_seconds(lambda: read(source))
    attributing = _min_seconds(lambda: attribute(book, cast.characters, cast.first_person))
    print(f"{words:,} words, a cast of {len(cast.characters)}, one core")
    _print_row(f"counting the words {_COUNTS} times", counting, counting)
    _print_row("reading the book", reading, counting)
    _print_row("speaker attribution", attributing, counting)
    command = [sys.executable, "-m", "pipeline", "script", str(source), "--voices", str(voices)]
    cost = measure([*command, "-o", str(folder / "novel.fountain")])
    print(f"{'fullcast script, a fresh process':36} {cost.wall:8.2f} s {cost.memory:8.0f} MB")
    return attributing


def _with_length(text: str, words: int) -> str:
    """Return the text truncated or repeated to so many words."""
    ends = [match.end() for match in _WORD.finditer(text)]
    copies, rest = divmod(words, len(ends))
    return "\n\n".join([*[text] * copies, text[: ends[rest - 1]] if rest else ""])


def _min_seconds(task: Callable[[], object]) -> float:
    """Return the least CPU seconds of a few runs, which other programs disturb least."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return best


def _print_row(name: str, seconds: float, unit: float) -> None:
    print(f"{name:36} {seconds:8.2f} s {seconds / unit:8.1f} times", flush=True)


if __name__ == "__main__":
    main()
