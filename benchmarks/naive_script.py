"""The naive script: what somebody writes in an afternoon with pyttsx3 and pydub.

Line by line through one engine, `+=` on one AudioSegment, one export at the end. It is a baseline,
written the way one would write it, with only those fixes without which lines are lost or spoken by
the wrong voice (see the pitfalls in `pipeline/tts/engines/pyttsx3.py`).

usage: python -m benchmarks.naive_script LINES.jsonl OUT.m4b
"""

import ctypes
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import espeakng_loader

from pipeline.core import ffmpeg


def start_engine() -> Any:
    """Start pyttsx3 on the packaged eSpeak NG, with only those fixes that it cannot do without."""
    ctypes.CDLL(espeakng_loader.get_library_path())
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.proxy._driver.stop = lambda: None
    engine.runAndWait()
    return engine


def main(lines: Path, out: Path) -> None:
    """Render lines of `{"text", "voice", "rate", "pause"}` to one file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    AudioSegment.converter = ffmpeg.executable()
    engine = start_engine()
    book = AudioSegment.silent(500, frame_rate=22_050)
    with tempfile.TemporaryDirectory() as folder:
        wav = str(Path(folder) / "line.wav")
        for line in map(json.loads, lines.read_text(encoding="utf-8").splitlines()):
            engine.setProperty("voice", line["voice"])
            engine.setProperty("rate", line["rate"])
            engine.save_to_file(line["text"], wav)
            engine.runAndWait()
            book += AudioSegment.from_wav(wav)
            book += AudioSegment.silent(round(1000 * line["pause"]), frame_rate=22_050)
    book.export(out, format="ipod", codec="aac", bitrate="64k")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
