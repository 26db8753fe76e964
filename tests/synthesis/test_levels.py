"""Levelling of voices to a target, and of clips to the loudness of their voice."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing, meter
from pipeline.model.clip import Clip
from pipeline.model.script import Kind, Line
from pipeline.model.voice import Voice
from pipeline.synthesis.levels import (
    MAX_CLIP_CORRECTION,
    MAX_VOICE_GAIN,
    LineLevels,
    VoiceLevel,
    VoiceLevels,
    VoiceLoudness,
    level_voices,
    levelling_gain,
)
from signals import sine


def test_silence_gets_no_gain() -> None:
    silent = Clip(bytes(88_200), 22_050)
    assert levelling_gain(meter.integrated_loudness(silent), -20.0) == 0.0
    assert levelling_gain(-65.0, -20.0) == MAX_VOICE_GAIN
    assert VoiceLevel(3.0).clip_gain(sine(1.0)) == 3.0, (
        "without a measured loudness, clips are not levelled"
    )
    assert VoiceLevel(3.0, -20.0).clip_gain(silent) == 3.0


@pytest.mark.parametrize("target", [-20.0, -18.5])
def test_all_voices_are_levelled_to_the_target(target: float) -> None:
    """Whatever their own level; their volume is relative to the target."""
    clips = {Voice("tone", "quiet"): sine(3.0, -35.0), Voice("tone", "loud"): sine(3.0, -6.0)}
    half = replace(next(iter(clips)), volume=0.5)
    clips[half] = sine(3.0, -35.0)
    levels = level_voices(
        [*clips, *clips], lambda voice: VoiceLoudness.of_clips([clips[voice]]), target
    )
    for voice, clip in clips.items():
        expected = target if voice is not half else target - 6.02
        raised = meter.integrated_loudness(clip) + levels.voices[voice].gain
        assert raised == pytest.approx(expected, abs=0.01)


def test_the_book_has_the_highest_sample_rate_of_its_voices() -> None:
    clips = {Voice("a"): sine(1.0, rate=16_000), Voice("b"): sine(1.0, rate=24_000)}
    levels = level_voices(clips, lambda voice: VoiceLoudness.of_clips([clips[voice]]), -20.0)
    assert levels.rate == 24_000


@given(
    st.floats(-MAX_CLIP_CORRECTION, MAX_CLIP_CORRECTION),
    st.floats(meter.GATING_BLOCK + 0.11, 4.0),
    st.sampled_from([16_000, 22_050, 24_000]),
)
def test_clips_are_levelled_to_the_loudness_of_their_voice(
    off: float, seconds: float, rate: int
) -> None:
    """However loud the engine made it, and at any sample rate."""
    loudness = -26.0
    clip = sine(seconds, loudness + 3.01 + off, rate=rate)
    levelled = editing.fade(clip, VoiceLevel(6.0, loudness).clip_gain(clip))
    assert meter.integrated_loudness(levelled) == pytest.approx(-20.0, abs=0.2)


@pytest.mark.parametrize(
    ("off", "correction"), [(-15.0, MAX_CLIP_CORRECTION), (12.0, -MAX_CLIP_CORRECTION)]
)
def test_the_correction_of_a_clip_is_limited(off: float, correction: float) -> None:
    clip = sine(1.0, -23.0 + off)
    assert VoiceLevel(4.0, -26.01).clip_gain(clip) == pytest.approx(4.0 + correction)


def test_a_clip_too_short_to_measure_gets_the_gain_of_its_voice() -> None:
    assert VoiceLevel(4.0, -26.0).clip_gain(sine(0.39, -10.0)) == 4.0
    assert VoiceLevel(4.0, -26.0).raised(-6.0).clip_gain(sine(0.39, -10.0)) == -2.0
    assert meter.integrated_loudness(Clip(b"", 22_050)) == -inf
    assert np.isfinite(meter.integrated_loudness(sine(0.41)))


@pytest.mark.parametrize(("delivery", "gain"), [(True, -2.0), (False, 4.0)])
def test_a_line_has_the_level_of_its_voice_and_delivery(delivery: bool, gain: float) -> None:
    voice = Voice("tone")
    levels = LineLevels(
        VoiceLevels({voice: VoiceLevel(4.0, -26.0)}, 22_050),
        {"Ann": voice, "Tom": Voice("tone", "low")},
        lambda line: line.delivery if delivery else None,
    )
    whisper = Line("Come here.", "Ann", Kind.SPEECH, 1, delivery="whispering")
    assert levels.of(whisper) == VoiceLevel(gain, -26.0)
    assert levels.has(whisper)
    assert not levels.has(replace(whisper, speaker="Tom"))
