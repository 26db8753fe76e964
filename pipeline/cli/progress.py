"""The progress of a render, on stderr."""

import sys
import threading
import time
from collections import Counter
from typing import Self

import click

from pipeline.app.cast_report import count_doubts
from pipeline.app.forecast import RenderForecast, Work, crowding
from pipeline.cli import log
from pipeline.cli.doubts import doubtful_chapters
from pipeline.cli.pace import Pace
from pipeline.cli.stderr import warn
from pipeline.core.errors import Problem
from pipeline.core.messages import count, duration
from pipeline.model.characters import UNKNOWN
from pipeline.model.script import Line, Script
from pipeline.synthesis.takes import Take

EVERY = 10.0
"""Seconds between two lines of progress where stderr is not a terminal."""


class Quiet:
    """Counts clips, lines and chapters, and prints nothing but warnings."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.seconds = 0.0
        self.unknown = self.doubtful = self.speeches = 0
        self.doubtful_chapters = ""
        self._started, self._busy = time.monotonic(), time.process_time()
        self._lines_left: Counter[int] = Counter()
        self._chapters = self._chapters_done = 0
        self._forecast: RenderForecast | None = None
        self._metered: set[int] = set()  # identities of lines
        self._pace = Pace(Work())
        self._lock = threading.RLock()

    def started(self, script: Script, forecast: RenderForecast) -> None:
        """Count the lines that are going to be rendered."""
        with self._lock:
            self._count(script)
            self._forecast = forecast
            now = time.monotonic()
            self._pace = Pace(
                forecast.lines, forecast.setting_up, self._crowding(), now, forecast.afterwards
            )

    def _crowding(self) -> float:
        return crowding(self.elapsed, time.process_time() - self._busy)

    def _count(self, script: Script) -> None:
        self.total = len(script.lines)
        self.doubtful, self.speeches = count_doubts(script)
        self.doubtful_chapters = doubtful_chapters(script)
        self.unknown = sum(line.speaker == UNKNOWN for line in script)
        self._lines_left = Counter(line.chapter for line in script)
        self._chapters, self._chapters_done = len(self._lines_left), 0
        log.note(f"script of {self.total:,} lines")

    def clip_spoken(self, take: Take) -> None:
        """Count a clip that was spoken."""
        with self._lock:
            if (forecast := self._forecast) is not None:
                measures_voice = forecast.measures_voice(take)
                work = forecast.of_take(take)
                self._pace.clip_spoken(time.monotonic(), work, measures_voice=measures_voice)

    def line_metered(self, line: Line) -> None:
        """Count a line that was mixed to be measured, the first time."""
        with self._lock:
            if self._forecast is not None and id(line) not in self._metered:
                self._metered.add(id(line))
                self._pace.line_finished(time.monotonic(), self._forecast.of_metered(line))
            self.show()

    def line_finished(self, line: Line, seconds: float) -> None:
        """Count a finished line."""
        with self._lock:
            self.done += 1
            self.seconds += seconds
            self._lines_left[line.chapter] -= 1
            self._chapters_done += self._lines_left[line.chapter] == 0
            if self._forecast is not None:
                work = self._forecast.of_line(line, metered=id(line) in self._metered)
                self._pace.line_finished(time.monotonic(), work)
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
        """Describe the progress: chapters and lines that are finished, and the time left."""
        if self._forecast is None:
            return "finding who speaks"
        return (
            f"{self._chapters_done:,} of {count(self._chapters, 'chapter')}, "
            f"{self.done:,} of {self.total:,} lines, {duration(self.seconds)} of audio, "
            f"{self.seconds / max(self.elapsed, 1e-3):,.0f} times real time"
            f"{self._time_left()}"
        )

    def _time_left(self) -> str:
        """Describe what is left: a time or, after all lines, what is going on."""
        if self.done >= self.total:
            return ", writing the files"
        if self.elapsed < EVERY:
            return ""
        return f", {duration(self._pace.seconds_left(time.monotonic()))} left"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing on the terminal."""


class Plain(Quiet):
    """Prints a line now and then, whether or not anything has been finished since."""

    def __init__(self) -> None:
        super().__init__()
        self._next = EVERY
        self._ended = threading.Event()

    def show(self) -> None:
        """Print a line when one is due."""
        with self._lock:
            if self.elapsed >= self._next:
                self._next = self.elapsed + EVERY
                click.echo(self.summary(), err=True)

    def __enter__(self) -> Self:
        threading.Thread(target=self._keep_showing, daemon=True, name="progress").start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread that shows the progress."""
        self._ended.set()

    def _keep_showing(self) -> None:
        while not self._ended.wait(1):
            self.show()


class Live(Quiet):
    """Moves a bar, which is drawn again and again by a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console  # noqa: PLC0415 - not needed without a terminal
        from rich.progress import BarColumn, Progress, RenderableColumn  # noqa: PLC0415

        self._bar = Progress(
            BarColumn(24),
            RenderableColumn(_Current(self)),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("reading", total=None)

    def show(self) -> None:
        """Move the bar."""
        self._bar.update(self._task, total=self.total, completed=self.done)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._bar.stop()


class _Current:
    """The progress as it is whenever the bar is drawn."""

    def __init__(self, listener: Quiet):
        self._listener = listener

    def __rich__(self) -> str:
        return self._listener.summary()


def progress(quiet: bool) -> Quiet:
    """Return the kind of progress that suits where stderr goes."""
    if quiet:
        return Quiet()
    return Live() if sys.stderr.isatty() else Plain()
