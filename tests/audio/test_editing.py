"""Trimming, resampling, gain and fades of clips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing
from pipeline.model.clip import Clip
from signals import clip_of, samples_of, sine


def padded(clip: Clip, head: float, tail: float) -> Clip:
    """Return the clip with so many seconds of silence before and after it."""
    return Clip(
        bytes(2 * round(head * clip.rate)) + clip.pcm + bytes(2 * round(tail * clip.rate)),
        clip.rate,
    )


@given(st.floats(0, 1.5), st.floats(0, 1.5), st.sampled_from([16_000, 22_050, 24_000, 44_100]))
def test_trim_removes_silence_and_no_sound(head: float, tail: float, rate: int) -> None:
    """The whole sound is left, with a margin of a few milliseconds."""
    sound = sine(0.3, rate=rate)
    trimmed = editing.trim(padded(sound, head, tail))
    slack = (editing.MARGIN + editing.STEP + 2) / 1000
    assert sound.seconds - 0.001 <= trimmed.seconds <= sound.seconds + 2 * slack
    assert np.count_nonzero(samples_of(trimmed)) == np.count_nonzero(samples_of(sound))


@pytest.mark.parametrize("frames", [0, 1, 30, 22_050])
def test_trim_leaves_nothing_of_silence(frames: int) -> None:
    assert editing.trim(Clip(bytes(2 * frames), 22_050)).frames == 0


@given(st.integers(1, 3_000), st.floats(-20, 0))
def test_fade_starts_and_ends_at_zero(frames: int, gain: float) -> None:
    """However short the clip, its length is unchanged and its first and last steps are small."""
    loud = clip_of(np.full(frames, 20_000.0))
    faded = samples_of(editing.fade(loud, gain)).astype(int)
    assert len(faded) == frames
    if frames > 2 * 22_050 * editing.FADE // 1000:
        assert abs(faded[0]) <= 400
        assert abs(faded[-1]) <= 400
        assert np.abs(np.diff(faded)).max() <= 400


@pytest.mark.parametrize("gain", [-12.0, -6.0, 3.0])
def test_gain_is_in_decibels(gain: float) -> None:
    before, after = sine(0.5), editing.fade(sine(0.5), gain)
    middle = slice(5_000, 6_000)
    ratio = samples_of(after)[middle].std() / samples_of(before)[middle].std()
    assert 20 * np.log10(ratio) == pytest.approx(gain, abs=0.05)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_resample_preserves_length_pitch_and_level(rate: int) -> None:
    clip = editing.resample(sine(1.0, rate=24_000), rate)
    assert clip.rate == rate
    assert clip.seconds == pytest.approx(1.0, abs=0.001)
    spectrum = np.abs(np.fft.rfft(samples_of(clip)))
    assert np.argmax(spectrum) == pytest.approx(997, abs=1.5)
    assert np.abs(samples_of(clip)).max() == pytest.approx(3_277, rel=0.02)


def test_resample_returns_a_clip_at_the_rate_unchanged() -> None:
    clip = sine(0.1)
    assert editing.resample(clip, clip.rate) is clip
