"""Self-test of an installation: one second is spoken, encoded, and read back."""

import tempfile
from concurrent.futures import Executor
from pathlib import Path

from pipeline.check.file_meter import measure_levels
from pipeline.check.stream_info import read_stream_info
from pipeline.core.errors import EncodeError
from pipeline.core.workers import result_of
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

TEXT = "This is a test of the voice."
_FORMATS = ("m4b", "mp3")
_MAX_ERROR = 0.2  # seconds that an encoder may add
_MIN_RMS = -60.0  # dBFS


def prove(workers: Executor, engine: str) -> str:
    """Speak with the default voice of an engine, encode a second of it, and measure what is read.

    Returns what was proved. Raises EngineError or EncodeError if that fails.
    """
    clip = result_of(workers.submit(registry.speak, engine, TEXT, Voice(engine)))
    second = clip.pcm[: 2 * clip.rate].ljust(2 * clip.rate, b"\0")
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        for name in _FORMATS:
            _prove_format(name, second, clip.rate, Path(folder) / f"second.{name}")
    return f"{engine}, {', '.join(_FORMATS)}"


def _prove_format(name: str, pcm: bytes, rate: int, out: Path) -> None:
    FfmpegRuns(FORMATS[name], rate).encode([pcm], out, f"encoding a second to {name}")
    stream = read_stream_info(out)
    level = measure_levels(out, stream).rms
    if abs(stream.seconds - 1) > _MAX_ERROR or level < _MIN_RMS:
        raise EncodeError.of(
            f"a second of speech came back from {name} as {stream.seconds:.2f} s at "
            f"{level:.0f} dBFS",
            remedy="install fullcast again, or use its own ffmpeg",
        )
