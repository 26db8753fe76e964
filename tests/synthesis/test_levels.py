"""Voices are levelled to one loudness, and their clips to that of their voice."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing, meter
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.synthesis.levels import (
    LOUDEST_GAIN,
    MOST_EVENED,
    VoiceLevel,
    VoiceLoudness,
    level,
    levelling_gain,
)
from signals import sine


def test_silence_gets_no_gain() -> None:
    silent = Clip(bytes(88_200), 22_050)
    assert levelling_gain(meter.loudness(silent), -20.0) == 0.0
    assert levelling_gain(-65.0, -20.0) == LOUDEST_GAIN
    assert VoiceLevel(3.0).of(sine(1.0)) == 3.0, (
        "a voice that could not be measured levels no clips"
    )
    assert VoiceLevel(3.0, -20.0).of(silent) == 3.0


@pytest.mark.parametrize("target", [-20.0, -18.5])
def test_all_voices_come_to_the_target(target: float) -> None:
    """Whatever their own level; volume counts from there."""
    clips = {Voice("tone", "quiet"): sine(3.0, -35.0), Voice("tone", "loud"): sine(3.0, -6.0)}
    half = replace(next(iter(clips)), volume=0.5)
    clips[half] = sine(3.0, -35.0)
    levels = level([*clips, *clips], lambda voice: VoiceLoudness.heard([clips[voice]]), target)
    for voice, clip in clips.items():
        expected = target if voice is not half else target - 6.02
        raised = meter.loudness(clip) + levels.voices[voice].gain
        assert raised == pytest.approx(expected, abs=0.01)


def test_the_book_has_the_highest_rate_of_its_voices() -> None:
    clips = {Voice("a"): sine(1.0, rate=16_000), Voice("b"): sine(1.0, rate=24_000)}
    assert level(clips, lambda voice: VoiceLoudness.heard([clips[voice]]), -20.0).rate == 24_000


@given(
    st.floats(-MOST_EVENED, MOST_EVENED),
    st.floats(meter.SHORTEST + 0.11, 4.0),
    st.sampled_from([16_000, 22_050, 24_000]),
)
def test_clips_of_a_voice_come_to_its_loudness(off: float, seconds: float, rate: int) -> None:
    """However loud the engine said it, and at whatever rate."""
    own = -26.0
    clip = sine(seconds, own + 3.01 + off, rate=rate)
    heard = editing.faded(clip, VoiceLevel(6.0, own).of(clip))
    assert meter.loudness(heard) == pytest.approx(-20.0, abs=0.2)


@pytest.mark.parametrize(("off", "evened"), [(-15.0, MOST_EVENED), (12.0, -MOST_EVENED)])
def test_a_clip_that_is_far_off_keeps_some_of_it(off: float, evened: float) -> None:
    clip = sine(1.0, -23.0 + off)
    assert VoiceLevel(4.0, -26.01).of(clip) == pytest.approx(4.0 + evened)


def test_a_clip_too_short_to_be_measured_is_raised_as_its_voice_is() -> None:
    assert VoiceLevel(4.0, -26.0).of(sine(0.39, -10.0)) == 4.0
    assert VoiceLevel(4.0, -26.0).raised(-6.0).of(sine(0.39, -10.0)) == -2.0
    assert meter.loudness(Clip(b"", 22_050)) == -inf
    assert np.isfinite(meter.loudness(sine(0.41)))
