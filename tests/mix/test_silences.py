"""Rests are found in the sound of a line, in whatever pieces it comes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mix.silences import SilenceDetector
from signals import sine

RATE = 22_050


def found(pcm: bytes, cuts: list[int]) -> list[float]:
    """The bounds of all rests, in seconds, of PCM that is cut at those frames."""
    rests = SilenceDetector(RATE)
    bounds = [0, *sorted(min(2 * cut, len(pcm)) for cut in cuts), len(pcm)]
    for start, end in pairwise(bounds):
        rests.add(pcm[start:end])
    return [frame / RATE for frame in rests.found()]


def tones(dbfs: float) -> bytes:
    """Three tones of a second, with half a second and with 20 ms between them."""
    tone, gap = sine(1.0, dbfs).pcm, bytes(RATE)
    return gap + tone + gap + tone + bytes(2 * round(0.02 * RATE)) + tone + gap


@pytest.mark.parametrize("dbfs", [-3, -20, -45])
def test_rests_are_found_in_loud_and_soft_voices(dbfs: float) -> None:
    """Neither those at the ends of the line are, nor one that a voiced sound may have in it."""
    assert found(tones(dbfs), []) == pytest.approx([1.5, 2.0], abs=0.003)


@given(st.lists(st.integers(0, 100_000), max_size=5))
def test_rests_are_the_same_however_the_line_is_cut(cuts: list[int]) -> None:
    pcm = tones(-20)
    assert found(pcm, cuts) == found(pcm, [])


def test_a_line_without_sound_has_no_rests() -> None:
    assert found(b"", []) == found(bytes(RATE), []) == []
