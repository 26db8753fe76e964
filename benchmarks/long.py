"""A book of very many hours from end to end: what it costs, and what is in the file.

usage: python -m benchmarks.long NOVEL.txt [NOVEL.txt ...] [--hours 100] [--folder DIR]

The novels are joined and cut to so many hours, and said with one voice by the `tone` engine. A text
that came twice would be encoded once: it takes some twenty novels for 100 hours, and 25 GB of room.
What comes out is read back by PyAV and mutagen.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import av
from mutagen.mp4 import MP4

from benchmarks.measure import CHARACTERS_AN_HOUR, measure

CAST = """engine: tone
narrator: {voice: low}
characters: {Nobody: {voice: low}}
"""
"""One voice: lines that nobody can be named for are the narrator's."""


def main() -> None:
    """Render, and print what was measured and read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, default=100.0)
    parser.add_argument("--folder", type=Path, help="where there is room; default: that of the OS")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        _write(folder / "book.txt", arguments.novels, arguments.hours)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        _render(folder)
        _read(folder / "book.m4b")


def _write(book: Path, novels: list[Path], hours: float) -> None:
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in novels)
    length = round(hours * CHARACTERS_AN_HOUR)
    if len(text) < length:
        raise SystemExit(f"these novels last {len(text) / CHARACTERS_AN_HOUR:.1f} hours only")
    book.write_text(text[: text.find("\n\n", length)] + "\n", encoding="utf-8")


def _render(folder: Path) -> None:
    voices = folder / "voices.yaml"
    voices.write_text(CAST, encoding="utf-8")
    files = ["-o", f"{folder}/book.m4b", "--voices", str(voices), "--cache", f"{folder}/cache"]
    command = [sys.executable, "-m", "pipeline", "render", f"{folder}/book.txt", *files]
    before = shutil.disk_usage(folder).free
    cost = measure(command)
    print(
        f"{cost.wall:.0f} s wall, {cost.cpu:.0f} s CPU, {cost.memory:.0f} MB of memory at most; "
        f"{(before - shutil.disk_usage(folder).free) / 1e9:.1f} GB of room taken"
    )
    for kept in sorted((folder / "cache").iterdir()):
        size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
        print(f"{kept.name}: {size / 1e9:.2f} GB")


def _read(made: Path) -> None:
    """Read the file by two libraries that had no part in writing its audio."""
    print(f"{made.stat().st_size / 1e9:.2f} GB")
    with av.open(str(made)) as file:
        (sound,) = file.streams.audio
        assert sound.duration is not None
        assert sound.time_base is not None
        seconds = float(sound.duration * sound.time_base)
        marks = file.chapters()
        print(f"PyAV: {seconds / 3600:.4f} hours, {sound.frames:,} packets, {len(marks)} chapters")
        last = marks[-1]
        ends = float(last["end"] * last["time_base"])
        print(f"the last chapter, {last['metadata']['title']!r}, ends at {ends / 3600:.4f} hours")
        file.seek(round((seconds - 10) * av.time_base))
        heard = sum(frame.samples for frame in file.decode(sound))
        print(f"{heard / sound.rate:.1f} s decoded from 10 s before the end")
    tags = MP4(made)
    assert tags.info is not None
    assert tags.tags is not None
    named = {name: str(tags.tags[name][0])[:60] for name in ("©nam", "©ART", "©wrt")}
    print(
        f"mutagen: {tags.info.length / 3600:.4f} hours, {len(tags.chapters or ())} listed, {named}"
    )


if __name__ == "__main__":
    main()
