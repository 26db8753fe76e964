"""What each delivery does to a voice: a table in Markdown.

usage: python -m benchmarks.deliveries [--engine NAME ...] [--voice ID] [--rate 165] [--quality]

For each delivery: seconds of the passage by which voices are measured, median pitch, and the level
in LUFS relative to plain speech, all as they are mixed. With `--quality`, the mean opinion score
that listeners would give (1 to 5), by the judge with which voices are measured (`training/voices`).
"""

import argparse
from collections.abc import Iterator, Sequence
from importlib import import_module
from math import log2
from statistics import fmean

from pipeline.audio import editing
from pipeline.audio.meter import integrated_loudness
from pipeline.casting.voiceprint import measure
from pipeline.core.errors import PipelineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.synthesis.delivery_effect import EFFECTS, apply_delivery, effect_of
from pipeline.synthesis.levels import VoiceLevel
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry


def main() -> None:
    """Print a table for each engine."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--voice")
    parser.add_argument("--rate", type=int, default=165)
    parser.add_argument("--quality", action="store_true")
    arguments = parser.parse_args()
    for engine in arguments.engine or registry.names():
        try:
            for row in _rows(Voice(engine, arguments.voice, arguments.rate), arguments.quality):
                print(row, flush=True)
        except PipelineError as error:
            print(f"{engine:8} {error}", flush=True)


def _rows(voice: Voice, with_quality: bool) -> Iterator[str]:
    info = registry.describe_voice(voice.engine, voice.id)
    yield f"\n| {info.id if info else voice.label} | seconds | pitch | level |" + (
        " quality |" if with_quality else ""
    )
    yield "|---|---|---|---|" + "---|" * with_quality
    plain = _spoken(voice)
    level = VoiceLevel(0.0, integrated_loudness(_joined(plain)))
    hertz = measure(plain).pitch
    for delivery in (None, *EFFECTS):
        styles = info.styles if info else ()
        applied = apply_delivery(voice, delivery, info.rates if info else None, styles)
        clips = _spoken(applied)
        raised = level.raised(effect_of(delivery).gain)
        mixed = [editing.fade(clip, raised.clip_gain(clip)) for clip in clips]
        pitch = measure(clips).pitch
        loudness = integrated_loudness(_joined(mixed)) - level.loudness
        semitones = 12 * log2(pitch / hertz)
        seconds = sum(clip.seconds for clip in clips)
        row = (
            f"| {delivery or 'plain'} | {seconds:.2f} | {pitch:.0f} Hz, {semitones:+.1f} semitones"
        )
        quality = f" {_quality(clips):.2f} |" if with_quality else ""
        yield f"{row} | {loudness:+.1f} |{quality}"


def _spoken(voice: Voice) -> list[Clip]:
    return [editing.trim(registry.speak(voice.engine, text, voice)) for text in PASSAGE]


def _joined(clips: Sequence[Clip]) -> Clip:
    return Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)


def _quality(clips: Sequence[Clip]) -> float:
    listening = import_module("training.listening")
    return fmean(listening.qualities([listening.samples_of(clip) for clip in clips]))


if __name__ == "__main__":
    main()
