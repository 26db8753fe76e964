"""The time left is shown once it is worth something."""

import pytest

from pipeline.cli.pace import MIN_LINES, MIN_SECONDS, Pace

TOTAL = 100_000


def told(finished: list[tuple[float, int]], characters: int = 100) -> list[tuple[float, float]]:
    """What is estimated when: lines of `characters` each, as (seconds, lines so far)."""
    pace, estimates = Pace(), []
    for now, lines in finished:
        pace.add(now, lines, lines * characters)
        left = pace.seconds_left(now, lines, lines * characters, TOTAL)
        if left is not None:
            estimates.append((now, left))
    return estimates


def test_nothing_is_told_from_the_first_lines() -> None:
    """They come late, once all voices have been measured."""
    assert told([(40.0, 1), (40.5, 2), (42.0, 5)]) == []
    assert told([(40.0 + n, n) for n in range(1, MIN_LINES)]) == [], "slow engines"


@pytest.mark.parametrize("start", [0.0, 3.0, 300.0])
@pytest.mark.parametrize("speed", [2.1, 10.0, 50.0])
def test_an_even_pace_is_estimated_within_a_factor_of_two(start: float, speed: float) -> None:
    times = [(start + n / 10, int(n / 10 * speed)) for n in range(int(10 * 1_000 / speed))]
    estimates = told(times)
    assert estimates
    assert estimates[0][0] >= start + MIN_SECONDS
    end = start + 1_000 / speed
    for now, left in estimates:
        if end - now > 1:
            assert 0.5 < left / (end - now) < 2


def test_a_burst_of_cached_lines_is_forgotten() -> None:
    burst = [(0.1, 500)]
    slow = [(1.0 + n, 500 + n // 2) for n in range(1, 301)]
    now, left = told(burst + slow)[-1]
    assert left == pytest.approx((1_000 - 500 - 150) * 2, rel=0.2), now
