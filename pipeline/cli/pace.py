"""How long a render will take: by a forecast, which gives way to its pace of late."""

from collections import deque

from pipeline.app.forecast import Work

_FORECAST_WEIGHT = 0.5
"""Seconds of work for which the forecast counts, beside those that were measured."""
_WINDOW = 60
"""Seconds to look back: cached lines come first or in between, and say nothing of the others."""


class Pace:
    """Estimates the time left of some expected work, of which it hears as it is done.

    `measuring` is the work of measuring the voices, before any line is finished; `crowding` is how
    many times as long as expected it takes until that has been measured. Clips are spoken ahead of
    the lines that are finished; lines whose clips are cached are not spoken at all.
    """

    def __init__(self, expected: Work, measuring: float = 0.0, crowding: float = 1.0) -> None:
        self._total = expected.speaking + expected.recording + measuring
        self._measuring, self._crowding = measuring, crowding
        self._finished = Work()
        self._spoken = 0.0
        self._samples: deque[tuple[float, float]] = deque(maxlen=_WINDOW + 1)

    def clip_spoken(self, now: float, work: float) -> None:
        """Count a clip that was spoken by the time `now`, in seconds."""
        self._spoken += work
        self._sample(now)

    def line_finished(self, now: float, work: Work) -> None:
        """Count a line that is finished by the time `now`, in seconds."""
        self._finished = self._finished.plus(work)
        self._sample(now)

    def seconds_left(self, now: float) -> float:
        """Estimate the seconds until all is finished."""
        seconds, work = 0.0, 0.0
        if self._samples:  # engines start before the first one
            began, done_before = self._samples[0]
            seconds, work = now - began, self._worked - done_before
        weight = _FORECAST_WEIGHT
        slowness = (weight * self._crowding + seconds) / (weight + work)
        return max(0.0, self._total - self._settled) * slowness

    @property
    def _worked(self) -> float:
        """The work that was done."""
        return self._spoken + self._finished.recording

    @property
    def _settled(self) -> float:
        """The work that was done, or that cached clips saved."""
        finished = self._finished
        spoken = finished.speaking + (self._measuring if finished.recording else 0.0)
        return max(spoken, self._spoken) + finished.recording

    def _sample(self, now: float) -> None:
        """Keep what is done, once a second."""
        if not self._samples or now - self._samples[-1][0] >= 1:
            self._samples.append((now, self._worked))
