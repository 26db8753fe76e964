"""How much each character found says, with an example of it."""

from collections import Counter
from collections.abc import Sequence

from pipeline.dialogue.attribution import boosted_trees
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.ranking import Scorer
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Kind, Line, Script

_SAMPLE = 90  # characters
_READINGS = 1  # by two more, 10 of 594 people in nineteen novels were others
_SHORT = 25  # an example at least as long says something of its speaker


def spoken(
    book: Book,
    characters: Sequence[Character],
    teller: str | None,
    passes: Sequence[Scorer] | None = None,
) -> tuple[Counter[str], dict[str, str]]:
    """How many lines each character says in a book, and one of the surest of them, shortened."""
    readings = (boosted_trees.shipped() if passes is None else passes)[:_READINGS]
    return tally(attribute(book, characters, teller, passes=readings))


def tally(script: Script) -> tuple[Counter[str], dict[str, str]]:
    """How many speeches each speaker has in a script, and one of the surest of them, shortened."""
    count: Counter[str] = Counter()
    best: dict[str, Line] = {}
    for line in script:
        if line.kind is Kind.SPEECH:
            count[line.speaker] += 1
            if line.speaker not in best or _worth(line) > _worth(best[line.speaker]):
                best[line.speaker] = line
    return count, {name: shortened(line.text) for name, line in best.items()}


def _worth(line: Line) -> tuple[bool, float]:
    return _SHORT <= len(line.text) <= _SAMPLE, line.confidence


def shortened(text: str) -> str:
    """The beginning of a text, cut at a word."""
    if len(text) <= _SAMPLE:
        return text
    return text[:_SAMPLE].rsplit(" ", 1)[0].rstrip(",;:-—") + " ..."
