"""Detection of the silences within a line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mix.silences import SilenceDetector
from signals import sine

RATE = 22_050


def silences(pcm: bytes, cuts: list[int]) -> list[float]:
    """Return the bounds in seconds of all silences in PCM that is added in pieces."""
    detector = SilenceDetector(RATE)
    bounds = [0, *sorted(min(2 * cut, len(pcm)) for cut in cuts), len(pcm)]
    for start, end in pairwise(bounds):
        detector.add(pcm[start:end])
    return [frame / RATE for frame in detector.bounds()]


def tones(dbfs: float) -> bytes:
    """Return three tones of a second, with half a second and with 20 ms between them."""
    tone, gap = sine(1.0, dbfs).pcm, bytes(RATE)
    return gap + tone + gap + tone + bytes(2 * round(0.02 * RATE)) + tone + gap


@pytest.mark.parametrize("dbfs", [-3, -20, -45])
def test_silences_are_found_in_loud_and_soft_voices(dbfs: float) -> None:
    """Except at the ends of the line, and if they are short enough for a voiced sound."""
    assert silences(tones(dbfs), []) == pytest.approx([1.5, 2.0], abs=0.003)


@given(st.lists(st.integers(0, 100_000), max_size=5))
def test_silences_do_not_depend_on_the_pieces(cuts: list[int]) -> None:
    pcm = tones(-20)
    assert silences(pcm, cuts) == silences(pcm, [])


def test_a_line_without_sound_has_no_silences() -> None:
    assert silences(b"", []) == silences(bytes(RATE), []) == []
