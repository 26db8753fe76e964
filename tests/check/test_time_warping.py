"""A clip made of the frames of words has these, and no others, whatever they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.time_warping import Frames, Track

SILENCE = np.zeros((1, 4))
WORDS = 8
RANDOM = np.random.default_rng(7)
SPOKEN = [3 + 2 * RANDOM.standard_normal((10 + 3 * number, 4)) for number in range(WORDS)]
"""The frames of words, each unlike all others."""


def clip_of(numbers: list[int], pauses: int, repeat: int) -> Frames:
    """Return the frames of some words in order, slowed down, with pauses between them."""
    gap = np.repeat(SILENCE, pauses, axis=0)
    parts = [part for n in numbers for part in (np.repeat(SPOKEN[n], repeat, axis=0), gap)]
    return np.concatenate([gap, *parts, SILENCE])


@given(st.sets(st.integers(0, WORDS - 1), min_size=1), st.integers(0, 9), st.integers(1, 2))
def test_words_that_a_clip_lacks_are_skipped(said: set[int], pauses: int, repeat: int) -> None:
    track = Track.of(["word"] * WORDS, SPOKEN, SILENCE)
    path = track.path(clip_of(sorted(said), pauses, repeat))
    assert set(path.skipped) == set(range(WORDS)) - said
    assert path.stray == 0
    assert path.pauses == pauses * (len(said) - 1)


@given(st.integers(1, WORDS - 2))
def test_words_that_a_text_lacks_are_stray(number: int) -> None:
    said = [n for n in range(WORDS) if n != number]
    track = Track.of(["word"] * len(said), [SPOKEN[n] for n in said], SILENCE)
    path = track.path(clip_of(list(range(WORDS)), 0, 1))
    assert path.skipped == ()
    assert 0 < path.stray <= len(SPOKEN[number])


def test_a_pause_counts_up_to_the_longest() -> None:
    track = Track.of(["word"] * 2, SPOKEN[:2], SILENCE)
    assert track.path(clip_of([0, 1], 300, 1)).pauses == 80


def test_noise_has_no_words() -> None:
    track = Track.of(["word"] * 2, SPOKEN[:2], SILENCE)
    noise = -5 + RANDOM.standard_normal((8, 4))
    assert track.path(noise).skipped == (0, 1)
