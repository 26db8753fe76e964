"""The progress of a render, on stderr."""

import sys
import threading
import time
from typing import Self

import click

from pipeline.app.cast_report import count_doubts
from pipeline.cli import log
from pipeline.cli.pace import Pace
from pipeline.cli.stderr import warn
from pipeline.core.errors import Problem
from pipeline.core.messages import duration
from pipeline.model.characters import UNKNOWN
from pipeline.model.script import Line, Script

EVERY = 10.0
"""Seconds between two lines of progress where stderr is not a terminal."""


class Quiet:
    """Counts lines, and prints nothing but warnings."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.seconds = 0.0
        self.unknown = self.doubtful = self.speeches = 0
        self._characters = self._characters_done = 0
        self._started = time.monotonic()
        self._pace = Pace()
        self._lock = threading.Lock()

    def started(self, script: Script) -> None:
        """Count the lines that are going to be rendered."""
        self.total = len(script.lines)
        self.doubtful, self.speeches = count_doubts(script)
        self.unknown = sum(line.speaker == UNKNOWN for line in script)
        self._characters = sum(len(line.text) for line in script)
        log.note(f"script of {self.total:,} lines")

    def line_finished(self, line: Line, seconds: float) -> None:
        """Count a finished line."""
        with self._lock:
            self.done += 1
            self.seconds += seconds
            self._characters_done += len(line.text)
            self._pace.add(time.monotonic(), self.done, self._characters_done)
            self.show()

    def warning(self, problem: Problem) -> None:
        """Print a warning."""
        warn(problem)

    def show(self) -> None:
        """Show the progress."""

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def summary(self) -> str:
        """Describe the progress, with the time left once it can be estimated."""
        left = self._pace.seconds_left(
            time.monotonic(), self.done, self._characters_done, self._characters
        )
        return (
            f"{self.done:,} of {self.total:,} lines, {duration(self.seconds)} of audio, "
            f"{self.seconds / max(self.elapsed, 1e-3):,.0f} times real time"
            f"{'' if left is None else f', {duration(left)} left'}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing on the terminal."""


class Plain(Quiet):
    """Prints a line now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._next = EVERY

    def show(self) -> None:
        """Print a line when one is due."""
        if self.elapsed >= self._next:
            self._next = self.elapsed + EVERY
            click.echo(self.summary(), err=True)


class Live(Quiet):
    """Moves a bar."""

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
        self._bar.update(
            self._task, total=self.total, completed=self.done, description=self.summary()
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._bar.stop()


def progress(quiet: bool) -> Quiet:
    """Return the kind of progress that suits where stderr goes."""
    if quiet:
        return Quiet()
    return Live() if sys.stderr.isatty() else Plain()
