"""The time left is shown from the tenth second on, and true within a factor of two."""

import random
from collections.abc import Iterator

import pytest

from pipeline.app.forecast import Work
from pipeline.cli.pace import Pace

LINES = 1_000
LINE = Work(0.1, 0.02)
AHEAD = 64  # clips that are spoken before the line that is finished next


def estimates(
    slowness: float, *, crowding: float = 1.0, start: float = 0.0, cached: int = 0
) -> Iterator[tuple[float, float]]:
    """Yield the estimated and the true seconds left, each second from the tenth on."""
    pace = Pace(Work(LINES * LINE.speaking, LINES * LINE.recording), 0.0, crowding)
    events = []
    now = start
    for number in range(LINES):
        now += (LINE.recording if number < cached else sum(LINE)) * slowness
        events.append((now, number))
    second, spoken = 10.0, cached
    for now, number in events:
        while second < now:
            yield pace.seconds_left(second), events[-1][0] - second
            second += 1
        while spoken < min(LINES, number + AHEAD) and spoken <= number:
            pace.clip_spoken(now, LINE.speaking)
            spoken += 1
        pace.line_finished(now, LINE)


@pytest.mark.parametrize("slowness", [0.5, 1.0, 3.0, 12.0])
def test_an_even_pace_is_estimated_within_a_factor_of_two(slowness: float) -> None:
    told = [(left, true) for left, true in estimates(slowness) if true > 5]
    assert told
    for left, true in told:
        assert 0.5 < left / true < 2


@pytest.mark.parametrize("slowness", [1.0, 6.0])
def test_engines_that_start_late_are_forecast_by_how_busy_the_machine_is(slowness: float) -> None:
    """Nothing has been spoken by the tenth second."""
    for left, true in estimates(slowness, crowding=slowness, start=25.0):
        if true > 5:
            assert 0.5 < left / true < 2


def test_cached_lines_are_finished_without_being_spoken() -> None:
    told = list(estimates(3.0, cached=800))
    for left, true in told[10:]:
        if true > 5:
            assert 0.4 < left / true < 2.5
    assert Pace(Work(100.0, 20.0)).seconds_left(0.0) == pytest.approx(120.0)


def test_clips_that_are_spoken_ahead_show_how_slow_the_machine_is() -> None:
    pace = Pace(Work(100.0, 10.0), 0.0, crowding=5.0)
    assert pace.seconds_left(10.0) == pytest.approx(550.0)
    for second in range(11, 41):  # as fast as forecast, whatever the load
        pace.clip_spoken(float(second), 1.0)
    assert pace.seconds_left(40.0) == pytest.approx(110.0, rel=0.2)


def test_what_comes_before_all_lines_is_no_work_once_one_is_finished() -> None:
    pace = Pace(Work(10.0, 10.0), setting_up=30.0)
    assert pace.seconds_left(0.0) == pytest.approx(50.0)
    pace.line_finished(1.0, Work(0.0, 1.0))
    assert pace.seconds_left(1.0) == pytest.approx(19.0)


def test_a_slower_second_half_takes_over() -> None:
    pace = Pace(Work(0.0, 200.0))
    line = Work(0.0, 1.0)
    randomly = random.Random(1)
    now = 0.0
    for number in range(160):
        now += (1.0 if number < 80 else 4.0) * randomly.uniform(0.8, 1.2)
        pace.line_finished(now, line)
    assert pace.seconds_left(now) == pytest.approx(160.0, rel=0.3)


@pytest.mark.parametrize("start", [13.0, 20.0, 26.0])
def test_a_cold_start_is_expected_to_take_half_as_long_again(start: float) -> None:
    """The forecast says 3 s of it; disks that have to be read say otherwise."""
    pace = Pace(Work(9.0, 1.0), setting_up=3.0, began=0.0)
    for second in range(10, int(start)):
        left = pace.seconds_left(float(second))
        assert 0.5 < left / (start - second + 10) < 2.2


def test_what_is_recorded_after_the_lines_counts() -> None:
    without, with_sample = (Pace(Work(10.0, 5.0), afterwards=more) for more in (0.0, 4.0))
    for pace in (without, with_sample):
        for second in range(10):
            pace.clip_spoken(second, 1.0)
            pace.line_finished(second, Work(1.0, 0.5))
    assert without.seconds_left(9.0) == 0.0
    assert 1.5 < with_sample.seconds_left(9.0) < 4.5


def test_clips_that_measure_voices_are_no_lines() -> None:
    """A short book with many voices has more to be measured than to be read."""
    pace = Pace(Work(20.0, 1.0), setting_up=15.0, began=0.0)
    before = pace.seconds_left(0.0)
    for second in range(15):
        pace.clip_spoken(float(second), 1.0, measures_voice=True)
    assert 15.0 < pace.seconds_left(15.0) < before
