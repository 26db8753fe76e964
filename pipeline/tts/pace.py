"""The pace of a voice: the words per minute that it speaks, as every engine measures them."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.tts.calibration import PACE_WORDS

Samples = npt.NDArray[np.float32]

_SILENCE = 0.01  # of the peak: samples below it at the ends of a clip are not speech


def pace_of(parts: Iterable[Samples], rate: int) -> float:
    """Return the pace of a voice from its samples of `PACE_PASSAGE`, in words per minute.

    `parts` are its sentences, at `rate` Hz; silence at their ends is not counted. Raises
    EngineError for a voice that is silent.
    """
    frames = sum(map(_speech_frames, parts))
    if not frames:
        raise EngineError.of("this voice produces only silence", remedy="choose another one")
    return PACE_WORDS * 60 * rate / frames


def pace_of_clips(clips: Iterable[Clip]) -> float:
    """Return the pace of a voice from its clips of `PACE_PASSAGE`; see `pace_of`."""
    spoken = list(clips)
    samples = (np.frombuffer(clip.pcm, "<i2").astype(np.float32) for clip in spoken)
    return pace_of(samples, spoken[0].rate)


def _speech_frames(samples: Samples) -> int:
    """Return the number of frames from the first that is not silent to the last."""
    loud = np.flatnonzero(np.abs(samples) > _SILENCE * np.abs(samples).max(initial=0.0))
    return int(loud[-1] - loud[0] + 1) if len(loud) else 0
