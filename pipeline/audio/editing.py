"""Clip editing: remove offset and silence, resample, apply gain.

Nothing of a word is lost: a clip is cut where nothing is left above the noise in any band, and
keeps a margin there, or gets one, in which it fades. What leaves this module is PCM whose length in
frames is exact.

pydub only detects silence, and only in one clip at a time: its `+=` copies everything each time (a
book would cost the square of its length), and it counts in whole milliseconds.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.sound_extent import STEP, sound_extent
from pipeline.model.clip import Clip

with warnings.catch_warnings():
    # pydub warns when there is no ffmpeg on the PATH (ours comes from a package, and pydub never
    # runs it), and its sources contain escapes that newer Pythons warn about.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

SILENT = -50.0
"""dBFS of the peak of a clip under which it has no sound."""
LOUD = -20.0
"""dB relative to the RMS of a clip: whatever is above it is sound, and not examined further."""
MARGIN = 0.015
"""Seconds of silence at either end of a trimmed clip, so that fades fall outside the words."""
FADE = 0.005
"""Seconds of the fade in and out: shorter fades click."""
OFFSET_WIDTH = 0.008
"""Standard deviation in seconds of the mean that is removed: 17 Hz lose 3 dB, and 60 Hz 0.1 dB."""
_OFFSET_BLOCK = 0.00125
"""Seconds of a block of which the mean is taken first; short enough to alias no voice."""

Samples = NDArray[np.float32]


def trim(clip: Clip) -> Clip:
    """Remove offset, and the silence at both ends but for `MARGIN`; nothing is left of silence."""
    padded = _padded(_samples(clip), clip.rate)
    level = _clip(_without_offset(padded, clip.rate), clip.rate)
    segment = AudioSegment(data=level.pcm, sample_width=2, frame_rate=clip.rate, channels=1)
    if segment.max_dBFS < SILENT:
        return Clip(b"", clip.rate)
    head, tail = (
        _leading_silence(side, segment.dBFS) * clip.rate // 1000
        for side in (segment, segment.reverse())
    )
    loud = head, max(head, level.frames - tail)
    # What follows an offset when it is removed would count as sound, which an offset does not.
    start, stop = sound_extent(padded, clip.rate, loud, segment.dBFS)
    margin = round(MARGIN * clip.rate)
    return Clip(level.pcm[2 * max(0, start - margin) : 2 * (stop + margin)], clip.rate)


def _leading_silence(segment: AudioSegment, dbfs: float) -> int:
    """Return the milliseconds before a clip with an RMS of `dbfs` is loud."""
    return int(detect_leading_silence(segment, dbfs + LOUD, round(1000 * STEP)))


def resample(clip: Clip, rate: int) -> Clip:
    """Convert the clip to `rate` Hz with soxr (pydub's own resampler is linear)."""
    if clip.rate == rate:
        return clip
    import soxr  # noqa: PLC0415 - only books that mix engines need it

    samples = soxr.resample(np.frombuffer(clip.pcm, dtype="<i2"), clip.rate, rate)
    return Clip(samples.astype("<i2").tobytes(), rate)


def fade(clip: Clip, gain: float, room_tone: Samples | None = None) -> Clip:
    """Apply `gain` in dB, fade both margins so that nothing clicks, and add `room_tone`.

    `room_tone` has as many samples as the clip.
    """
    samples = _samples(clip) * np.float32(10 ** (gain / 20))
    length = min(round(FADE * clip.rate), len(samples) // 2)
    ramp = np.arange(length, dtype=np.float32) / max(1, length)
    samples[:length] *= ramp
    samples[len(samples) - length :] *= ramp[::-1]
    if room_tone is not None:
        samples += room_tone
    return _clip(samples, clip.rate)


def _padded(samples: Samples, rate: int) -> Samples:
    """Return the samples with a margin before and after them.

    Where an engine begins or ends within a sound, the margin leads to the first or from the last
    sample in the time of a fade: a step would click, and a fade of the sound itself mute it.
    """
    margin, length = round(MARGIN * rate), round(FADE * rate)
    padded = np.zeros(len(samples) + 2 * margin, np.float32)
    padded[margin : margin + len(samples)] = samples
    if len(samples):
        rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(length, dtype=np.float32) / length)
        padded[margin - length : margin] = samples[0] * rise
        padded[margin + len(samples) :][:length] = samples[-1] * rise[::-1]
    return padded


def _without_offset(samples: Samples, rate: int) -> Samples:
    """Return the samples less their slow mean, which is no sound.

    eSpeak NG has fricatives with an offset of -41 dBFS, so the mean follows the sound. It is taken
    of short blocks, and interpolated between them.
    """
    size = round(_OFFSET_BLOCK * rate)
    count = -(-len(samples) // size)
    blocks = np.zeros((count, size), np.float32)
    blocks.ravel()[: len(samples)] = samples
    width = OFFSET_WIDTH / _OFFSET_BLOCK
    half = int(3 * width)
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / width) ** 2)
    means = np.pad(blocks.mean(axis=1), half + 1)  # silence surrounds a clip
    smooth = np.convolve(means, kernel / kernel.sum(), "valid")
    edges = ((smooth[:-1] + smooth[1:]) / 2).astype(np.float32)[:, None]
    blocks -= edges[:-1] + np.diff(edges, axis=0) * (
        (np.arange(size, dtype=np.float32) + 0.5) / size
    )
    return blocks.ravel()[: len(samples)]


def _samples(clip: Clip) -> Samples:
    return np.frombuffer(clip.pcm, dtype="<i2").astype(np.float32)


def _clip(samples: Samples, rate: int) -> Clip:
    """Return a clip of unrounded samples; they are changed."""
    samples.clip(-32_768, 32_767, out=samples).round(out=samples)
    return Clip(samples.astype("<i2").tobytes(), rate)
