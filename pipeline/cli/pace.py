"""How long a render will take: by a forecast, which gives way to its pace of late."""

from collections import deque
from math import inf

from pipeline.app.forecast import Work

_FORECAST_WEIGHT = 0.5
"""Seconds of work for which the forecast counts, beside those that were measured."""
_MORE = 0.5
"""How much longer a start takes that has taken long already, as a share of what it took."""
_WINDOW = 30
"""Seconds to look back: cached lines come first or in between, and say nothing of the others."""


class _Rate:
    """Measures how long some work takes of late."""

    def __init__(self) -> None:
        self.done = 0.0
        self._samples: deque[tuple[float, float]] = deque(maxlen=_WINDOW + 1)

    def add(self, now: float, work: float) -> None:
        """Count work that is done by the time `now`; what is done is kept once a second."""
        self.done += work
        if not self._samples or now - self._samples[-1][0] >= 1:
            self._samples.append((now, self.done))

    def slowness(self, now: float, forecast: float) -> float:
        """Return the seconds that a second of work takes; as forecast while little is done."""
        began, done_before = self._samples[0] if self._samples else (now, self.done)
        measured, work = now - began, self.done - done_before
        return (_FORECAST_WEIGHT * forecast + measured) / (_FORECAST_WEIGHT + work)


class Pace:
    """Estimates the time left of the expected work on lines, of which it hears as it is done.

    `setting_up` is the work before any line is finished; it began at the time `began`, and what has
    taken longer than that is expected to take half as long again. `afterwards` is the work after
    the last line. `crowding` is how many times as long as expected work takes until that has been
    measured. Clips are spoken ahead of the lines that are finished, and those of cached lines are
    not spoken at all; what lasts longer decides: speaking the other clips, or finishing the other
    lines.
    """

    def __init__(
        self,
        lines: Work,
        setting_up: float = 0.0,
        crowding: float = 1.0,
        began: float = inf,
        afterwards: float = 0.0,
    ) -> None:
        self._lines, self._setting_up, self._crowding = lines, setting_up, crowding
        self._began, self._afterwards = began, afterwards
        self._finished, self._spoken = Work(), 0.0  # the latter: of the finished lines
        self._measured = 0.0  # speaking that is of no line
        self._speaking, self._finishing = _Rate(), _Rate()

    def clip_spoken(self, now: float, work: float, *, measures_voice: bool = False) -> None:
        """Count a clip that was spoken by the time `now`, in seconds."""
        self._speaking.add(now, work)
        self._measured += work * measures_voice

    def line_finished(self, now: float, work: Work) -> None:
        """Count a line that is finished by the time `now`, in seconds."""
        spoken = min(work.speaking, self._lines_spoken - self._spoken)  # none, if it was cached
        self._spoken += spoken
        self._finished = self._finished.plus(work)
        self._finishing.add(now, spoken + work.recording)

    def seconds_left(self, now: float) -> float:
        """Estimate the seconds until all is finished."""
        speaking = self._speaking.slowness(now, self._crowding)
        finishing = self._finishing.slowness(now, speaking)
        to_speak = self._lines.speaking - max(self._finished.speaking, self._lines_spoken)
        to_finish = sum(self._lines) - sum(self._finished)
        left = max(0.0, to_speak * speaking, to_finish * finishing) + self._afterwards * finishing
        if any(self._finished):
            return left
        setting_up = max(0.0, self._setting_up - self._measured)
        return left + max(setting_up * finishing, _MORE * (now - self._began))

    @property
    def _lines_spoken(self) -> float:
        """The speaking that is done, of lines alone."""
        return self._speaking.done - self._measured
