"""How a render is going, on stderr."""

import sys
import threading
import time
from typing import Self

import click

from pipeline.cli.stderr import tell
from pipeline.core.errors import Problem
from pipeline.core.messages import duration
from pipeline.model.characters import UNKNOWN
from pipeline.model.script import Line, Script

EVERY = 10.0
"""Seconds between two lines of progress when nobody watches a terminal."""


class Quiet:
    """Says nothing but warnings; counts for the others."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.seconds = 0.0
        self.unknown = 0
        self._characters = self._characters_done = 0
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def begins(self, script: Script) -> None:
        """Hear what is to be rendered."""
        self.total = len(script.lines)
        self.unknown = sum(line.speaker == UNKNOWN for line in script)
        self._characters = sum(len(line.text) for line in script)

    def laid(self, line: Line, seconds: float) -> None:
        """Count a line."""
        with self._lock:
            self.done += 1
            self.seconds += seconds
            self._characters_done += len(line.text)
            self.show()

    def warns(self, problem: Problem) -> None:
        """Pass on a warning."""
        tell(problem)

    def show(self) -> None:
        """Show where we are."""

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def told(self) -> str:
        """Tell where we are in words; time left goes by the characters that are still to come."""
        share = self._characters_done / max(1, self._characters)
        left = self.elapsed / share - self.elapsed if share else 0.0
        return (
            f"{self.done:,} of {self.total:,} lines, {duration(self.seconds)} of audio, "
            f"{self.seconds / max(self.elapsed, 1e-3):,.0f} times real time, {duration(left)} left"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing on the terminal."""


class Plain(Quiet):
    """A line now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._next = EVERY

    def show(self) -> None:
        """Print a line if it is time for one."""
        if self.elapsed >= self._next:
            self._next = self.elapsed + EVERY
            click.echo(self.told(), err=True)


class Live(Quiet):
    """A bar that moves."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console  # noqa: PLC0415 - not needed without a terminal
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

        self._bar = Progress(
            BarColumn(24),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("reading", total=None)

    def show(self) -> None:
        """Move the bar."""
        self._bar.update(self._task, total=self.total, completed=self.done, description=self.told())

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()


def progress(quiet: bool) -> Quiet:
    """Give the progress that suits where stderr goes."""
    if quiet:
        return Quiet()
    return Live() if sys.stderr.isatty() else Plain()
