"""Alignment of a clip with its text by the words themselves, each spoken by the clip's own voice.

A voice by formants speaks a word in much the same way wherever it stands. So no model of anybody's
speech is needed, and no dictionary: the words, spoken one by one, are laid along the clip, and
those that fit nowhere are missing. Runs in a worker process.
"""

from functools import lru_cache

import numpy as np

from pipeline.audio.editing import resample, trim
from pipeline.casting.similarity import BANDS
from pipeline.casting.voiceprint import SAMPLE_RATE, cosines, mel_filters
from pipeline.check.alignment import FRAME, WordAlignment, known_and_ipa, notable
from pipeline.check.time_warping import Frames, Track
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry

_WINDOW = 512  # samples
_CEPSTRUM = 13
_FLOOR = 1e-6  # of the power of a band: silence
_LEAST = 1e-3  # of the spread of a coefficient: a voice may be inaudible
_LEVEL = 0.3  # weight of the first coefficient, which is loudness
_PHONEME = 9  # frames
_VOWEL = "ah"  # ends at once
_ECHO = 20  # dB below the loudest frame


def align(voice: Voice, text: str, clip: Clip) -> WordAlignment:
    """Align a clip of a voice by formants with its text; raise EngineError as the engine does.

    Phonemes are estimated by the length of the words by themselves.
    """
    known, unknown = known_and_ipa(text)
    spoken = [_without_echo(voice, word) for word in known]
    phonemes = sum(map(len, spoken)) // _PHONEME
    frames = _cepstra(clip)
    if not known or not len(frames):
        return WordAlignment(tuple(known), unknown, tuple(known), phonemes, 0.0, 0.0)
    scale = _scale(voice)
    track = Track.of(known, [word * scale for word in spoken], _silence() * scale)
    path = track.path(frames * scale)
    seconds = FRAME / SAMPLE_RATE
    return WordAlignment(
        words=tuple(known),
        unknown=unknown,
        missing=notable([known[number] for number in path.skipped], known),
        phonemes=phonemes,
        seconds=(len(frames) - path.pauses) * seconds,
        stray=path.stray * seconds,
        misfit=path.misfit,
    )


@lru_cache(20_000)
def _spoken(voice: Voice, text: str) -> Frames:
    """Return the cepstra of a text spoken by itself, at least a frame."""
    frames = _cepstra(registry.speak(voice.engine, text, voice))
    return frames if len(frames) else _silence()


def _silence() -> Frames:
    return _cepstra_of(np.zeros((1, BANDS)))


def _cepstra(clip: Clip) -> Frames:
    """Return the cepstra of a clip without the silence at its ends, (frames, coefficients)."""
    pcm = resample(trim(clip), SAMPLE_RATE).pcm
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768
    if not len(samples):
        return np.zeros((0, _CEPSTRUM))
    padded = np.pad(samples, (0, max(0, _WINDOW - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::FRAME]
    power = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW))) ** 2
    return _cepstra_of(power @ mel_filters(_WINDOW).T)


def _cepstra_of(bands: Frames) -> Frames:
    """Return the cepstra of the power in bands, (frames, BANDS)."""
    return np.asarray(10 * np.log10(bands + _FLOOR) @ cosines(_CEPSTRUM).T)


def _without_echo(voice: Voice, word: str) -> Frames:
    """Return the cepstra of a word without the echo that some voices have after it."""
    frames = _spoken(voice, word)
    return frames[: max(1, len(frames) - _echo(voice))]


@lru_cache(100)
def _echo(voice: Voice) -> int:
    """Return how many frames a voice is heard after its last sound, a vowel."""
    levels = _spoken(voice, _VOWEL)[:, 0] / np.sqrt(2 * BANDS)  # the mean of the bands in dB
    return len(levels) - 1 - int(np.flatnonzero(levels > levels.max() - _ECHO)[-1])


@lru_cache(100)
def _scale(voice: Voice) -> Frames:
    """Return what each coefficient of a voice is multiplied by, so that it deviates by 1 overall.

    Those that vary much, which tell most, keep the square root of their part in it.
    """
    frames = np.concatenate([_spoken(voice, text) for text in PASSAGE])
    spread = np.maximum(frames.std(axis=0), _LEAST)
    weights = 1 / np.sqrt(spread)
    weights[0] *= _LEVEL
    return np.asarray(weights / np.sqrt(np.square(weights * spread).mean()))
