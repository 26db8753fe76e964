"""Voices are measured against reference signals and levelled to one loudness."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipeline.engines.base import Clip, Voice
from pipeline.loudness import LOUDEST_GAIN, TARGET, level, levelling_gain, measure
from signals import sine


@pytest.mark.parametrize("dbfs", [-40.0, -23.0, -10.0])
@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_the_meter_reads_what_the_standard_says(dbfs: float, rate: int) -> None:
    """ITU-R BS.1770: a sine of 997 Hz in one channel at 0 dBFS reads -3.01 LKFS."""
    assert measure(sine(3.0, dbfs, rate=rate)) == pytest.approx(dbfs - 3.01, abs=0.15)


def test_silence_gets_no_gain() -> None:
    assert levelling_gain(measure(Clip(bytes(88_200), 22_050))) == 0.0
    assert levelling_gain(-65.0) == LOUDEST_GAIN


def test_all_voices_come_to_the_target() -> None:
    """Whatever their own level; volume counts from there."""
    clips = {Voice("tone", "quiet"): sine(3.0, -35.0), Voice("tone", "loud"): sine(3.0, -6.0)}
    half = replace(next(iter(clips)), volume=0.5)
    clips[half] = sine(3.0, -35.0)
    with ThreadPoolExecutor(2) as threads:
        levels = level([*clips, *clips], clips.__getitem__, threads)
    for voice, clip in clips.items():
        expected = TARGET if voice is not half else TARGET - 6.02
        assert measure(clip) + levels.gains[voice] == pytest.approx(expected, abs=0.01)


def test_the_book_has_the_highest_rate_of_its_voices() -> None:
    clips = {Voice("a"): sine(1.0, rate=16_000), Voice("b"): sine(1.0, rate=24_000)}
    with ThreadPoolExecutor(1) as threads:
        assert level(clips, clips.__getitem__, threads).rate == 24_000
