"""The time left that a render tells, and what it really was.

usage: python -m benchmarks.time_left NOVEL.txt [--engine hibari] [--characters 60000] [OPTION...]

Other options are those of `fullcast render`, such as `--split`.

The beginning of the novel is rendered with an empty cache and stderr piped. For each line of
progress: seconds since the start, seconds left as told, seconds that it took, and their ratio. The
last five seconds are not counted, in which told times are rounded to nothing.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_LEFT = re.compile(r"(?:(\d+) h )?(?:(\d+) min )?(?:(\d+) s )?left")
_UNCOUNTED = 5.0


def main() -> None:
    """Render, and print what was told and what was true."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novel", type=Path)
    parser.add_argument("--engine", default="hibari")
    parser.add_argument("--characters", type=int, default=60_000)
    arguments, options = parser.parse_known_args()
    text = arguments.novel.read_text(encoding="utf-8")[: arguments.characters]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "book.txt").write_text(text, encoding="utf-8")
        cast = f"engine: {arguments.engine}\ncharacters: {{}}\n"
        Path(folder, "voices.yaml").write_text(cast, encoding="utf-8")
        rows, end = _render(Path(folder), options)
    print(f"{arguments.engine}, {len(text):,} characters, {end:.0f} s\n\n   at  told  true  ratio")
    ratios = []
    for at, told in rows:
        true = end - at
        shown = "    -      " if told is None else f"{told:5.0f}"
        ratio = "" if told is None else f"{told / true:6.2f}"
        print(f"{at:5.0f} {shown} {true:5.0f} {ratio}")
        if told is not None and true > _UNCOUNTED:
            ratios.append(told / true)
    if ratios:
        print(f"ratios from {min(ratios):.2f} to {max(ratios):.2f}")


def _render(folder: Path, options: Sequence[str]) -> tuple[list[tuple[float, float | None]], float]:
    """Return the lines of progress, as seconds and seconds left, and when the render ended."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pipeline", "render", "book.txt", *options]
    paths = os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "FULLCAST_CACHE": str(folder / "cache"), "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    rows = [(time.monotonic() - began, left) for line in process.stderr for left in _left(line)]
    assert process.wait() == 0, "the render failed"
    return rows, time.monotonic() - began


def _left(line: str) -> Iterator[float | None]:
    """Yield the seconds left that a line of progress tells, None if it tells none."""
    if "times real time" not in line:
        return
    match = _LEFT.search(line)
    hours, minutes, seconds = (int(text or 0) for text in match.groups()) if match else (0, 0, 0)
    yield 3600 * hours + 60 * minutes + seconds if match else None


if __name__ == "__main__":
    main()
