"""How long engines take to speak, for forecasts.

`data/engine_speeds.json` has seconds of audio per second on one core of an AMD EPYC, as
`python -m benchmarks.engines` prints them (docs/voices.md).
"""

import json
from collections.abc import Mapping
from functools import cache

from pipeline.core.data import data_path

_UNMEASURED = 20.0
"""What an engine that was not measured is taken to speak in a second, in seconds of audio."""


def synthesis_speed(engine: str) -> float:
    """Return the seconds of audio that an engine speaks in a second on one core."""
    return _speeds().get(engine, _UNMEASURED)


def seconds_to_synthesise(audio: Mapping[str, float], jobs: int) -> dict[str, float]:
    """Return how long so many seconds of audio take, by engine, the longest first.

    An engine that was not measured is left out.
    """
    speeds = _speeds()
    times = {name: audio[name] / speeds[name] / jobs for name in audio.keys() & speeds.keys()}
    return dict(sorted(times.items(), key=lambda item: (-item[1], item[0])))


@cache
def _speeds() -> Mapping[str, float]:
    speeds: dict[str, float] = json.loads(data_path("engine_speeds.json").read_text("utf-8"))
    return speeds
