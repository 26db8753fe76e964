"""What a limiter takes off is foretold, and held against what ffmpeg's takes off."""

import subprocess

import numpy as np
import pytest

from pipeline.core.ffmpeg import executable
from pipeline.mix.limiter import LimiterPrediction, limiter_filter
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry
from signals import clip_of, sine

LIMIT = -4.2


def limited(clip: Clip, gain: float) -> Clip:
    """The clip so many dB louder, with floating point, and then through ffmpeg's limiter."""
    raw = ["-f", "s16le", "-ar", str(clip.rate), "-ac", "1"]
    filters = f"volume={gain}dB:precision=double,{limiter_filter(LIMIT)}"
    run = [executable(), "-v", "error", *raw, "-i", "pipe:0", "-af", filters, *raw, "pipe:1"]
    made = subprocess.run(run, input=clip.pcm, capture_output=True, check=True).stdout
    return Clip(made, clip.rate)


def power(clip: Clip) -> float:
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    return 10 * float(np.log10(np.mean(samples**2)))


def foretold(clip: Clip, gain: float) -> float:
    limiting = LimiterPrediction(clip.rate, [LIMIT - gain])
    for start in range(0, len(clip.pcm), 10_000):
        limiting.add(clip.pcm[start : start + 10_000])
    [taken] = limiting.taken()
    return taken


@pytest.mark.parametrize("voice", ["gmw/en", "gmw/en-us+klatt", "gmw/en-us+f4", "gmw/en+whisper"])
@pytest.mark.parametrize("gain", [0.0, 4.0, 10.0])
def test_what_is_taken_off_speech_is_foretold(voice: str, gain: float) -> None:
    clip = registry.speak("pyttsx3", PASSAGE[1], Voice("pyttsx3", voice))
    taken = power(clip) + gain - power(limited(clip, gain))
    assert foretold(clip, gain) == pytest.approx(taken, abs=0.25)


def test_nothing_is_taken_off_what_lies_under_the_limit() -> None:
    assert foretold(sine(1.0, -10.0), 5.0) == pytest.approx(0.0, abs=0.001)
    assert foretold(clip_of(np.zeros(22_050)), 20.0) == 0.0
    assert LimiterPrediction(22_050, [LIMIT]).taken() == [0.0]
    assert foretold(sine(1.0, -10.0), 8.0) == pytest.approx(8.0 - 10.0 - LIMIT, abs=0.05)
