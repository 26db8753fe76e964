"""The voices of Windows (SAPI 5) and macOS (NSSpeechSynthesizer) through pyttsx3, as files."""

import io
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import imageio_ffmpeg
import pyttsx3

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.tts.engines.speech_recorder import load_driver


class SystemRecorder:
    """Records the system's voices through pyttsx3."""

    licence: str | None = None
    has_pitch = False
    formant = False
    product = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "")

    def __init__(self, driver: str | None = None) -> None:
        self.engine = pyttsx3.init(driver)
        load_driver(self.engine.driver_name)
        self.library = f"{self.engine.driver_name} {sys.platform}"

    def variants(self) -> tuple[str, ...]:
        """Return none: only eSpeak NG has variants."""
        return ()

    def record(self, text: str) -> Clip:
        """Synthesise `text`; raise EngineError if there is no audio."""
        # macOS writes AIFF whatever the suffix; SAPI parses a text that begins with `<` as XML, and
        # macOS treats `[[...]]` as a command.
        plain = text.replace("<", " ").replace("[[", " ")
        try:
            with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
                file = Path(folder) / ("speech.aiff" if sys.platform == "darwin" else "speech.wav")
                self.engine.save_to_file(plain, str(file))
                self.engine.runAndWait()
                return read_audio(file)
        except OSError as error:
            raise EngineError.of(f"pyttsx3 cannot write a temporary file: {error}") from error


def read_audio(file: Path) -> Clip:
    """Read the file that a system voice wrote, as mono; raise EngineError if it is not audio."""
    form = ["-ac", "1", "-c:a", "pcm_s16le", "-f", "wav", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(file), *form]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode != 0:
        reason = result.stderr.decode(errors="replace").strip()
        raise EngineError.of(f"pyttsx3 wrote no readable audio: {reason}")
    # The header of a WAV written to a pipe lacks the length; all that follows it are frames.
    with wave.open(io.BytesIO(result.stdout)) as audio:
        return Clip(audio.readframes(len(result.stdout) // 2), audio.getframerate())
