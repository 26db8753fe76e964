"""How much each character found says, with an example of it."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pipeline.attribution import attribute
from pipeline.book import Book
from pipeline.characters import Character
from pipeline.script import Kind, Line

_SAMPLE = 90  # characters
_SHORT = 25  # an example at least as long says something of its speaker


def spoken(
    book: Book, characters: Sequence[Character], teller: str | None
) -> tuple[Counter[str], dict[str, str]]:
    """How many lines each character says, and one of the surest of them, shortened."""
    count: Counter[str] = Counter()
    best: dict[str, Line] = {}
    script = attribute(book, characters, teller)
    for speaker, lines in groupby(script, key=lambda line: line.speaker):
        for line in lines:
            if line.kind is Kind.SPEECH:
                count[speaker] += 1
                if speaker not in best or _worth(line) > _worth(best[speaker]):
                    best[speaker] = line
    return count, {name: shortened(line.text) for name, line in best.items()}


def _worth(line: Line) -> tuple[bool, float]:
    return _SHORT <= len(line.text) <= _SAMPLE, line.confidence


def shortened(text: str) -> str:
    """The beginning of a text, cut at a word."""
    if len(text) <= _SAMPLE:
        return text
    return text[:_SAMPLE].rsplit(" ", 1)[0].rstrip(",;:-—") + " ..."
