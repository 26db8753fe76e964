"""The render of the whole book that the proof page starts, with its progress."""

import threading
from collections.abc import Callable

from pipeline.app.forecast import RenderForecast
from pipeline.app.order import RenderOrder
from pipeline.app.render import render
from pipeline.core.errors import PipelineError, Problem
from pipeline.model.script import Line, Script
from pipeline.synthesis.takes import Take

_LONGEST_STOP = 20.0
"""Seconds in which a render that is stopped ends with its line, and removes what it has begun."""


class _StoppedError(Exception):
    """The render was stopped."""


class BackgroundRender:
    """Renders in a thread; `notify` is called when there is news, at most once a percent.

    `order` returns what is to be rendered, when a render begins.

    `state` is what a page shows: `running`, `done` (0 to 1), and in the end `result` or `error`.
    """

    def __init__(self, order: Callable[[], RenderOrder], notify: Callable[[], None]):
        self._order, self._notify = order, notify
        self._lock = threading.Lock()
        self._total = self._finished = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        self.state: dict[str, object] = {"running": False}

    def start(self) -> None:
        """Begin, if no render is running."""
        with self._lock:
            if self.state["running"] or self._stopped:
                return
            self.state = {"running": True, "done": 0.0, "warnings": []}
            self._finished = 0
            self._thread = threading.Thread(target=self._run, daemon=True, name="render")
            self._thread.start()
        self._notify()

    def stop(self) -> None:
        """End a render that is running, so that it leaves no working folder; begin no other."""
        with self._lock:
            self._stopped = True
        if self._thread is not None:
            self._thread.join(_LONGEST_STOP)

    def _run(self) -> None:
        try:
            result = render(self._order(), self)
        except PipelineError as error:
            self._end({"error": str(error)})
        except _StoppedError:
            self._end({"error": "stopped"})
        except Exception:
            self._end({"error": "the render failed; run it as a command to see why"})
            raise
        else:
            self._end({"result": str(result.out), "seconds": round(result.seconds, 1)})

    def _end(self, outcome: dict[str, object]) -> None:
        warnings = self.state.get("warnings", [])
        self.state = {"running": False, "warnings": warnings, **outcome}
        self._notify()

    def started(self, script: Script, forecast: RenderForecast) -> None:
        """Count the characters that are going to be rendered."""
        self._total = sum(len(line.text) for line in script) or 1

    def clip_spoken(self, take: Take) -> None:
        """Do nothing: the page shows how many lines are finished."""

    def line_metered(self, line: Line) -> None:
        """Go on, unless the render was stopped."""
        self._raise_stopped()

    def line_finished(self, line: Line, seconds: float) -> None:
        """Count a finished line."""
        self._raise_stopped()
        with self._lock:
            before = 100 * self._finished // self._total
            self._finished += len(line.text)
            if 100 * self._finished // self._total == before:
                return
            self.state = {**self.state, "done": round(self._finished / self._total, 3)}
        self._notify()

    def warning(self, problem: Problem) -> None:
        """Keep a warning for the page."""
        with self._lock:
            warnings = self.state["warnings"]
            assert isinstance(warnings, list)
            self.state = {**self.state, "warnings": [*warnings, str(problem)]}

    def _raise_stopped(self) -> None:
        if self._stopped:
            raise _StoppedError
