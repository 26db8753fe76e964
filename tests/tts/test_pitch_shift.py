"""Pitch shifting works with any engine, and keeps length, rate and timing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.audio import editing
from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.synthesis.takes import clip_key
from pipeline.tts.engines import registry
from pipeline.tts.engines.pitch_shift import fingerprint, shifted, with_pitch_as_shift
from pipeline.tts.engines.tone import frequency

TEXT = "Nobody moved on the water until the lamp went out."
RATE = 24_000


def samples(clip: Clip) -> np.ndarray:
    return np.frombuffer(clip.pcm, "<i2").astype(float)


def strongest(clip: Clip) -> float:
    """Return the strongest frequency of the clip in Hz."""
    spectrum = np.abs(np.fft.rfft(samples(clip), 1 << 18))
    return float(np.argmax(spectrum) * clip.rate / (1 << 18))


@pytest.mark.parametrize("semitones", [-12, -7.5, -3, 1, 4, 10])
def test_pitch_moves_by_the_shift_and_length_is_kept(semitones):
    """Measured by a Fourier transform of the tone engine's sines, whose frequency is known."""
    plain = registry.speak("tone", TEXT, Voice("tone", "low"))
    moved = registry.speak("tone", TEXT, Voice("tone", "low", shift=semitones))
    assert moved.rate == plain.rate
    assert moved.frames == plain.frames
    wanted = frequency("low", 50) * 2 ** (semitones / 12)
    assert abs(12 * np.log2(strongest(moved) / wanted)) < 0.25


@pytest.mark.parametrize("semitones", [-8, 5])
def test_timing_of_words_is_kept(semitones):
    """The level in blocks of 50 ms correlates with that of the original."""
    plain = registry.speak("pyttsx3", TEXT, Voice("pyttsx3", "gmw/en"))
    moved = registry.speak("pyttsx3", TEXT, Voice("pyttsx3", "gmw/en", shift=semitones))
    assert moved.frames == plain.frames
    width = plain.rate // 20

    def loudness(clip: Clip) -> np.ndarray:
        whole = samples(clip)[: clip.frames // width * width].reshape(-1, width)
        return np.sqrt(np.mean(whole**2, axis=1))

    assert np.corrcoef(loudness(plain), loudness(moved))[0, 1] > 0.9


@settings(max_examples=50)
@given(st.integers(-12, 12), st.integers(1, 3_000), st.booleans())
def test_clip_of_any_length_and_level_neither_clips_nor_clicks(semitones, frames, full):
    """Not even noise at full scale is clipped; a step at an end is led over in the mix."""
    noise = np.random.default_rng(frames).uniform(-1, 1, frames) * (32_767 if full else 40)
    clip = Clip(noise.astype("<i2").tobytes(), RATE)
    moved = shifted(clip, semitones)
    assert moved.frames == frames
    if semitones:
        loud = np.abs(samples(moved))
        assert np.count_nonzero(loud >= 32_767) <= 1  # the peak itself at most
        mixed = np.abs(samples(editing.fade(editing.trim(moved), 0.0)))
        assert mixed[:1].max(initial=0) <= loud.max() / 50
        assert mixed[-1:].max(initial=0) <= loud.max() / 50


def test_shifting_is_deterministic_and_keeps_silence():
    voice = Voice("tone", "even", shift=-3.0)
    assert registry.speak("tone", TEXT, voice) == registry.speak("tone", TEXT, voice)
    silence = Clip(bytes(2 * 1000), RATE)
    assert shifted(silence, 5) == silence
    assert shifted(Clip(b"", RATE), 5) == Clip(b"", RATE)


def test_shift_of_zero_does_not_affect_clip_keys():
    plain = Voice("tone", "even")
    assert clip_key("f", plain, "a") == clip_key("f", Voice("tone", "even", shift=0.0), "a")
    assert fingerprint(plain) == ""


def test_each_shift_has_its_own_clip_key():
    keys = {clip_key("f", Voice("tone", "even", shift=by), "a") for by in (-3, -2.5, 0, 2)}
    assert len(keys) == 4
    assert "pedalboard" in fingerprint(Voice("tone", "even", shift=-3))


def test_shift_out_of_range_is_reported():
    with pytest.raises(EngineError, match=r"shift 13 is out of range; use -12 to 12 semitones"):
        registry.speak("tone", TEXT, Voice("tone", "even", shift=13))


@pytest.mark.parametrize(
    ("pitch", "shift", "reach", "moved"),
    [
        (None, 0.0, 6.0, 0.0),
        (50, 0.0, 6.0, 0.0),
        (25, 0.0, 6.0, -3.0),
        (90, 0.0, 8.0, 6.6),
        (90, 0.0, 6.0, 6.0),
        (0, 0.0, 2.0, -2.0),
        (75, -4.0, 2.0, 0.12),
        (25, -4.0, 2.0, -4.0),
        (25, 9.0, 6.0, 6.0),
        (60, 9.0, 6.0, 9.0),
    ],
)
def test_pitch_becomes_a_shift_within_reach(pitch, shift, reach, moved):
    """A shift that the producer asked for is no limit, and no further than that one goes it."""
    voice = with_pitch_as_shift(Voice("plain", "one", pitch=pitch, shift=shift), reach)
    assert voice.shift == pytest.approx(moved, abs=0.13)
    assert voice.pitch is None


class Flute:
    """An engine without a pitch setting, and with two styles."""

    name = "flute"
    fingerprint = "flute 1"

    def __init__(self):
        self.asked = []

    def voices(self):
        return [VoiceInfo("one", "One", "en", natural_shift=4.0, styles=("airy", "shouting"))]

    def speak(self, text, voice):
        self.asked.append(voice)
        return registry.speak("tone", text, Voice("tone", "low", voice.rate))


def test_engine_without_pitch_setting_has_its_clips_shifted():
    flute = Flute()
    plain = registry.speak(flute, TEXT, Voice("flute", "one"))
    high = registry.speak(flute, TEXT, Voice("flute", "one", pitch=68))
    assert 12 * np.log2(strongest(high) / strongest(plain)) == pytest.approx(2.97, abs=0.25)
    assert [(voice.pitch, voice.shift) for voice in flute.asked] == [(None, 0.0)] * 2


def test_style_reaches_the_engine_and_the_key_of_the_clip():
    flute = Flute()
    plain, styled = Voice("flute", "one"), Voice("flute", "one", style="airy")
    registry.speak(flute, TEXT, styled)
    assert flute.asked[-1].style == "airy"
    assert clip_key("flute 1", plain, TEXT) != clip_key("flute 1", styled, TEXT)
