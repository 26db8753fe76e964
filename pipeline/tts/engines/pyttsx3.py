"""The pyttsx3 engine: eSpeak NG on Linux (from `espeakng-loader`), the system's voices elsewhere.

pyttsx3 is made to drive a loudspeaker. Each way in which it fails to write audio line by line is
cured in one place below, with the reason.
"""

import ctypes
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import pyttsx3

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.espeak_state import resetter
from pipeline.tts.engines.missing_voice import absent
from pipeline.tts.engines.plain_text import clean, split
from pipeline.tts.engines.registry import check_range, described

RATES = (80, 900)
"""Words a minute: eSpeak NG speaks slower ones at 80, in silence."""
LONGEST = 1000
"""Characters in one call of pyttsx3: its buffer grows with the square of the length."""
_REVISION = 2  # raise it when the same text begins to reach the library in another form
_BLANK = Clip(bytes(2 * 1102), 22050)  # 50 ms
_POLL = 0.0005  # seconds
_PATIENCE = 1.0  # seconds that a driver may wait for a library that is idle


# pyttsx3's drivers print on stdout, which is for the command's answer.
def _silent(*_args: object, **_options: object) -> None:
    """Print nothing."""


_turn = threading.Lock()  # pyttsx3 and eSpeak NG have one state for the whole process


class _Recorder(Protocol):
    """A way of getting audio out of pyttsx3."""

    engine: Any
    has_pitch: bool
    library: str

    def variants(self) -> tuple[str, ...]: ...

    def record(self, text: str) -> Clip: ...


class Pyttsx3:
    """Speaks through pyttsx3. One instance a process; calls from several threads take turns.

    Clips have 22,050 frames a second on eSpeak NG. The same text and voice always give a clip of
    the same length, and the same samples but for the noise of a few variants (klatt).
    Pitch is eSpeak NG's alone: the voices of Windows and macOS keep their own.
    """

    name = "pyttsx3"

    def __init__(self) -> None:
        try:
            system = sys.platform in {"win32", "darwin"}
            self._recorder: _Recorder = SystemVoices() if system else espeak()
        except Exception as error:
            raise EngineError.of(
                f"pyttsx3 cannot start: {error}", remedy="run `fullcast doctor`"
            ) from error
        self._errors: list[Exception] = []
        # pyttsx3 raises nothing that goes wrong in its queue: it tells this event alone.
        self._recorder.engine.connect("error", self._failed)
        self._default: str = self._recorder.engine.getProperty("voice")
        self.fingerprint = (
            f"pyttsx3 {version('pyttsx3')} {self._recorder.library} revision {_REVISION}"
        )

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices there are; on eSpeak NG each takes every variant."""
        return self._voices

    def speak(self, text: str, voice: Voice) -> Clip:
        """Speak `text` as plain text: nothing in it is taken for markup.

        A text without anything to pronounce gives a short silence. Raises EngineError for an
        unknown voice, for numbers out of range, and when the library fails.
        """
        check_range("pyttsx3", "rate", voice.rate, *RATES)
        check_range("pyttsx3", "pitch", 50 if voice.pitch is None else voice.pitch, 0, 100)
        check_range("pyttsx3", "volume", voice.volume, 0, 1)
        name = self._default if voice.id is None else voice.id
        self._check_voice(name)
        with _turn:
            self._set(name, voice)
            clips = [self._record(part) for part in split(clean(text), LONGEST)]
        if not clips:
            return _BLANK
        return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)

    @cached_property
    def _voices(self) -> tuple[VoiceInfo, ...]:
        variants = self._recorder.variants()
        licence = "GPL-3.0-or-later" if isinstance(self._recorder, Espeak) else None
        found = self._recorder.engine.getProperty("voices")
        return tuple(_info(each, variants, licence) for each in found)

    def _check_voice(self, name: str) -> None:
        """Raise EngineError unless the voice is there: the library would keep the last one."""
        if described(self._voices, name) is None:
            what, remedy = absent(self.name, name, self._voices)
            raise EngineError.of(what, remedy=remedy)

    def _set(self, name: str, voice: Voice) -> None:
        engine = self._recorder.engine
        self._errors.clear()
        # All of them each time, pitch too: what the last line set would otherwise stay.
        engine.setProperty("voice", name)
        engine.setProperty("rate", round(voice.rate))  # a float is refused in silence
        engine.setProperty("volume", voice.volume)
        if self._recorder.has_pitch:
            engine.setProperty("pitch", 50 if voice.pitch is None else round(voice.pitch))
        self._raise_failure()
        if (now := engine.getProperty("voice")).lower() != name.lower():
            raise EngineError.of(f"pyttsx3 speaks with {now!r} where {name!r} was asked for")

    def _record(self, text: str) -> Clip:
        clip = self._recorder.record(text)
        self._raise_failure()
        return clip

    def _failed(self, exception: Exception, **_about: object) -> None:
        self._errors.append(exception)

    def _raise_failure(self) -> None:
        if self._errors:
            raise EngineError.of(f"pyttsx3 failed: {self._errors[0]}")


class Espeak:
    """eSpeak NG through pyttsx3's public calls, recorded in memory."""

    has_pitch = True

    def __init__(self) -> None:
        import espeakng_loader  # noqa: PLC0415 - needed, and sure to be there, on Linux alone

        self._data = Path(espeakng_loader.get_data_path())
        # The driver loads `libespeak-ng.so.1` by that name: a library already loaded under it is
        # taken, and no system package is needed. Its data must be of the same version.
        ctypes.CDLL(espeakng_loader.get_library_path())
        os.environ["ESPEAK_DATA_PATH"] = str(self._data)
        self._reset = resetter(Path(espeakng_loader.get_library_path()))
        driver = import_module("pyttsx3.drivers.espeak")
        library = import_module("pyttsx3.drivers._espeak")
        vars(driver)["print"] = _silent
        # The driver looks every 10 ms whether the library has done; it takes 2.
        self._clock = _Clock(library.IsPlaying)
        vars(driver)["time"] = self._clock
        self.engine = pyttsx3.init("espeak")
        # At the end of each run pyttsx3 stops the driver, which throws away the settings that wait
        # in the library's queue. There is nothing to stop when a run has ended.
        self.engine.proxy._driver.stop = lambda: None
        # The first run of an engine returns before it has done anything.
        self.engine.runAndWait()
        self.library = f"eSpeak NG {library.Info().decode()} ({version('espeakng-loader')})"

    def variants(self) -> tuple[str, ...]:
        """The endings that make another voice of each, `+m1` to `+f5` first."""
        names = [file.name for file in (self._data / "voices" / "!v").iterdir() if file.is_file()]
        men = sorted(name for name in names if re.fullmatch(r"m\d", name))
        women = sorted(name for name in names if re.fullmatch(r"f\d", name))
        others = sorted(set(names) - {*men, *women}, key=str.lower)
        return tuple(f"+{name}" for name in (*men, *women, *others))

    def record(self, text: str) -> Clip:
        """Speak `text`, one call a run: of several only the last is written."""
        # The driver hands the "file name" to `wave.open`, which takes a file as well: there is no
        # path that cannot be written, and no disk to wait for.
        file = io.BytesIO()
        self.save(text, file)
        file.seek(0)
        with wave.open(file) as audio:
            return Clip(audio.readframes(audio.getnframes()), audio.getframerate())

    def save(self, text: str, target: Any) -> None:
        """Write a WAV of `text` to a path or binary file; raise EngineError if it fails."""
        self._clock.start()
        self._reset()  # else the length depends, by up to 1%, on what the process spoke before
        try:
            self.engine.save_to_file(text, target)
            self.engine.runAndWait()
        except EngineError:
            self.engine.proxy.setBusy(False)  # as the end of the run would have left it
            raise


@cache
def espeak() -> Espeak:
    """The one there may be in a process: the library can be started only once."""
    return Espeak()


class _Clock:
    """Stands in for the `time` module in pyttsx3's eSpeak driver, which only sleeps.

    When the driver cannot write its file it loops for ever; here that becomes an error.
    """

    def __init__(self, is_playing: Any):
        self._is_playing = is_playing
        self.start()

    def start(self) -> None:
        self._busy = time.monotonic()

    def sleep(self, _seconds: float) -> None:
        time.sleep(_POLL)
        now = time.monotonic()
        if self._is_playing():
            self._busy = now
        elif now - self._busy > _PATIENCE:
            raise EngineError.of("pyttsx3 could not write the audio that eSpeak NG gave")


class SystemVoices:
    """The voices of Windows (SAPI 5) or macOS (NSSpeechSynthesizer), recorded in a file."""

    has_pitch = False

    def __init__(self, driver: str | None = None) -> None:
        self.engine = pyttsx3.init(driver)
        driver_module = import_module(f"pyttsx3.drivers.{self.engine.driver_name}")
        vars(driver_module)["print"] = _silent
        self.library = f"{self.engine.driver_name} {sys.platform}"

    def variants(self) -> tuple[str, ...]:
        """None: eSpeak NG alone has them."""
        return ()

    def record(self, text: str) -> Clip:
        """Speak `text`; raise EngineError if no audio came of it."""
        # macOS writes AIFF whatever the name says; SAPI reads a text that begins with `<` as XML,
        # and macOS takes `[[...]]` for a command.
        plain = text.replace("<", " ").replace("[[", " ")
        try:
            with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
                file = Path(folder) / ("speech.aiff" if sys.platform == "darwin" else "speech.wav")
                self.engine.save_to_file(plain, str(file))
                self.engine.runAndWait()
                return read_audio(file)
        except OSError as error:
            raise EngineError.of(f"pyttsx3 has nowhere to write to: {error}") from error


def read_audio(file: Path) -> Clip:
    """Read whatever a system's voice wrote, as mono; raise EngineError if it is not audio."""
    import imageio_ffmpeg  # noqa: PLC0415 - not needed on Linux

    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    form = ["-ac", "1", "-c:a", "pcm_s16le", "-f", "wav", "-"]
    command = [ffmpeg, "-nostdin", "-v", "error", "-i", str(file), *form]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise EngineError.of(f"pyttsx3 wrote no audio that can be read: {said}")
    # A WAV written to a pipe does not know its length; its frames are what follows the header.
    with wave.open(io.BytesIO(done.stdout)) as audio:
        return Clip(audio.readframes(len(done.stdout) // 2), audio.getframerate())


def _info(voice: Any, variants: tuple[str, ...], licence: str | None) -> VoiceInfo:
    """pyttsx3's voice in our words."""
    language = str(voice.languages[0]) if voice.languages else ""
    gender = str(voice.gender or "").lower().removeprefix("voicegender")
    known = gender if gender in {"male", "female"} else None
    return VoiceInfo(
        voice.id, voice.name or voice.id, language, known, licence, variants, rates=RATES
    )
