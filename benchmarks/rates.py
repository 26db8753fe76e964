"""Whether voices speak at the rates that they are asked for.

usage: python -m benchmarks.rates [--engine NAME ...] [--voice ID ...] [RATE ...]

Prints the words per minute of each voice at each rate within its range, and how far off that is. A
word is one of the passage by which all voices are measured (`tts/calibration.py`); silence at the
ends of a clip does not count. The curve of an engine (`tts/engines/speeds.py`) is right where these
figures are: multiply the second figure of its points by the ratio to correct it.
"""

import argparse
from collections.abc import Iterator, Sequence

from pipeline.core.errors import PipelineError
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.calibration import PACE_PASSAGE
from pipeline.tts.engines import registry
from pipeline.tts.pace import pace_of_clips

RATES = (90, 110, 130, 150, 165, 180, 195, 210, 230, 260, 300)
TOLERANCE = 0.05


def main() -> None:
    """Measure the voices of the engines, and print a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rates", metavar="RATE", type=int, nargs="*", default=RATES)
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--voice", action="append")
    arguments = parser.parse_args()
    for engine in arguments.engine or registry.names():
        try:
            for voice in _voices(engine, arguments.voice):
                print(f"{voice.label:34}", *_row(voice, arguments.rates), flush=True)
        except PipelineError as error:
            print(f"{engine:34} {error}", flush=True)


def given_rate(voice: Voice) -> float:
    """Return the words per minute that a voice speaks at its settings."""
    return pace_of_clips(registry.speak(voice.engine, text, voice) for text in PACE_PASSAGE)


def _voices(engine: str, wanted: Sequence[str] | None) -> list[Voice]:
    infos = [info for info in registry.voices(engine) if info.language.startswith("en")]
    return [Voice(engine, name) for name in wanted or [info.id for info in infos]]


def _row(voice: Voice, rates: Sequence[int]) -> Iterator[str]:
    registry.speak(voice.engine, "yes", voice)  # some voices know their range once they are loaded
    info = registry.describe_voice(voice.engine, voice.id)
    for rate in rates:
        if _speaks_at(info, rate):
            given = given_rate(Voice(voice.engine, voice.id, rate))
            mark = "" if abs(given / rate - 1) <= TOLERANCE else "!"
            yield f"{rate}: {given:.0f} ({100 * given / rate - 100:+.1f}%){mark} "


def _speaks_at(info: VoiceInfo | None, rate: int) -> bool:
    return info is None or info.rates is None or info.rates[0] <= rate <= info.rates[1]


if __name__ == "__main__":
    main()
