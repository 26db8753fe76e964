"""Trimming, resampling, gain and fades of clips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import editing
from pipeline.audio.sound_extent import STEP
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
    slack = editing.MARGIN + 2 * STEP
    assert sound.seconds - 0.001 <= trimmed.seconds <= sound.seconds + 2 * slack
    kept = samples_of(trimmed).astype(float)
    start = int(np.argmax(np.correlate(kept, samples_of(sound).astype(float), "valid")))
    assert np.abs(kept[start : start + sound.frames] - samples_of(sound)).max() <= 200, "-44 dBFS"
    assert start >= round(editing.MARGIN * rate) - 1
    assert trimmed.frames - start - sound.frames >= round(editing.MARGIN * rate) - 1


@pytest.mark.parametrize("frames", [0, 1, 30, 22_050])
def test_trim_leaves_nothing_of_silence(frames: int) -> None:
    assert editing.trim(Clip(bytes(2 * frames), 22_050)).frames == 0


def noise(seconds: float, dbfs: float, low: float, high: float, rate: int = 22_050) -> Clip:
    """Return noise in a band, with an RMS of `dbfs`."""
    frames = round(seconds * rate)
    spectrum = np.fft.rfft(np.random.default_rng(7).normal(0, 1, frames))
    hertz = np.fft.rfftfreq(frames, 1 / rate)
    samples = np.fft.irfft(np.where((hertz >= low) & (hertz <= high), spectrum, 0), frames)
    return clip_of(samples * 32_768 * 10 ** (dbfs / 20) / samples.std(), rate)


def joined(*clips: Clip) -> Clip:
    return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)


@pytest.mark.parametrize("low", [200, 1_700, 3_000, 7_000])
@pytest.mark.parametrize("louder", [-20.0, 0.0])
def test_a_soft_sound_at_an_end_is_kept(low: float, louder: float) -> None:
    """As the last consonant of "cliff", 35 dB below its vowel; also in a voice that is soft."""
    vowel = sine(0.3, -7 + louder, 300)
    soft = noise(0.09, -45 + louder, low, low + 1_500)
    silence = Clip(bytes(2 * 8_000), 22_050)
    for word in (joined(soft, vowel), joined(vowel, soft)):
        trimmed = editing.trim(joined(silence, word, silence))
        assert 0.385 <= trimmed.seconds - 2 * editing.MARGIN <= 0.41


@pytest.mark.parametrize("level", [-62.0, -75.0])
def test_steady_noise_is_no_sound(level: float) -> None:
    """An engine's own noise around a word does not count as a part of it."""
    word = sine(0.4, -15, 300)
    hiss = noise(0.5, level, 100, 11_000)
    trimmed = editing.trim(joined(hiss, word, hiss))
    assert trimmed.seconds - 2 * editing.MARGIN == pytest.approx(0.4, abs=0.025)


@given(st.integers(-12_000, 12_000), st.integers(2_000, 9_000), st.integers(1, 500))
def test_no_fade_reaches_into_a_sound(first: int, frames: int, hertz: int) -> None:
    """A clip that begins and ends within a sound is led in and out before and after it."""
    time = np.arange(frames) / 22_050
    word = clip_of(12_000 * np.sin(np.arcsin(first / 12_000) + 2 * np.pi * (700 + hertz) * time))
    mixed = samples_of(editing.fade(editing.trim(word), 0.0)).astype(float)
    margin = (len(mixed) - frames) // 2
    assert margin >= round(editing.MARGIN * 22_050) - 1
    assert np.abs(mixed[margin:][:frames] - samples_of(word)).max() <= 0.15 * 12_000
    edges = np.concatenate([mixed[:22], mixed[-22:]])
    assert np.abs(edges).max() <= 0.1 * 12_000, "nor does it click"


@pytest.mark.parametrize("offset", [-300.0, 150.0])
@pytest.mark.parametrize("seconds", [0.12, 1.0])
def test_an_offset_is_removed_and_a_voice_is_not(offset: float, seconds: float) -> None:
    """Also one that comes and goes with a sound, as with the fricatives of eSpeak NG."""
    word = sine(seconds, -15, 90)
    raised = clip_of(samples_of(word) + offset * np.hanning(word.frames))
    silence = Clip(bytes(2 * 3_000), 22_050)
    trimmed = editing.trim(joined(silence, raised, silence))
    plain = editing.trim(joined(silence, word, silence))
    means = [np.convolve(samples_of(c), np.hanning(1_323) / 661, "same") for c in (trimmed, plain)]
    assert abs(np.abs(means[0]).max() - np.abs(means[1]).max()) <= 0.3 * abs(offset)
    assert abs(samples_of(trimmed).mean()) < 15
    assert samples_of(plain).std() / samples_of(word).std() == pytest.approx(
        (word.frames / plain.frames) ** 0.5, rel=0.02
    )


@given(st.integers(1, 3_000), st.floats(-20, 0))
def test_fade_starts_and_ends_at_zero(frames: int, gain: float) -> None:
    """However short the clip, its length is unchanged and its first and last steps are small."""
    loud = clip_of(np.full(frames, 20_000.0))
    faded = samples_of(editing.fade(loud, gain)).astype(int)
    assert len(faded) == frames
    if frames > 2 * 22_050 * editing.FADE:
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
