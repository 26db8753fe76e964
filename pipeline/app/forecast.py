"""How much work a render is expected to be, in seconds on an idle machine."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from pipeline.model.cast import Cast
from pipeline.model.script import Line, Script
from pipeline.synthesis.engine_speeds import synthesis_speed
from pipeline.synthesis.takes import Take, estimated_seconds
from pipeline.synthesis.voice_queries import voices_by_speaker
from pipeline.tts.calibration import PASSAGE

_STARTING = 3.0
"""Seconds until processes have started and their engines have loaded voices."""
_MOST_CROWDED = 20.0
_RECORDING_SPEED = 300.0
"""Seconds of audio that one core mixes and encodes in a second (docs/performance.md)."""
_METERING = 0.5
"""Work of mixing a line once more to measure the loudness of its file, beside recording it."""


class Work(NamedTuple):
    """Expected seconds of work: to speak, and to mix and encode what was spoken."""

    speaking: float = 0.0
    recording: float = 0.0

    def plus(self, other: "Work") -> "Work":
        """Return the sum of two."""
        return Work(self.speaking + other.speaking, self.recording + other.recording)


@dataclass(frozen=True, slots=True)
class RenderForecast:
    """The work of a render by `jobs` processes, on its `lines` and on what comes before them.

    `setting_up` is that engines start, and voices are measured. With `metered` files are mixed
    once to be measured, before they are recorded. `afterwards` is the work on what is recorded when
    all lines are finished. Nothing is looked up in the cache: what was spoken before turns out to
    be less work.
    """

    cast: Cast
    jobs: int
    lines: Work
    setting_up: float
    metered: bool = False
    afterwards: float = 0.0

    @classmethod
    def of(
        cls,
        script: Script,
        cast: Cast,
        jobs: int,
        *,
        metered: bool = False,
        recorded_afterwards: float = 0.0,
    ) -> Self:
        """Forecast the render of a script, of which so many seconds are recorded once more."""
        passages = {
            voice: sum(estimated_seconds(text, voice) for text in PASSAGE)
            for voice in voices_by_speaker(cast, script).values()
        }
        measuring = sum(_speaking(s, voice.engine, jobs) for voice, s in passages.items())
        passes = 1 + metered * _METERING
        lines = _total(_line_work(line, cast, jobs) for line in script)
        return cls(
            cast,
            jobs,
            lines._replace(recording=passes * lines.recording),
            _STARTING + measuring,
            metered,
            passes * recorded_afterwards / _RECORDING_SPEED / jobs,
        )

    def of_line(self, line: Line, *, metered: bool = False) -> Work:
        """Return the work of one line; what is left of it, if it has been `metered`."""
        speaking, recording = _line_work(line, self.cast, self.jobs)
        if metered:
            return Work(0.0, recording)
        return Work(speaking, recording * (1 + self.metered * _METERING))

    def of_metered(self, line: Line) -> Work:
        """Return the work of one line until it has been metered."""
        speaking, recording = _line_work(line, self.cast, self.jobs)
        return Work(speaking, recording * _METERING)

    def of_take(self, take: Take) -> float:
        """Return the work of speaking a take."""
        seconds = estimated_seconds(take.text, take.voice)
        return _speaking(seconds, take.voice.engine, self.jobs)

    def measures_voice(self, take: Take) -> bool:
        """Return whether a take is of no line, but measures its voice."""
        return take.text in PASSAGE


def line_seconds(line: Line, cast: Cast) -> float:
    """Estimate the length of a line in seconds, with its pause, by its characters alone."""
    return estimated_seconds(line.text, cast.role(line.speaker).voice) + cast.seconds_after(line)


def _speaking(seconds: float, engine: str, jobs: int) -> float:
    """Return how long an engine is expected to take for so many seconds of audio."""
    return seconds / synthesis_speed(engine) / jobs


def crowding(seconds: float, busy: float) -> float:
    """Return how many times as long work is expected to take, by what else the machine does.

    `busy` is what this process computed in so many seconds: it steps back for others, and the load
    does not say how far.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    waited = seconds / busy if busy > 0 else 1.0
    return max(1.0, load / (os.cpu_count() or 1), min(waited, _MOST_CROWDED))


def _line_work(line: Line, cast: Cast, jobs: int) -> Work:
    voice = cast.role(line.speaker).voice
    speaking = _speaking(estimated_seconds(line.text, voice), voice.engine, jobs)
    return Work(speaking, line_seconds(line, cast) / _RECORDING_SPEED / jobs)


def _total(works: Iterable[Work]) -> Work:
    total = Work()
    for work in works:
        total = total.plus(work)
    return total
