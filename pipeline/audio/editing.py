"""Clip editing: trim silence, resample, apply gain and fades.

pydub only detects silence, and only in one clip at a time: its `+=` copies everything each time (a
book would cost the square of its length) and it counts in whole milliseconds. What leaves this
module is PCM whose length in frames is exact.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

from pipeline.model.clip import Clip

with warnings.catch_warnings():
    # pydub warns when there is no ffmpeg on the PATH (ours comes from a package, and pydub never
    # runs it), and its sources contain escapes that newer Pythons warn about.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

SILENCE = -50.0
"""dBFS under which the head or tail of a clip is silence. eSpeak's own silence is under -70."""
STEP = 5
"""Resolution of the silence detection in milliseconds."""
MARGIN = 10
"""Milliseconds of silence left at either end, so that fades fall outside the words."""
FADE = 5
"""Length of the fade in and out in milliseconds: shorter fades click, longer ones eat stops."""


def trim(clip: Clip) -> Clip:
    """Remove the silence at both ends; a clip that is all silence becomes empty."""
    segment = _segment(clip)
    head = detect_leading_silence(segment, SILENCE, STEP)
    if head >= len(segment):
        return Clip(b"", clip.rate)
    tail = detect_leading_silence(segment.reverse(), SILENCE, STEP)
    start, stop = (max(0, edge - MARGIN) * clip.rate // 1000 for edge in (head, tail))
    return Clip(clip.pcm[2 * start : 2 * (clip.frames - stop)], clip.rate)


def resample(clip: Clip, rate: int) -> Clip:
    """Convert the clip to `rate` Hz with soxr (pydub's own resampler is linear)."""
    if clip.rate == rate:
        return clip
    import soxr  # noqa: PLC0415 - only books that mix engines need it

    samples = soxr.resample(np.frombuffer(clip.pcm, dtype="<i2"), clip.rate, rate)
    return Clip(samples.astype("<i2").tobytes(), rate)


def fade(clip: Clip, gain: float, room_tone: NDArray[np.float32] | None = None) -> Clip:
    """Apply `gain` in dB, fade both edges so that nothing clicks, and add `room_tone`.

    `room_tone` has as many samples as the clip. pydub's fades are not used: they count in
    milliseconds and, where the length is no whole number of them, end short of the last frame at
    up to a tenth of the level.
    """
    samples = np.frombuffer(clip.pcm, dtype="<i2") * np.float32(10 ** (gain / 20))
    length = min(FADE * clip.rate // 1000, len(samples) // 2)
    ramp = np.arange(length, dtype=np.float32) / max(1, length)
    samples[:length] *= ramp
    samples[len(samples) - length :] *= ramp[::-1]
    if room_tone is not None:
        samples += room_tone
    samples.clip(-32_768, 32_767, out=samples).round(out=samples)
    return Clip(samples.astype("<i2").tobytes(), clip.rate)


def _segment(clip: Clip) -> AudioSegment:
    return AudioSegment(data=clip.pcm, sample_width=2, frame_rate=clip.rate, channels=1)
