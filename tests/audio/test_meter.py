"""The loudness meter against reference signals and against ffmpeg's meter."""

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
    """Return the integrated loudness in LUFS as ffmpeg measures it."""
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
def test_a_reference_sine_reads_as_in_bs_1770(dbfs: float, rate: int) -> None:
    """ITU-R BS.1770: a sine of 997 Hz in one channel at 0 dBFS reads -3.01 LKFS."""
    assert meter.integrated_loudness(sine(3.0, dbfs, rate=rate)) == pytest.approx(
        dbfs - 3.01, abs=0.02
    )


@given(st.lists(st.tuples(st.floats(-60, -6), st.floats(60, 8_000)), min_size=2, max_size=6))
@settings(max_examples=8)
def test_meter_agrees_with_ffmpeg_on_steps_of_level(steps: list[tuple[float, float]]) -> None:
    """Including the gates: what is 10 dB below the rest does not count."""
    sounds = [sine(1.5, dbfs, hertz) for dbfs, hertz in steps]
    clip = Clip(b"".join(sound.pcm for sound in sounds), sounds[0].rate)
    assert meter.integrated_loudness(clip) == pytest.approx(ebur128(clip), abs=0.15)


@cache
def passage(engine: str, voice: str) -> Clip:
    clips = [registry.speak(engine, text, Voice(engine, voice)) for text in PASSAGE]
    return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)


@pytest.mark.parametrize("voice", ["gmw/en", "gmw/en-us+f3", "gmw/en+croak"])
def test_meter_agrees_with_ffmpeg_on_speech(voice: str) -> None:
    clip = passage("pyttsx3", voice)
    assert meter.integrated_loudness(clip) == pytest.approx(ebur128(clip), abs=0.1)


def metered(*pieces: bytes) -> meter.LoudnessMeter:
    """Return a meter to which some pieces of PCM have been added."""
    loudness_meter = meter.LoudnessMeter(22_050)
    for piece in pieces:
        loudness_meter.add(piece)
    return loudness_meter


def test_silence_has_no_loudness_and_no_level() -> None:
    for silent in (metered(bytes(44_100)), metered(b""), metered()):
        assert (silent.integrated_loudness(), silent.rms()) == (-inf, -inf)


def test_a_full_scale_square_wave_reads_0_dbfs() -> None:
    assert metered(sine(1.0, -20.0).pcm).rms() == pytest.approx(-23.01, abs=0.01)
    assert metered(clip_of(np.full(22_050, 32_767.0)).pcm).rms() == pytest.approx(0.0, abs=0.001)


@given(st.lists(st.integers(0, 60_000), max_size=8))
def test_results_do_not_depend_on_the_pieces(cuts: list[int]) -> None:
    pcm = sine(0.7, -12.0).pcm + sine(0.7, -30.0, 220.0).pcm
    at = sorted({2 * min(cut, len(pcm) // 2) for cut in cuts})
    pieces = [pcm[a:b] for a, b in zip([0, *at], [*at, len(pcm)], strict=True)]
    whole, cut = metered(pcm), metered(*pieces)
    assert cut.integrated_loudness() == pytest.approx(whole.integrated_loudness(), abs=1e-4)
    assert cut.rms() == pytest.approx(whole.rms(), abs=1e-4)
