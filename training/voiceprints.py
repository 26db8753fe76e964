"""Measurement of the installed engines' voices, for the table that casting uses.

    python -m training.voiceprints ENGINE...

Voices of other engines, and those not installed, keep their figures.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

from pipeline.casting import similarity
from pipeline.casting.voiceprint import measure
from pipeline.core.data import data_path
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry
from training.voices import castable

TABLE = data_path("voiceprints.json")
_PITCH_STEPS = [0.12, 0.165]
"""Semitones of a step of eSpeak's pitch, below and above the voice's own (docs/voices.md)."""

_Table = dict[str, Any]


def main(engines: Sequence[str]) -> None:
    """Measure the voices of engines and write the table."""
    table: _Table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    for engine in engines:
        figures = table.setdefault(engine, {}).setdefault("voices", {})
        for info in registry.voices(engine):
            for voice in castable(info):
                figures[voice] = _measure(engine, voice)
    table.setdefault("pyttsx3", {})["semitones_per_pitch"] = _PITCH_STEPS
    TABLE.write_text(_dumps(table), encoding="utf-8")


def _measure(engine: str, voice_id: str) -> list[float]:
    """Return a voice's pitch and its spectrum in dB."""
    voice = Voice(engine, voice_id, similarity.REFERENCE_RATE)
    voiceprint = measure([registry.speak(engine, text, voice) for text in PASSAGE])
    spectrum = [round(level, 1) for level in voiceprint.spectrum]
    return [voiceprint.pitch, *spectrum]


def _dumps(table: _Table) -> str:
    """Return the table as JSON with a line a voice, so that a change to one is easy to see."""
    engines = []
    for engine, content in sorted(table.items()):
        steps = content.get("semitones_per_pitch", [0, 0])
        voices = ",\n".join(
            f"  {json.dumps(voice)}: {json.dumps(figures)}"
            for voice, figures in content["voices"].items()
        )
        engines.append(
            f'"{engine}": {{"semitones_per_pitch": {steps}, "voices": {{\n{voices}\n}}}}'
        )
    return "{" + ",\n".join(engines) + "}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
