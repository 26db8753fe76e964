"""Forecasts of how long engines speak."""

import pytest

from pipeline.core.messages import duration
from pipeline.synthesis.engine_speeds import seconds_to_synthesise


def test_the_slowest_engine_decides_and_comes_first():
    times = seconds_to_synthesise({"hibari": 36_000.0, "kokoro": 3_600.0}, jobs=2)
    assert list(times) == ["kokoro", "hibari"]
    assert times["kokoro"] > 5 * times["hibari"]


def test_more_cores_take_less_time():
    audio = {"piper": 7_200.0}
    assert seconds_to_synthesise(audio, 4)["piper"] == pytest.approx(
        seconds_to_synthesise(audio, 1)["piper"] / 4
    )


def test_an_engine_that_was_not_measured_is_left_out():
    assert seconds_to_synthesise({"organ": 60.0, "hibari": 2_050.0}, 1) == {"hibari": 10.0}
    assert duration(sum(seconds_to_synthesise({"organ": 60.0}, 1).values())) == "0 s"
