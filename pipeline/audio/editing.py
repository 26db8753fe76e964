"""Clip by clip: trimmed, faded, at the book's rate and gain.

pydub finds the silence, and never sees more than one clip: its `+=` copies everything each time (a
book would cost the square of its length) and it counts in whole milliseconds. What leaves here is
PCM; frames are counted by its length.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

from pipeline.model.clip import Clip

with warnings.catch_warnings():
    # pydub warns when no ffmpeg is on the PATH (ours comes from a package and pydub never runs
    # it), and its sources hold escapes that newer Pythons warn of.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

SILENCE = -50.0
"""dBFS under which the head or tail of a clip is silence. eSpeak's own lies under -70."""
STEP = 5
"""Milliseconds in which silence is looked for."""
MARGIN = 10
"""Milliseconds of silence kept at either end, so that fades fall outside the words."""
FADE = 5
"""Milliseconds over which a clip is faded in and out: shorter ones click, longer ones eat stops."""


def trimmed(clip: Clip) -> Clip:
    """Give the clip without the silence at its ends; one that is all silence becomes empty."""
    segment = _segment(clip)
    head = detect_leading_silence(segment, SILENCE, STEP)
    if head >= len(segment):
        return Clip(b"", clip.rate)
    tail = detect_leading_silence(segment.reverse(), SILENCE, STEP)
    start, stop = (max(0, edge - MARGIN) * clip.rate // 1000 for edge in (head, tail))
    return Clip(clip.pcm[2 * start : 2 * (clip.frames - stop)], clip.rate)


def at_rate(clip: Clip, rate: int) -> Clip:
    """Give the clip at `rate` Hz, resampled with soxr (pydub's own resampler is linear)."""
    if clip.rate == rate:
        return clip
    import soxr  # noqa: PLC0415 - only books that mix engines need it

    samples = soxr.resample(np.frombuffer(clip.pcm, dtype="<i2"), clip.rate, rate)
    return Clip(samples.astype("<i2").tobytes(), rate)


def faded(clip: Clip, gain: float, room: NDArray[np.float32] | None = None) -> Clip:
    """Give the clip `gain` dB louder and with both edges faded, so that nothing clicks.

    `room` is the room tone that lies under it, as many samples. pydub's fades count in
    milliseconds and end short of the last frame, at up to a tenth of the level, where the length
    is no whole number of them.
    """
    samples = np.frombuffer(clip.pcm, dtype="<i2") * np.float32(10 ** (gain / 20))
    fade = min(FADE * clip.rate // 1000, len(samples) // 2)
    ramp = np.arange(fade, dtype=np.float32) / max(1, fade)
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    if room is not None:
        samples += room
    samples.clip(-32_768, 32_767, out=samples).round(out=samples)
    return Clip(samples.astype("<i2").tobytes(), clip.rate)


def _segment(clip: Clip) -> AudioSegment:
    return AudioSegment(data=clip.pcm, sample_width=2, frame_rate=clip.rate, channels=1)
