"""How far apart the main roles of a book are, cast without a hand: the table of docs/voices.md.

    python -m benchmarks.casting BOOK [ENGINE]

The characters are found in the book. Each voice says the passage, and that is what is measured.
"""

import sys
import tempfile
import time
from functools import cache, partial
from itertools import combinations
from pathlib import Path

from pipeline.app.render import read_source, who_speaks
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.discovery import add_missing_characters
from pipeline.casting.lookalikes import main_roles
from pipeline.casting.similarity import Distance, Voiceprint, distance
from pipeline.casting.voiceprint import measure
from pipeline.casting.voices_file.loading import load
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.synthesis.levels import PASSAGE
from pipeline.tts.engines import registry


def cast_by_itself(source: Path, engine: str) -> tuple[Cast, Script, float]:
    """Find and cast the characters of a book; give the cast, the script, the seconds to cast."""
    book = read_source(source)
    offered = cache(registry.voices)
    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder) / "voices.yaml"
        voices.write_text(f"engine: {engine}\n", encoding="utf-8")
        add_missing_characters(book, voices, None)
        cast = load(voices, registry.names(), offered)
        script = who_speaks(book, cast)
        offered(engine)
        start = time.process_time()
        cast = with_voices(cast, script, offered, Path(folder))
        return cast, script, time.process_time() - start


def spoken(voice: Voice) -> Voiceprint:
    """Measure a voice as it is heard."""
    return measure([registry.speak(voice.engine, text, voice) for text in PASSAGE])


def main(source: Path, engine: str) -> None:
    """Print the tables."""
    cast, script, seconds = cast_by_itself(source, engine)
    roles = main_roles(cast, script)
    prints = {role.name: spoken(role.voice) for role in roles}
    apart = partial(_apart, prints)
    print(f"{len(cast.roles)} roles cast in {seconds:.2f} s of CPU\n")
    print("| role | voice | Hz | nearest main role | apart | which is |")
    print("|---|---|---|---|---|---|")
    for role in roles:
        others = [other.name for other in roles if other is not role]
        near = min(others, key=lambda other: apart(role.name, other).total)
        found = apart(role.name, near)
        row = (
            role.name,
            role.voice.settings.partition(":")[2],
            f"{prints[role.name].pitch:.0f}",
            near,
        )
        print(f"| {' | '.join(row)} | {found.total:.1f} | {found} |")
    totals = sorted(apart(a.name, b.name).total for a, b in combinations(roles, 2))
    print(f"\nnearest {totals[0]:.2f}, median {totals[len(totals) // 2]:.1f}")


def _apart(prints: dict[str, Voiceprint], one: str, other: str) -> Distance:
    return distance(prints[one], prints[other])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "pyttsx3")
