"""A book of very many hours: the cost of rendering it, and the content of the file.

usage: python -m benchmarks.long NOVEL.txt [NOVEL.txt ...] [--hours 100] [--folder DIR]

The novels are joined and truncated to so many hours, and spoken in one voice by the `tone` engine.
A text that occurs twice would be encoded once, so 100 hours need some twenty novels, and 25 GB of
disk space. The file is read back by PyAV and mutagen.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import av
from mutagen.mp4 import MP4

from benchmarks.books import CHARACTERS_PER_HOUR, joined
from benchmarks.measure import machine, measure

CAST = """engine: tone
narrator: {voice: low}
characters: {Nobody: {voice: low}}
"""
"""One voice: lines with an unidentified speaker are the narrator's."""


def main() -> None:
    """Render, and print the cost and the content of the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, default=100.0)
    parser.add_argument("--folder", type=Path, help="with enough disk space; default: the system's")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        _write(folder / "book.txt", arguments.novels, arguments.hours)
        print(machine(), flush=True)
        _render(folder)
        _read(folder / "book.m4b")


def _write(book: Path, novels: list[Path], hours: float) -> None:
    text = joined(novels)
    length = round(hours * CHARACTERS_PER_HOUR)
    if len(text) < length:
        raise SystemExit(f"these novels last only {len(text) / CHARACTERS_PER_HOUR:.1f} hours")
    book.write_text(text[: text.find("\n\n", length)] + "\n", encoding="utf-8")


def _render(folder: Path) -> None:
    voices = folder / "voices.yaml"
    voices.write_text(CAST, encoding="utf-8")
    files = ["-o", f"{folder}/book.m4b", "--voices", str(voices), "--cache", f"{folder}/cache"]
    command = [sys.executable, "-m", "pipeline", "render", f"{folder}/book.txt", *files]
    free_before = shutil.disk_usage(folder).free
    cost = measure(command)
    print(
        f"{cost.wall:.0f} s wall, {cost.cpu:.0f} s CPU, {cost.memory:.0f} MB of memory; "
        f"{(free_before - shutil.disk_usage(folder).free) / 1e9:.1f} GB of disk space"
    )
    for cache in sorted((folder / "cache").iterdir()):
        size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
        print(f"{cache.name}: {size / 1e9:.2f} GB")


def _read(book: Path) -> None:
    """Read the file with two libraries that had no part in writing its audio."""
    print(f"{book.stat().st_size / 1e9:.2f} GB")
    with av.open(str(book)) as file:
        (stream,) = file.streams.audio
        assert stream.duration is not None
        assert stream.time_base is not None
        seconds = float(stream.duration * stream.time_base)
        marks = file.chapters()
        print(f"PyAV: {seconds / 3600:.4f} hours, {stream.frames:,} packets, {len(marks)} chapters")
        last = marks[-1]
        end = float(last["end"] * last["time_base"])
        print(f"the last chapter, {last['metadata']['title']!r}, ends at {end / 3600:.4f} hours")
        file.seek(round((seconds - 10) * av.time_base))
        decoded = sum(frame.samples for frame in file.decode(stream))
        print(f"{decoded / stream.rate:.1f} s decoded from 10 s before the end")
    mp4 = MP4(book)
    assert mp4.info is not None
    assert mp4.tags is not None
    tags = {name: str(mp4.tags[name][0])[:60] for name in ("©nam", "©ART", "©wrt")}
    print(
        f"mutagen: {mp4.info.length / 3600:.4f} hours, {len(mp4.chapters or ())} chapters, {tags}"
    )


if __name__ == "__main__":
    main()
