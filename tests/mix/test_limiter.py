"""The predicted gain reduction against that of ffmpeg's limiter."""

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
    """Return the clip amplified by `gain` dB in floating point, then limited by ffmpeg."""
    raw = ["-f", "s16le", "-ar", str(clip.rate), "-ac", "1"]
    filters = f"volume={gain}dB:precision=double,{limiter_filter(LIMIT)}"
    run = [executable(), "-v", "error", *raw, "-i", "pipe:0", "-af", filters, *raw, "pipe:1"]
    pcm = subprocess.run(run, input=clip.pcm, capture_output=True, check=True).stdout
    return Clip(pcm, clip.rate)


def rms(clip: Clip) -> float:
    """Return the RMS in dB relative to a sample value of 1."""
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    return 10 * float(np.log10(np.mean(samples**2)))


def predicted(clip: Clip, gain: float) -> float:
    """Return the predicted gain reduction in dB for the clip amplified by `gain` dB."""
    prediction = LimiterPrediction(clip.rate, [LIMIT - gain])
    for start in range(0, len(clip.pcm), 10_000):
        prediction.add(clip.pcm[start : start + 10_000])
    [reduction] = prediction.gain_reduction()
    return reduction


@pytest.mark.parametrize("voice", ["gmw/en", "gmw/en-us+klatt", "gmw/en-us+f4", "gmw/en+whisper"])
@pytest.mark.parametrize("gain", [0.0, 4.0, 10.0])
def test_gain_reduction_of_speech_is_predicted(voice: str, gain: float) -> None:
    clip = registry.speak("pyttsx3", PASSAGE[1], Voice("pyttsx3", voice))
    reduction = rms(clip) + gain - rms(limited(clip, gain))
    assert predicted(clip, gain) == pytest.approx(reduction, abs=0.25)


def test_only_what_exceeds_the_limit_is_reduced() -> None:
    assert predicted(sine(1.0, -10.0), 5.0) == pytest.approx(0.0, abs=0.001)
    assert predicted(clip_of(np.zeros(22_050)), 20.0) == 0.0
    assert LimiterPrediction(22_050, [LIMIT]).gain_reduction() == [0.0]
    assert predicted(sine(1.0, -10.0), 8.0) == pytest.approx(8.0 - 10.0 - LIMIT, abs=0.05)
