"""The tone engine: a tone for each word instead of speech; exact, fast, the same on every machine.

Its sample rate differs from eSpeak NG's on purpose: a cast of both engines tests mixed rates.
"""

import math
import sys
import zlib
from array import array
from collections.abc import Sequence
from functools import lru_cache

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.voice_checks import check_settings, check_voice

RATE = 24_000
"""Sample rate in Hz."""
_EDGE = RATE // 50  # frames of silence at both ends: 20 ms
_RATES = (1, 2000)  # words per minute
_PEAK = 16_000  # of 32,767: about -6 dBFS
_WORD_LENGTH = 5  # letters of an average word, the unit of typing speed and of rates


class Tone:
    """A deterministic engine for tests.

    A word is a sine of 150 to 949 Hz, depending on the voice and its pitch. Its length depends on
    the number of letters and the rate; a fifth of it is the silence that follows. Every clip begins
    and ends with 20 ms of digital silence; a blank text has nothing else.
    """

    name = "tone"
    fingerprint = "tone 1"

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices; `low` is the default."""
        return _VOICES

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return a tone for each word of `text`.

        Raises EngineError for an unknown voice or settings out of range.
        """
        ids = [info.id for info in _VOICES]
        name = ids[0] if voice.id is None else voice.id
        check_voice(self.name, name, ids, self.voices)
        check_settings(self.name, voice, _RATES)
        hertz = frequency(name, 50 if voice.pitch is None else voice.pitch)
        second = _second(hertz, voice.volume)
        edge = bytes(2 * _EDGE)
        words = (_word(word, hertz, second, voice.rate) for word in text.split())
        return Clip(edge + b"".join(words) + edge, RATE)


def frequency(voice: str, pitch: int) -> int:
    """Return the frequency of a voice in whole Hz, from 150 to 949."""
    return 150 + zlib.crc32(f"{voice}/{pitch}".encode()) % 800


def _word(word: str, hertz: int, second: bytes, rate: int) -> bytes:
    """Return the PCM of one word and the silence after it; `rate` is in words per minute."""
    seconds = 60 / rate * (0.4 + 0.6 * min(len(word), 40) / _WORD_LENGTH)
    frames = round(seconds * RATE)
    # Whole cycles: the tone starts and stops at zero, and does not click.
    cycles = max(1, int(0.8 * seconds * hertz))
    sounding = round(cycles * RATE / hertz)
    tone = second * (1 + sounding // RATE)
    return tone[: 2 * sounding] + bytes(2 * max(0, frames - sounding))


@lru_cache(maxsize=64)
def _second(hertz: int, volume: float) -> bytes:
    """Return one second of a sine of whole `hertz`, which can be repeated seamlessly."""
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
