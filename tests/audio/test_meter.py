"""Loudness is measured against reference signals, and against ffmpeg's own meter."""

import re
import subprocess
from functools import cache
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.audio import meter
from pipeline.core.ffmpeg import executable
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry
from signals import clip_of, sine


def ebur128(clip: Clip) -> float:
    """Integrated loudness as ffmpeg measures it."""
    raw = ["-f", "s16le", "-ar", str(clip.rate), "-ac", "1", "-i", "pipe:0"]
    run = subprocess.run(
        [executable(), "-hide_banner", *raw, "-af", "ebur128=framelog=quiet", "-f", "null", "-"],
        input=clip.pcm,
        capture_output=True,
        check=True,
    )
    return float(re.findall(r"I:\s+(-?[\d.]+|-inf) LUFS", run.stderr.decode())[-1])


@pytest.mark.parametrize("dbfs", [-40.0, -23.0, -10.0])
@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_the_meter_reads_what_the_standard_says(dbfs: float, rate: int) -> None:
    """ITU-R BS.1770: a sine of 997 Hz in one channel at 0 dBFS reads -3.01 LKFS."""
    assert meter.loudness(sine(3.0, dbfs, rate=rate)) == pytest.approx(dbfs - 3.01, abs=0.02)


@given(st.lists(st.tuples(st.floats(-60, -6), st.floats(60, 8_000)), min_size=2, max_size=6))
@settings(max_examples=8)
def test_it_agrees_with_ffmpeg_on_any_steps_of_level(steps: list[tuple[float, float]]) -> None:
    """Gates included: what lies 10 dB under the rest does not count."""
    sounds = [sine(1.5, dbfs, hertz) for dbfs, hertz in steps]
    clip = Clip(b"".join(sound.pcm for sound in sounds), sounds[0].rate)
    assert meter.loudness(clip) == pytest.approx(ebur128(clip), abs=0.15)


@cache
def passage(engine: str, voice: str) -> Clip:
    clips = [registry.speak(engine, text, Voice(engine, voice)) for text in PASSAGE]
    return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)


@pytest.mark.parametrize("voice", ["gmw/en", "gmw/en-us+f3", "gmw/en+croak"])
def test_it_agrees_with_ffmpeg_on_speech(voice: str) -> None:
    clip = passage("pyttsx3", voice)
    assert meter.loudness(clip) == pytest.approx(ebur128(clip), abs=0.1)


def metered(*pieces: bytes) -> meter.LoudnessMeter:
    made = meter.LoudnessMeter(22_050)
    for piece in pieces:
        made.add(piece)
    return made


def test_silence_has_no_loudness_and_no_level() -> None:
    for made in (metered(bytes(44_100)), metered(b""), metered()):
        assert (made.loudness(), made.rms()) == (-inf, -inf)


def test_the_level_is_that_of_a_square_wave() -> None:
    assert metered(sine(1.0, -20.0).pcm).rms() == pytest.approx(-23.01, abs=0.01)
    assert metered(clip_of(np.full(22_050, 32_767.0)).pcm).rms() == pytest.approx(0.0, abs=0.001)


@given(st.lists(st.integers(0, 60_000), max_size=8))
def test_a_stream_reads_the_same_in_any_pieces(cuts: list[int]) -> None:
    pcm = sine(0.7, -12.0).pcm + sine(0.7, -30.0, 220.0).pcm
    at = sorted({2 * min(cut, len(pcm) // 2) for cut in cuts})
    pieces = [pcm[a:b] for a, b in zip([0, *at], [*at, len(pcm)], strict=True)]
    whole, cut = metered(pcm), metered(*pieces)
    assert cut.loudness() == pytest.approx(whole.loudness(), abs=1e-4)
    assert cut.rms() == pytest.approx(whole.rms(), abs=1e-4)
