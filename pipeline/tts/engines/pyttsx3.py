"""The pyttsx3 engine: eSpeak NG on Linux (from `espeakng-loader`), the system's voices elsewhere.

pyttsx3 is designed to drive a loudspeaker. The recorders work around each way in which it fails to
write audio line by line, with the reason: `espeak_recorder` and `system_recorder`.
"""

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import RATES as USUAL_RATES
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.calibration import PACE_PASSAGE
from pipeline.tts.engines.missing_voice import explain_missing_voice
from pipeline.tts.engines.plain_text import clean, split
from pipeline.tts.engines.registry import find_voice
from pipeline.tts.engines.speech_recorder import SpeechRecorder
from pipeline.tts.engines.voice_checks import check_settings
from pipeline.tts.pace import pace_of_clips

RATES = (80, 900)
"""Words per minute; eSpeak NG silently replaces slower rates by 80."""
MAX_CHARACTERS = 1000
"""Longest text in one call of pyttsx3, whose buffer takes time quadratic in the length."""
_REVISION = 3  # to raise when the same text begins to reach the library in another form
_NATURAL_SHIFT = 2.0  # semitones, of the voices of Windows and macOS
_ACCURACY = 0.04  # of a rate: a voice that is further off is asked for another one
_BLANK = Clip(bytes(2 * 1102), 22050)  # 50 ms

_lock = threading.Lock()  # pyttsx3 and eSpeak NG have one state for the whole process


class Pyttsx3:
    """Speaks through pyttsx3. Only one instance per process; calls from several threads queue.

    The sample rate is 22,050 Hz on eSpeak NG. The same text and voice always give a clip of the
    same length, and the same samples except for the noise of a few variants (klatt). Only eSpeak NG
    has a pitch setting.
    """

    name = "pyttsx3"

    def __init__(self) -> None:
        try:
            self._recorder = _recorder()
        except Exception as error:
            raise EngineError.of(
                f"pyttsx3 cannot start: {error}", remedy="run `fullcast doctor`"
            ) from error
        self._errors: list[Exception] = []
        self._rates: dict[tuple[str, int], int] = {}
        # pyttsx3 reports errors in its queue through this event and raises none of them.
        self._recorder.engine.connect("error", self._collect_error)
        self._default: str = self._recorder.engine.getProperty("voice")
        self.fingerprint = (
            f"pyttsx3 {version('pyttsx3')} {self._recorder.library} revision {_REVISION}"
        )

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices; on eSpeak NG each of them has every variant."""
        return self._voices

    def speak(self, text: str, voice: Voice) -> Clip:
        """Synthesise `text` as plain text: nothing in it is markup.

        Text with nothing to pronounce gives a short silence. Raises EngineError for an unknown
        voice, for settings out of range, and when the library fails.
        """
        check_settings(self.name, voice, RATES)
        name = self._default if voice.id is None else voice.id
        self._check_voice(name)
        with _lock:
            self._apply(name, replace(voice, rate=self._rate_to_set(name, round(voice.rate))))
            clips = [self._record(part) for part in split(clean(text), MAX_CHARACTERS)]
        if not clips:
            return _BLANK
        return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)

    @cached_property
    def _voices(self) -> tuple[VoiceInfo, ...]:
        variants = self._recorder.variants()
        voices = self._recorder.engine.getProperty("voices")
        return tuple(_info(voice, variants, self._recorder) for voice in voices)

    def _check_voice(self, name: str) -> None:
        """Raise EngineError if the voice is missing: the library would keep the previous one."""
        if find_voice(self._voices, name) is None:
            what, remedy = explain_missing_voice(self.name, name, self._voices)
            raise EngineError.of(what, remedy=remedy)

    def _rate_to_set(self, name: str, rate: int) -> int:
        """Return what to set for a rate: some voices are slower than they should be.

        `gmw/en-us+m4` set to 165 speaks 153 words per minute. Measuring takes 20 ms.
        """
        info = find_voice(self._voices, name)
        is_english = info is not None and info.language.startswith("en")
        if not (is_english and USUAL_RATES[0] <= rate <= USUAL_RATES[1] and self._recorder.formant):
            return rate
        if (name, rate) not in self._rates:
            self._apply(name, Voice(self.name, name, rate))
            given = pace_of_clips(map(self._record, PACE_PASSAGE))
            corrected = max(RATES[0], round(rate * rate / given))
            is_accurate = abs(given / rate - 1) <= _ACCURACY
            self._rates[name, rate] = rate if is_accurate else corrected
        return self._rates[name, rate]

    def _apply(self, name: str, voice: Voice) -> None:
        """Apply the voice settings, all of them each time: those of the last call would persist."""
        engine = self._recorder.engine
        self._errors.clear()
        engine.setProperty("voice", name)
        engine.setProperty("rate", round(voice.rate))  # a float is silently ignored
        engine.setProperty("volume", voice.volume)
        if self._recorder.has_pitch:
            engine.setProperty("pitch", 50 if voice.pitch is None else round(voice.pitch))
        self._raise_collected()
        if (current := engine.getProperty("voice")).lower() != name.lower():
            raise EngineError.of(f"pyttsx3 uses the voice {current!r} instead of {name!r}")

    def _record(self, text: str) -> Clip:
        clip = self._recorder.record(text)
        self._raise_collected()
        return clip

    def _collect_error(self, exception: Exception, **_details: object) -> None:
        self._errors.append(exception)

    def _raise_collected(self) -> None:
        if self._errors:
            raise EngineError.of(f"pyttsx3 failed: {self._errors[0]}")


def _recorder() -> SpeechRecorder:
    """Return the recorder for this system; the packages that the other one needs may be missing."""
    if sys.platform in {"win32", "darwin"}:
        from pipeline.tts.engines.system_recorder import SystemRecorder  # noqa: PLC0415

        return SystemRecorder()
    from pipeline.tts.engines.espeak_recorder import espeak_recorder  # noqa: PLC0415

    return espeak_recorder()


def _info(voice: Any, variants: tuple[str, ...], recorder: SpeechRecorder) -> VoiceInfo:
    """Return the description of one of pyttsx3's voices."""
    language = str(voice.languages[0]) if voice.languages else ""
    gender = str(voice.gender or "").lower().removeprefix("voicegender")
    known = gender if gender in {"male", "female"} else None
    return VoiceInfo(
        voice.id,
        voice.name or voice.id,
        language,
        known,
        recorder.licence,
        variants,
        rates=RATES,
        formant=recorder.formant,
        natural_shift=None if recorder.has_pitch else _NATURAL_SHIFT,
        product=recorder.product,
    )
