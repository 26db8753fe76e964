"""Read a book and print in a line what comes of it, as a process of its own: see `hostile`."""

import resource
import sys
from pathlib import Path

from pipeline.core.errors import PipelineError
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest import reader

LIMIT = 60
"""Seconds of CPU time after which the process is stopped."""


def main(path: Path) -> None:
    """Read a book; of one that is called `script`, attribute the speeches too."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    try:
        book = reader.read(path)
        lines = len(list(attribute(book, ()))) if path.stem == "script" else 0
    except PipelineError as error:
        print(f"refused: {error}".splitlines()[0])
    else:
        size = f"{len(book.text):,} characters, {len(book.chapters):,} chapters"
        print(f"read: {size}{f', {lines:,} lines' if lines else ''}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
