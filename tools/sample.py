"""Write docs/sample.opus: a few paragraphs of the demo, rendered with kokoro.

usage: python -m tools.sample
"""

import subprocess
import sys
from pathlib import Path

from mutagen.oggopus import OggOpus

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "docs" / "sample.opus"
FIRST, LAST = '"You will do no such thing,"', "bell that's gone."
TAGS = ("--title", "The Bell of Saint Orrin", "--author", "Fullcast")


def excerpt() -> str:
    """Return the paragraphs that are rendered."""
    book = (ROOT / "examples" / "three-chapters.txt").read_text(encoding="utf-8")
    return book[book.index(FIRST) : book.index(LAST) + len(LAST)] + '"\n'


def render() -> None:
    """Render the excerpt, and take the cover out: it is larger than the audio."""
    cast = ROOT / "examples" / "sample.voices.yaml"
    command = ("-m", "pipeline", "render", "-", "--voices", cast, "-o", SAMPLE, *TAGS)
    subprocess.run([sys.executable, *command], cwd=ROOT, input=excerpt(), text=True, check=True)
    file = OggOpus(SAMPLE)
    file.pop("metadata_block_picture", None)
    file.save(padding=lambda _: 0)


if __name__ == "__main__":
    render()
