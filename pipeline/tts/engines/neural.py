"""Shared parts of the engines that run a neural network.

Each session uses one thread: there is a worker process for each CPU, and further threads would only
wait for each other. Rates are in words per minute: the native pace of a voice is known or measured
once, and the network is run at a multiple of it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime

from pipeline.core.errors import EngineFaultError
from pipeline.model.clip import Clip
from pipeline.tts.calibration import PACE_PASSAGE
from pipeline.tts.engines.plain_text import clean, split
from pipeline.tts.pace import pace_of

FloatSamples = npt.NDArray[np.float32]
"""Samples from -1.0 to 1.0."""

MAX_CHARACTERS = 400
"""Longest input of a network: they are trained on sentences."""
CACHED_MODELS = 6
"""Models that a process keeps loaded: with a large cast more would fill the memory."""
IPA_WORD = re.compile(r"\[\[(.+?)\]\]")
"""A word in IPA within a text."""

_BLANK = 0.05  # seconds of silence for a text without a letter or digit
_BLOCK_SIZE, _BLOCKS = 65_536, 16


def session(file: Path, *edits: Callable[[onnx.ModelProto], None]) -> onnxruntime.InferenceSession:
    """Load a model, edited, to be run by one thread on the CPU.

    Raises whatever `onnx.load` and onnxruntime raise for an invalid file.
    """
    model = onnx.load(str(file))
    for edit in edits:
        edit(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors: warnings are for whoever built the model
    content = model.SerializeToString()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def synthesise(
    text: str, rate: int, volume: float, infer: Callable[[str], Iterable[FloatSamples]]
) -> Clip:
    """Return the clip of a text at `rate` Hz; `infer` yields the samples of one piece of it."""
    pieces = split(clean(text), MAX_CHARACTERS)
    parts = [part for piece in pieces if any(map(str.isalnum, piece)) for part in infer(piece)]
    if not sum(map(len, parts)):
        return Clip(bytes(2 * round(_BLANK * rate)), rate)
    scaled = np.concatenate(parts) * np.float32(32_767 * volume)
    if not np.isfinite(scaled).all():
        raise EngineFaultError.of("the model returned what is no audio", remedy="try again")
    return Clip(scaled.clip(-32_768, 32_767).round().astype("<i2").tobytes(), rate)


def measure_pace(infer: Callable[[str], Iterable[FloatSamples]], rate: int) -> float:
    """Return the native pace of a voice in words per minute, silence at the ends not counted.

    `rate` is that of the samples in Hz. Raises EngineError for a voice that is silent.
    """
    return pace_of((np.concatenate([*infer(text)]) for text in PACE_PASSAGE), rate)


def model_digest(*files: Path) -> str:
    """Return 16 hexadecimal digits that identify models by size and content.

    Sixteen blocks spread over each file are read instead of all of it: training changes every one
    of them, and each process computes the digest when it starts.
    """
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            digest.update(str(size).encode())
            for number in range(_BLOCKS):
                file.seek(max(0, size - _BLOCK_SIZE) * number // (_BLOCKS - 1))
                digest.update(file.read(_BLOCK_SIZE))
    return digest.hexdigest()[:16]
