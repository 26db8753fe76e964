"""Sample books: the beginning of some novels, rendered in a folder of its own."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.measure import THIS_CHECKOUT, Checkout, Cost, measure
from pipeline.app.preparation import attribute_speakers
from pipeline.casting.voices_file.loading import load
from pipeline.ingest.reader import read
from pipeline.tts.engines import registry

CHARACTERS_PER_HOUR = 60_600
"""English prose as eSpeak NG speaks it at 165 words per minute with the default pauses."""
ORIGINAL, EDITED = "lantern", "lanterns"
"""The word in the middle of a book, and the same after an edit."""


class SampleBook:
    """The first `hours` of a text, when spoken, with a cast and a cache in a folder of its own."""

    def __init__(
        self, text: str, hours: float, engine: str, folder: Path, checkout: Checkout = THIS_CHECKOUT
    ):
        self.hours = hours
        self._folder = folder
        self._checkout = checkout
        text = text[: text.find("\n\n", round(hours * CHARACTERS_PER_HOUR))] + "\n"
        middle = text.find("\n\n", len(text) // 2) + 2
        self._halves = text[:middle], text[middle:]
        self._path, self._voices = folder / "book.txt", folder / "voices.yaml"
        self._voices.write_text(f"engine: {engine}\n", encoding="utf-8")
        self.edit(ORIGINAL)

    def edit(self, word: str) -> None:
        """Put a word into the middle of the book."""
        before, after = self._halves
        self._path.write_text(f"{before}There was a {word}.\n\n{after}", encoding="utf-8")

    def run(self, *arguments: str) -> Cost:
        """Measure a command on `book.txt`, `voices.yaml` and `cache`, in their folder."""
        return self._checkout.measure(arguments, self._folder)

    def render(self, options: Sequence[str] = ()) -> Cost:
        """Measure rendering the book."""
        files = ["book.txt", "--voices", "voices.yaml", "--cache", "cache"]
        return self.run("render", *files, "--quiet", *options)

    def clear_cache(self) -> None:
        """Delete everything that was rendered."""
        shutil.rmtree(self._folder / "cache", ignore_errors=True)

    def run_on_lines(self, module: str) -> Cost:
        """Measure another benchmark program on the lines of the rendered book."""
        cast = load(self._voices, registry.names(), registry.voices)
        lines = self._folder / "lines.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for line in attribute_speakers(read(self._path), cast):
                voice = cast.role(line.speaker).voice
                row = {"text": line.text, "voice": voice.id or "gmw/en", "rate": voice.rate}
                file.write(json.dumps({**row, "pause": cast.pauses[line.pause]}) + "\n")
        command = [sys.executable, "-m", module, str(lines), str(self._folder / "other.m4b")]
        return measure(command, cwd=THIS_CHECKOUT.root, stdout=subprocess.DEVNULL)


def joined(novels: Sequence[Path]) -> str:
    """Return the texts of several novels as one."""
    return "\n\n".join(path.read_text(encoding="utf-8") for path in novels)


def books(novels: Sequence[Path], hours: Iterable[float], engine: str) -> Iterator[SampleBook]:
    """Yield a book of each length; its folder is deleted before the next one."""
    text = joined(novels)
    for length in hours:
        with tempfile.TemporaryDirectory() as folder:
            yield SampleBook(text, length, engine, Path(folder))
