"""How far apart the main roles of a book are when cast automatically: the table of docs/voices.md.

usage: python -m benchmarks.casting BOOK [ENGINE]

The characters are those found in the book. A voice that is not in the tables is measured on the
passage.
"""

import sys
import tempfile
import time
from functools import cache, partial
from itertools import combinations
from pathlib import Path

from pipeline.app.preparation import attribute_speakers
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.discovery import add_missing_characters
from pipeline.casting.lookalikes import main_roles
from pipeline.casting.similarity import Distance, Voiceprint, distance, known_voiceprint
from pipeline.casting.voice_figures import voice_figures
from pipeline.casting.voiceprint import measure
from pipeline.casting.voices_file.loading import load
from pipeline.ingest.reader import read
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry


def cast_automatically(source: Path, engine: str) -> tuple[Cast, Script, float]:
    """Find and cast the characters of a book; return cast, script and the CPU seconds to cast."""
    book = read(source)
    voices_of = cache(registry.voices)
    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder) / "voices.yaml"
        voices.write_text(f"engine: {engine}\n", encoding="utf-8")
        add_missing_characters(book, voices, None)
        cast = load(voices, registry.names(), voices_of)
        script = attribute_speakers(book, cast)
        for name in cast.engines or (cast.engine,):
            voices_of(name)
        start = time.process_time()
        cast = with_voices(cast, script, voices_of, Path(folder))
        return cast, script, time.process_time() - start


def voiceprint_of(voice: Voice) -> Voiceprint:
    """Return the voiceprint in the table, or measure the voice on the passage."""
    known = known_voiceprint(voice)
    if known is not None and known.embedding:
        return known
    return measure([registry.speak(voice.engine, text, voice) for text in PASSAGE])


def main(source: Path, engine: str) -> None:
    """Print the tables."""
    cast, script, seconds = cast_automatically(source, engine)
    roles = main_roles(cast, script)
    voiceprints = {role.name: voiceprint_of(role.voice) for role in roles}
    distance_of = partial(_distance, voiceprints)
    print(f"{len(cast.roles)} roles cast in {seconds:.2f} s of CPU\n")
    print("| role | voice | unclear | quality | Hz | nearest main role | distance | composed of |")
    print("|---|---|---|---|---|---|---|---|")
    for role in roles:
        others = [other.name for other in roles if other is not role]
        nearest = min(others, key=lambda other: distance_of(role.name, other).total)
        apart = distance_of(role.name, nearest)
        row = (
            role.name,
            role.voice.settings.partition(":")[2],
            voice_figures(role.voice).wrong_label,
            voice_figures(role.voice).quality_label,
            f"{voiceprints[role.name].pitch:.0f}",
            nearest,
        )
        print(f"| {' | '.join(row)} | {apart.total:.1f} | {apart} |")
    totals = sorted(distance_of(a.name, b.name).total for a, b in combinations(roles, 2))
    print(f"\nnearest {totals[0]:.2f}, median {totals[len(totals) // 2]:.1f}")


def _distance(voiceprints: dict[str, Voiceprint], name: str, other: str) -> Distance:
    return distance(voiceprints[name], voiceprints[other])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "pyttsx3")
