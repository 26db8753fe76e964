"""The least that the work costs: eSpeak NG itself and the bare encoder, on the same lines.

The library is called directly, and all of its audio goes to one ffmpeg with the options of our own
M4B, without pauses, levels, chapters or tags.

usage: python -m benchmarks.floor LINES.jsonl OUT.m4a
"""

import ctypes
import json
import subprocess
import sys
from pathlib import Path

import espeakng_loader

from pipeline.core import ffmpeg
from pipeline.export.encoding.formats import FORMATS

_SYNCHRONOUS, _UTF8, _RATE = 2, 1, 1  # from eSpeak NG's speak_lib.h
_HERTZ = 22_050
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def main(lines: Path, out: Path) -> None:
    """Speak lines of `{"text", "voice", "rate"}` to one file."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    options = ["-f", "s16le", "-ar", str(_HERTZ), "-ac", "1", "-i", "pipe:0"]
    command = [ffmpeg.executable(), "-v", "error", "-y", *options, *FORMATS["m4b"].codec]
    with subprocess.Popen([*command, str(out)], stdin=subprocess.PIPE) as encoder:
        pipe = encoder.stdin
        assert pipe is not None

        def on_samples(samples: object, count: int, _: object) -> int:
            if samples and count:
                pipe.write(ctypes.string_at(samples, 2 * count))
            return 0

        callback = _CALLBACK(on_samples)  # kept in a variable while the library may call it
        library.espeak_SetSynthCallback(callback)
        for line in map(json.loads, lines.read_text(encoding="utf-8").splitlines()):
            text = line["text"].encode() + b"\0"
            library.espeak_SetVoiceByName((line["voice"] or "gmw/en").encode())
            library.espeak_SetParameter(_RATE, line["rate"], 0)
            library.espeak_Synth(text, len(text), 0, 0, 0, _UTF8, None, None)
        pipe.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
