"""How long a render will take, by its pace of late."""

from collections import deque

MIN_SECONDS = 10.0
"""Seconds of work after which an estimate is worth showing."""
MIN_LINES = 20
"""Lines after which it is: the first ones come in a burst, or late, once voices are measured."""
_WINDOW = 60
"""Seconds to look back: cached lines come first or in between, and say nothing of the others."""


class Pace:
    """Estimates the time left from how many lines and characters were finished by when."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int, int]] = deque(maxlen=_WINDOW + 1)

    def add(self, now: float, lines: int, characters: int) -> None:
        """Handle the totals so far at the time `now`, in seconds; one a second is kept."""
        if not self._samples or now - self._samples[-1][0] >= 1:
            self._samples.append((now, lines, characters))

    def seconds_left(self, now: float, lines: int, characters: int, total: int) -> float | None:
        """Estimate the seconds until `total` characters are finished; None if that is a guess."""
        if not self._samples:
            return None
        began, lines_before, characters_before = self._samples[0]
        seconds, finished = now - began, characters - characters_before
        if seconds < MIN_SECONDS or lines - lines_before < MIN_LINES or finished <= 0:
            return None
        return (total - characters) * seconds / finished
