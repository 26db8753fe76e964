"""eSpeak NG through pyttsx3, recorded in memory: pyttsx3's faults on Linux, and their cures."""

import ctypes
import io
import os
import re
import time
import wave
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import espeakng_loader
import pyttsx3

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.tts.engines.espeak_state import make_reset
from pipeline.tts.engines.speech_recorder import load_driver

_POLL_INTERVAL = 0.0005  # seconds
_IDLE_TIMEOUT = 1.0  # seconds that the driver may wait for an idle library


class EspeakRecorder:
    """Records eSpeak NG through pyttsx3's public calls."""

    licence: str | None = "GPL-3.0-or-later"
    has_pitch = True
    formant = True
    product = "eSpeak NG"

    def __init__(self) -> None:
        self._data = Path(espeakng_loader.get_data_path())
        # The driver loads `libespeak-ng.so.1` by that name, and gets the library that is already
        # loaded under it: no system package is needed. Its data must be of the same version.
        ctypes.CDLL(espeakng_loader.get_library_path())
        os.environ["ESPEAK_DATA_PATH"] = str(self._data)
        self._reset = make_reset(Path(espeakng_loader.get_library_path()))
        driver = load_driver("espeak")
        library = import_module("pyttsx3.drivers._espeak")
        # The driver polls the library every 10 ms; an utterance takes it 2.
        self._clock = _DriverClock(library.IsPlaying)
        vars(driver)["time"] = self._clock
        self.engine = pyttsx3.init("espeak")
        # At the end of each run pyttsx3 stops the driver, which discards the settings that wait in
        # the library's queue. When a run has ended there is nothing to stop.
        self.engine.proxy._driver.stop = lambda: None
        # The first run of an engine returns before it has done anything.
        self.engine.runAndWait()
        self.library = f"eSpeak NG {library.Info().decode()} ({version('espeakng-loader')})"

    def variants(self) -> tuple[str, ...]:
        """Return the suffixes that make variants of a voice, `+m1` to `+f5` first."""
        names = [file.name for file in (self._data / "voices" / "!v").iterdir() if file.is_file()]
        men = sorted(name for name in names if re.fullmatch(r"m\d", name))
        women = sorted(name for name in names if re.fullmatch(r"f\d", name))
        others = sorted(set(names) - {*men, *women}, key=str.lower)
        return tuple(f"+{name}" for name in (*men, *women, *others))

    def record(self, text: str) -> Clip:
        """Synthesise `text` in a run of its own: of several texts in a run the last is written."""
        # The driver passes the "file name" to `wave.open`, which also accepts a file: no path can
        # be unwritable, and there is no disk to wait for.
        file = io.BytesIO()
        self.save(text, file)
        file.seek(0)
        with wave.open(file) as audio:
            return Clip(audio.readframes(audio.getnframes()), audio.getframerate())

    def save(self, text: str, target: Any) -> None:
        """Write a WAV of `text` to a path or binary file; raise EngineError if it fails."""
        self._clock.start()
        self._reset()  # or the length would vary by up to 1% with what the process spoke before
        try:
            self.engine.save_to_file(text, target)
            self.engine.runAndWait()
        except EngineError:
            self.engine.proxy.setBusy(False)  # the state that the end of the run would have left
            raise


@cache
def espeak_recorder() -> EspeakRecorder:
    """Return the only recorder of a process: the library can be initialised only once."""
    return EspeakRecorder()


class _DriverClock:
    """Replacement of the `time` module in pyttsx3's eSpeak driver, which only calls `sleep`.

    When the driver cannot write its file it loops forever; here that becomes an error.
    """

    def __init__(self, is_playing: Any):
        self._is_playing = is_playing
        self.start()

    def start(self) -> None:
        self._last_busy = time.monotonic()

    def sleep(self, _seconds: float) -> None:
        time.sleep(_POLL_INTERVAL)
        now = time.monotonic()
        if self._is_playing():
            self._last_busy = now
        elif now - self._last_busy > _IDLE_TIMEOUT:
            raise EngineError.of("pyttsx3 could not write the audio from eSpeak NG")
