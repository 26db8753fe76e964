"""Test signals with known properties, and decoding by a library that did not write the file."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.model.clip import Clip


def sine(seconds: float, dbfs: float = -20.0, hertz: float = 997.0, rate: int = 22_050) -> Clip:
    """Return a sine with its peak at `dbfs`."""
    angle = 2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate
    return clip_of(32_768 * 10 ** (dbfs / 20) * np.sin(angle), rate)


def clip_of(samples: NDArray[np.floating], rate: int = 22_050) -> Clip:
    """Return a clip of samples from -32,768 to 32,767; larger ones are clipped."""
    return Clip(np.clip(np.round(samples), -32_768, 32_767).astype("<i2").tobytes(), rate)


def samples_of(clip: Clip) -> NDArray[np.int16]:
    """Return the samples of a clip."""
    return np.frombuffer(clip.pcm, dtype="<i2")


def decoded(path: Path) -> tuple[NDArray[np.float64], int]:
    """Decode a file with PyAV; return samples from -1 to 1 and their rate in Hz."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
        frames = [f for frame in file.decode(stream) for f in resampler.resample(frame)]
        frames += resampler.resample(None)
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
        return samples.astype(np.float64), stream.rate


def onsets(samples: NDArray[np.float64], rate: int, quiet: float, level: float = 0.01) -> list[int]:
    """Return the frames at which sound starts after at least `quiet` seconds below `level`."""
    loud = np.flatnonzero(np.abs(samples) > level)
    gaps = np.diff(loud, prepend=-(10**9)) > quiet * rate
    return [int(frame) for frame in loud[gaps]]
