"""Write docs/terminal.svg: a session in a terminal, recorded from a real run.

usage: python -m tools.recording

The commands run in a copy of `examples/` with an empty cache. What they print is shown line by line
at the time it came; pauses are cut, and the last picture stays. Where motion is unwanted, the whole
session is shown at once.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "terminal.svg"
SESSION = (
    "fullcast chapters quay-house.epub",
    "fullcast cast quay-house.epub",
    "fullcast render three-chapters.txt --voices three-chapters.voices.yaml",
    "fullcast tag output/three-chapters.m4b",
)
COLUMNS = 116
_ROW, _CHARACTER, _MARGIN = 19, 8.4, 18  # pixels, at a font size of 14
_LONGEST_PAUSE = 1.5  # seconds
_READING = 0.9  # seconds before the next command
_STYLE = """
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #d6deeb; white-space: pre }
.typed { fill: #ffffff; font-weight: 600 } .prompt { fill: #7fdbca }
g { animation: appear 1ms both }
@keyframes appear { from { opacity: 0 } to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { g { animation: none } }
"""


@dataclass(frozen=True)
class Line:
    """A line of the session, and the seconds after its beginning when it is shown."""

    text: str
    at: float
    typed: bool = False


def record(session: Sequence[str], folder: Path) -> Iterator[Line]:
    """Run the commands in a folder; yield them and what they print."""
    at = 0.0
    for command in session:
        at += _READING
        yield Line(command, at, typed=True)
        last = time.monotonic()
        for text in _printed(command, folder):
            now = time.monotonic()
            at += min(now - last, _LONGEST_PAUSE)
            last = now
            yield Line(text, at)


def _printed(command: str, folder: Path) -> Iterator[str]:
    """Yield the lines that a command prints, as they come."""
    arguments = [sys.executable, "-m", "pipeline", *command.split()[1:]]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "FULLCAST_CACHE": str(folder / "cache"),
        "COLUMNS": str(COLUMNS),
    }
    with subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        yield from (line.rstrip() for line in process.stdout)
    if process.returncode:
        raise SystemExit(f"{command}: exit status {process.returncode}")


def picture(lines: Sequence[Line]) -> str:
    """Return the session as an SVG document."""
    rows = [part for line in lines for part in _wrapped(line)]
    size = f"{COLUMNS * _CHARACTER + 2 * _MARGIN:.0f} {len(rows) * _ROW + 2 * _MARGIN}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">',
            f"<title>A session with fullcast</title><style>{_STYLE}</style>",
            '<rect width="100%" height="100%" rx="8" fill="#011627"/>',
            *(_row(line, _MARGIN + (number + 1) * _ROW - 5) for number, line in enumerate(rows)),
            "</svg>\n",
        ]
    )


def _wrapped(line: Line) -> list[Line]:
    """Return a line as a terminal wraps it."""
    width = COLUMNS - 2 * line.typed  # the prompt
    parts = [line.text[at : at + width] for at in range(0, len(line.text), width)]
    return [Line(part, line.at, line.typed) for part in parts or [""]]


def _row(line: Line, y: int) -> str:
    text = escape(line.text)
    if line.typed:
        text = f'<tspan class="prompt">$ </tspan><tspan class="typed">{text}</tspan>'
    return (
        f'<g style="animation-delay:{line.at:.2f}s">'
        f'<text x="{_MARGIN}" y="{y}" xml:space="preserve">{text}</text></g>'
    )


def main() -> None:
    """Record the session and write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True)
        PICTURE.write_text(picture(list(record(SESSION, folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
