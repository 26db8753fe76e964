"""The speeches of a book with a doubtful speaker, for a person to check."""

from collections import Counter
from collections.abc import Iterator

from pipeline.core.messages import count, quoted
from pipeline.model.book import Book
from pipeline.model.script import DOUBTFUL, Line, Script

_MIN_PROBABILITY, _MAX_CANDIDATES, _MAX_TEXT, _MAX_CHAPTERS = 0.05, 3, 70, 3


def described_doubts(doubtful: int, speeches: int) -> str:
    """Return how many of so many speeches are doubtful: `3 of 40 speeches are doubtful (...)`."""
    verb = "is" if doubtful == 1 else "are"
    total = count(speeches, "speech", "speeches")
    return f"{doubtful:,} of {total} {verb} doubtful (below {DOUBTFUL})"


def doubtful_chapters(script: Script) -> str:
    """Return where most doubts are: `most of them in 'The Mill' (12), 'Home' (3)`; else nothing."""
    doubts = Counter(line.chapter for line in script if line.is_doubtful)
    if len(script.chapters) < 2 or not doubts:
        return ""
    most = doubts.most_common(_MAX_CHAPTERS)
    named = ", ".join(f"{quoted(script.chapters.get(n, ''))} ({found:,})" for n, found in most)
    return f"{'most of them' if len(doubts) > len(most) else 'they are'} in {named}"


def list_doubts(book: Book, script: Script) -> Iterator[str]:
    """Yield the doubtful speeches, one a line: where, who reads it, its candidates, its text."""
    for line in script:
        if line.is_doubtful:
            path, row = book.place(line)
            text = quoted(line.text, _MAX_TEXT)
            yield f"{path}:{row}: {line.speaker} ({_candidates(line)}): {text}"


def _candidates(line: Line) -> str:
    """Return the probable candidates and their probabilities, most probable first."""
    probable = [f"{n} {p:.2f}" for n, p in line.candidates.items() if p >= _MIN_PROBABILITY]
    return ", ".join(probable[:_MAX_CANDIDATES]) or "no candidates"
