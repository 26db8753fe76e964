"""Measure the voices of the engines that are here, into the table that casting goes by.

    python -m training.voiceprints ENGINE...

Voices of engines that are not named, or not here now, keep the figures that they have.
"""

import json
import re
import sys
from collections.abc import Iterator

from pipeline.casting import similarity
from pipeline.casting.voiceprint import measure
from pipeline.core.data import data_path
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.synthesis.levels import PASSAGE
from pipeline.tts.engines import registry

TABLE = data_path("voiceprints.json")
_PLAIN = re.compile(r"\+[mf]\d+")  # the variants that casting uses
_SHAVIAN = re.compile(r"-shaw$")  # spells English out


def voices(info: VoiceInfo) -> Iterator[str]:
    """Give the ids of a voice and of its plain variants."""
    if info.language.startswith("en") and not _SHAVIAN.search(info.language):
        yield info.id
        yield from (info.id + each for each in info.variants if _PLAIN.fullmatch(each))


def main(names: list[str]) -> None:
    """Measure, and write the table."""
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    for name in names:
        listed = table.setdefault(name, {}).setdefault("voices", {})
        for voice in (each for info in registry.voices(name) for each in voices(info)):
            speaker = Voice(name, voice, similarity.REFERENCE_RATE)
            found = measure([registry.speak(name, text, speaker) for text in PASSAGE])
            spectrum = [round(level, 1) for level in found.spectrum]
            listed[voice] = [found.pitch, found.seconds, *spectrum]
    # A step of eSpeak's pitch, down and up from the voice's own: docs/voices.md has how found.
    table.setdefault("pyttsx3", {})["semitones_per_pitch"] = [0.12, 0.165]
    rows = {
        name: ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in about["voices"].items())
        for name, about in sorted(table.items())
    }
    steps = {name: about.get("semitones_per_pitch", [0, 0]) for name, about in table.items()}
    parts = (
        f'"{name}": {{"semitones_per_pitch": {steps[name]}, "voices": {{\n{text}\n}}}}'
        for name, text in rows.items()
    )
    TABLE.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
