"""Room tone: soft, steady, seamless, and preserved by every codec."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audio import meter
from pipeline.core.ffmpeg import executable
from pipeline.export.encoding.formats import FORMATS
from pipeline.mix import room_tone
from pipeline.model.clip import Clip
from signals import decoded, sine

RATES = st.sampled_from([16_000, 22_050, 24_000, 44_100, 48_000])


@given(st.integers(0, 2_000_000), st.integers(8_000, 300_000), RATES)
def test_the_level_is_constant(start: int, frames: int, rate: int) -> None:
    pcm = room_tone.pcm(start, frames, rate)
    assert len(pcm) == 2 * frames
    samples = np.frombuffer(pcm, dtype="<i2") / 32_768
    assert 20 * np.log10(samples.std()) == pytest.approx(room_tone.LEVEL, abs=1.5)


@given(st.integers(0, 500_000), st.integers(0, 200_000), st.integers(0, 200_000), RATES)
def test_consecutive_pieces_join_without_a_seam(
    start: int, first: int, second: int, rate: int
) -> None:
    whole = room_tone.pcm(start, first + second, rate)
    assert room_tone.pcm(start, first, rate) + room_tone.pcm(start + first, second, rate) == whole


def test_the_loop_does_not_click() -> None:
    tone = room_tone.samples(0, 10 * 22_050, 22_050)
    steps = np.abs(np.diff(tone))
    assert steps[4 * 22_050 - 1] <= np.percentile(steps, 99)


def test_it_is_inaudible() -> None:
    """It is below the absolute threshold of a loudness meter."""
    assert meter.integrated_loudness(Clip(room_tone.pcm(0, 3 * 22_050, 22_050), 22_050)) == -np.inf
    assert np.abs(room_tone.samples(0, 88_200, 22_050)).max() < 60


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_codecs_preserve_it(tmp_path: Path, form: str) -> None:
    """As noise, and not as the digital silence that a codec makes of what it discards."""
    path = tmp_path / f"room.{form}"
    rate = 24_000
    pcm = sine(1.0, rate=rate).pcm + room_tone.pcm(0, 3 * rate, rate) + sine(1.0, rate=rate).pcm
    raw = ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    made = [*raw, *FORMATS[form].codec, "-f", FORMATS[form].muxer, str(path)]
    subprocess.run([executable(), "-v", "error", *made], input=pcm, check=True)
    samples, decoded_rate = decoded(path)
    pause = samples[int(1.5 * decoded_rate) : int(3.5 * decoded_rate)]
    assert 20 * np.log10(np.sqrt(np.mean(pause**2))) == pytest.approx(room_tone.LEVEL, abs=2.5)
    assert np.mean(np.round(pause * 32_768) == 0) < 0.2
