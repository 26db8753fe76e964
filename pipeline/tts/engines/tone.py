"""An engine without speech: each word a tone. It is exact, fast, and the same on every machine.

Its frame rate is not eSpeak's on purpose, so that a cast of both engines tests mixed rates.
"""

import math
import sys
import zlib
from array import array
from collections.abc import Sequence
from functools import lru_cache

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.missing_voice import absent
from pipeline.tts.engines.registry import check_range

RATE = 24_000
"""Frames a second."""
_EDGE = RATE // 50  # frames of silence at both ends: 20 ms
_RATES = (1, 2000)  # words a minute
_PEAK = 16_000  # of 32,767: about -6 dBFS
_LETTERS = 5  # in a word of average length, by which typists and rates are counted


class Tone:
    """A deterministic engine for tests.

    A word is a sine of 150 to 949 Hz, told by the voice and its pitch; its length is told by its
    letters and the rate, and a fifth of it is the silence after. Every clip begins and ends with
    20 ms of digital silence; a blank text is nothing but these.
    """

    name = "tone"
    fingerprint = "tone 1"

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices there are: `low` is the default."""
        return _VOICES

    def speak(self, text: str, voice: Voice) -> Clip:
        """Give a tone for each word of `text`.

        Raises EngineError for an unknown voice, or rate, pitch or volume out of range.
        """
        known = [info.id for info in _VOICES]
        name = known[0] if voice.id is None else voice.id
        if name not in known:
            what, remedy = absent(self.name, name, _VOICES)
            raise EngineError.of(what, remedy=remedy)
        pitch = 50 if voice.pitch is None else voice.pitch
        check_range("tone", "rate", voice.rate, *_RATES)
        check_range("tone", "pitch", pitch, 0, 100)
        check_range("tone", "volume", voice.volume, 0, 1)
        hertz = frequency(name, pitch)
        second = _second(hertz, voice.volume)
        edge = bytes(2 * _EDGE)
        words = (_word(word, hertz, second, voice.rate) for word in text.split())
        return Clip(edge + b"".join(words) + edge, RATE)


def frequency(voice: str, pitch: int) -> int:
    """The tone of a voice, in whole Hz from 150 to 949."""
    return 150 + zlib.crc32(f"{voice}/{pitch}".encode()) % 800


def _word(word: str, hertz: int, second: bytes, rate: int) -> bytes:
    """The tone of one word and the silence after it, as PCM."""
    seconds = 60 / rate * (0.4 + 0.6 * min(len(word), 40) / _LETTERS)
    frames = round(seconds * RATE)
    # Whole cycles: the tone then starts and stops at zero, and does not click.
    cycles = max(1, int(0.8 * seconds * hertz))
    sounding = round(cycles * RATE / hertz)
    tone = second * (1 + sounding // RATE)
    return tone[: 2 * sounding] + bytes(2 * max(0, frames - sounding))


@lru_cache(maxsize=64)
def _second(hertz: int, volume: float) -> bytes:
    """One second of a sine of whole `hertz`, which can be repeated without a seam."""
    step = 2 * math.pi * hertz / RATE
    peak = _PEAK * volume
    samples = array("h", (round(peak * math.sin(step * n)) for n in range(RATE)))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def _voice(name: str, gender: str | None) -> VoiceInfo:
    return VoiceInfo(
        name, name.capitalize(), "en", gender, "public domain", phonemes=True, rates=_RATES
    )


_VOICES = (
    _voice("low", "male"),
    _voice("high", "female"),
    _voice("even", None),
    *(_voice(f"m{number}", "male") for number in range(1, 6)),
    *(_voice(f"f{number}", "female") for number in range(1, 6)),
)
