"""How well `check --words` tells good clips from those that lack a word.

usage: python -m benchmarks.coverage BOOK --cache FOLDER [--engine NAME] [--voice ID] [--clips 500]

Sentences of a book are spoken by a voice, and each clip is examined twice as `check --words` does
it: with the text that was spoken, which ought not to be doubted, and with a text that has a word of
four letters or more besides, which ought to be. The clips are kept in the folder, so that a run
that was stopped goes on where it was. For voices that are not by formants it needs the extras
`words` and `recogniser`.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from pipeline.app.verification import ClipChecks, Examination, Listeners
from pipeline.check.alignment import words
from pipeline.check.word_coverage import find_defects
from pipeline.core.process_pool import LocalWorkers
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest.reader import read
from pipeline.model.script import Kind, Line
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.takes import Take, clip_key
from pipeline.tts.engines import registry
from pipeline.tts.segmentation import utterances

FEWEST, MOST = 4, 30
"""Words of a sentence."""
LEAST = 4
"""Letters of a word that is added."""
JOBS = 1


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A sentence, the take of it, and the same clip as the take of a text with a word more."""

    good: Take
    lacking: Take


def main() -> None:
    """Speak sentences of a book, examine the clips, and print how many are doubted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--engine", choices=registry.names(), default="hibari")
    parser.add_argument("--voice")
    parser.add_argument("--clips", type=int, default=500)
    arguments = parser.parse_args()
    cache = ClipCache(arguments.cache)
    voice = Voice(arguments.engine, arguments.voice)
    texts = list(islice(sentences(arguments.book), arguments.clips))
    spoken = list(_spoken(texts, voice, cache))
    good, lacking = _examined(spoken, cache)
    print(f"{voice.label}: {len(spoken)} clips")
    print(f"  doubted though good: {len(good)} ({len(good) / len(spoken):.1%})")
    print(f"  doubted as they lack a word: {len(lacking)} ({len(lacking) / len(spoken):.1%})")
    for text, why in good.items():
        print(f"  good: {text!r}: {why}")
    for item in spoken:
        if item.lacking.text not in lacking:
            print(f"  overlooked: {item.lacking.text!r}")


def sentences(book: Path) -> Iterator[str]:
    """Yield the sentences of a book as they are spoken, each once."""
    seen: set[str] = set()
    for line in attribute(read(book), ()):
        if line.kind is Kind.HEADING:
            continue
        for sentence in utterances(line.text):
            if FEWEST <= len(words(sentence)) <= MOST and sentence not in seen:
                seen.add(sentence)
                yield sentence


def _spoken(texts: list[str], voice: Voice, cache: ClipCache) -> Iterator[_Spoken]:
    """Yield the texts spoken by a voice, each with a word of another text added."""
    fingerprint = registry.voice_fingerprint(voice.engine, voice.id)
    others = sorted({word for text in texts for word in words(text) if len(word) >= LEAST})
    for number, text in enumerate(texts):
        random = Random(number)
        lacking = _with(random.choice(others), text, random)
        takes = [Take(t, voice, clip_key(fingerprint, voice, t)) for t in (text, lacking)]
        if not all(cache.has(take.key) for take in takes):
            clip = registry.speak(voice.engine, text, voice)
            for take in takes:
                cache.write(take.key, clip)
        if number % 50 == 0:
            print(f"{number} of {len(texts)} spoken", flush=True)
        yield _Spoken(*takes)


def _with(word: str, text: str, random: Random) -> str:
    """Return a text with a word put in anywhere."""
    parts = text.split(" ")
    place = random.randrange(len(parts))
    return " ".join([*parts[:place], word, *parts[place:]])


def _examined(spoken: list[_Spoken], cache: ClipCache) -> tuple[dict[str, str], dict[str, str]]:
    """Return which good clips are doubted, and which that lack a word: their texts, and why.

    What is usual for the voice, and whether it can be followed at all, the good clips say.
    """
    with LocalWorkers(JOBS) as workers:
        listeners = Listeners.of(workers, {item.good.voice for item in spoken})
        checks = ClipChecks(cache, workers, listeners, JOBS, _report)
        good = checks.align([_in_line(item.good) for item in spoken])
        usual = Examination.of(good)
        found = Examination.of(checks.recognise(usual))
        both = [*good, *checks.align([_in_line(item.lacking) for item in spoken])]
        doubted = find_defects(both)
        decided = checks.recognise(Examination(both, doubted, usual.lost))
    print(f"  not followed by the aligner: {bool(usual.lost)}; at all: {bool(found.lost)}")
    lacking = {item.lacking.text for item in spoken}
    return (
        {item.take.text: wrong for item, wrong in find_defects(found.aligned)},
        {i.take.text: wrong for i, wrong in find_defects(decided) if i.take.text in lacking},
    )


def _in_line(take: Take) -> tuple[Line, Take]:
    return Line(take.text, "Narrator", Kind.NARRATION, 0), take


def _report(number: int) -> None:
    if number % 50 == 0:
        print(f"{number} examined", flush=True)


if __name__ == "__main__":
    main()
