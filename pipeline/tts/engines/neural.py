"""What the engines that run a network have in common.

One thread a session: the pool has a worker for each CPU, and threads on top would only wait for
each other. `rate` is kept in words a minute: a voice's own pace is known or measured once, and the
network is told how many times as fast to be.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines.missing_voice import absent
from pipeline.tts.engines.plain_text import clean, split

Samples = npt.NDArray[np.float32]

LONGEST = 400
"""Characters that go through a network at once: they are trained on sentences."""
KEPT = 6
"""Models that a process keeps: a large cast would otherwise fill the memory."""
PASSAGE = (
    "The rain had stopped before dawn, and the whole street smelled of wet stone and new bread.",
    "Who would be first to speak? Nobody knew, and for a long while nobody seemed to mind.",
)
"""What a voice says when its own pace is measured."""
WORDS = 28.2
"""How many words that is, so that a rate means the same with every engine: at a rate of 165 eSpeak
NG's `gmw/en` says the passage, silence at its ends aside, in 60 / 165 seconds times this."""
PHONEMES = re.compile(r"\[\[(.+?)\]\]")
"""A word of a text that is spelt in IPA."""

_BLANK = 0.05  # seconds of silence that stand for a text with nothing to say
_FLOOR = 0.01  # of the peak: what lies under it at the ends of a clip is no speech
_BLOCK, _BLOCKS = 65_536, 16


def session(model: Path | bytes) -> onnxruntime.InferenceSession:
    """Load a model, from a file or from memory, to be run by one thread on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # warnings are for whoever made the model
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def spoken(text: str, rate: int, volume: float, say: Callable[[str], Iterable[Samples]]) -> Clip:
    """Give the clip of a text at `rate` Hz: each piece of it as `say` says it.

    Samples are floats from -1 to 1. A text without a letter or digit is a short silence.
    """
    pieces = split(clean(text), LONGEST)
    said = [part for piece in pieces if any(map(str.isalnum, piece)) for part in say(piece)]
    if not sum(map(len, said)):
        return Clip(bytes(2 * round(_BLANK * rate)), rate)
    scaled = np.concatenate(said) * np.float32(32_767 * volume)
    return Clip(scaled.clip(-32_768, 32_767).round().astype("<i2").tobytes(), rate)


def pace(say: Callable[[str], Iterable[Samples]], rate: int) -> float:
    """Measure how many words a minute a voice says by itself, silence at the ends not counted.

    Raises EngineError for a voice that is silent.
    """
    frames = sum(_sounding(np.concatenate([*say(sentence)])) for sentence in PASSAGE)
    if not frames:
        raise EngineError.of("this voice says nothing", remedy="choose another one")
    return WORDS * 60 * rate / frames


def _sounding(samples: Samples) -> int:
    """Count the frames from the first that is not silent to the last."""
    loud = np.flatnonzero(np.abs(samples) > _FLOOR * np.abs(samples).max(initial=0.0))
    return int(loud[-1] - loud[0] + 1) if len(loud) else 0


def check_known(
    engine: str, wanted: str, ids: Iterable[str], voices: Callable[[], Sequence[VoiceInfo]]
) -> None:
    """Raise EngineError unless the voice is there: one that can be had is told with the command."""
    if wanted not in ids:
        what, remedy = absent(engine, wanted, voices())
        raise EngineError.of(what, remedy=remedy)


def identity(*files: Path) -> str:
    """Tell models apart by their content: 16 hexadecimal digits of size and samples of each file.

    Sixteen blocks spread over a file are read and not all of it: another training changes every
    one of them, and a process asks whenever it starts.
    """
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            digest.update(str(size).encode())
            for number in range(_BLOCKS):
                file.seek(max(0, size - _BLOCK) * number // (_BLOCKS - 1))
                digest.update(file.read(_BLOCK))
    return digest.hexdigest()[:16]
