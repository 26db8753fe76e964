"""The ends of clips: the sound in the milliseconds that are faded, and the offset of the voices.

usage: python -m benchmarks.edges BOOK.txt [--engine NAME ...] [--lines 60]

Lines of the book are spoken with the first voice of each engine, and trimmed as in a render. A line
counts whose first or last 5 ms have a sample above -45 dBFS. The offset is the largest mean over 60
ms, weighted by a Hann window; before and after are as the engine spoke it, and as it is mixed.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import editing
from pipeline.ingest import reader
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry

_SOUND = -45.0  # dBFS
_WINDOW = 0.06  # seconds
Samples = NDArray[np.float64]


def main() -> None:
    """Speak, and print a row for each engine."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", type=Path)
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--lines", type=int, default=60)
    arguments = parser.parse_args()
    texts = list(_lines(arguments.book, arguments.lines))
    print("engine     lines  with sound in the fades: start, end   offset in dBFS: before, after")
    for engine in arguments.engine or registry.names():
        voice = Voice(engine, registry.voices(engine)[0].id)
        if engine == "pyttsx3":
            voice = Voice(engine, "gmw/en")
        clips = [registry.speak(engine, text, voice) for text in texts]
        mixed = [editing.trim(clip) for clip in clips]
        starts, ends = (sum(_has_sound(clip, at) for clip in mixed) for at in ("start", "end"))
        offsets = "  ".join(f"{max(map(_offset, some)):6.1f}" for some in (clips, mixed))
        print(f"{engine:10} {len(texts):5}  {starts:4} {ends:4}  {offsets}", flush=True)


def _lines(book: Path, number: int) -> Iterator[str]:
    """Yield the first sentences of as many paragraphs."""
    paragraphs = [text for text in reader.read(book).text.split("\n\n") if text.strip()]
    for text in paragraphs[:number]:
        yield " ".join(text.split())[:120].rpartition(" ")[0] or text.strip()


def _samples(clip: Clip) -> Samples:
    return np.frombuffer(clip.pcm, "<i2").astype(float) / 32_768


def _has_sound(clip: Clip, where: str) -> bool:
    faded = round(editing.FADE * clip.rate)
    samples = _samples(clip)
    edge = samples[:faded] if where == "start" else samples[-faded:]
    return bool(_dbfs(edge) > _SOUND)


def _offset(clip: Clip) -> float:
    window = np.hanning(round(_WINDOW * clip.rate))
    return _dbfs(np.convolve(_samples(clip), window / window.sum(), "same"))


def _dbfs(samples: Samples) -> float:
    return float(20 * np.log10(max(np.abs(samples).max(initial=0), 1e-9)))


if __name__ == "__main__":
    main()
