"""Count how many speeches each character has, with a sample of them."""

from collections import Counter

from pipeline.model.script import Kind, Line, Script

_MIN_SAMPLE = 25  # characters; a shorter speech is not characteristic of its speaker
_MAX_SAMPLE = 90


def count_speeches(script: Script) -> tuple[Counter[str], dict[str, str]]:
    """Return the number of speeches by speaker, and one of the most certain, shortened."""
    counts: Counter[str] = Counter()
    best: dict[str, Line] = {}
    for line in script:
        if line.kind is Kind.SPEECH:
            counts[line.speaker] += 1
            if line.speaker not in best or _sample_rank(line) > _sample_rank(best[line.speaker]):
                best[line.speaker] = line
    return counts, {speaker: _shorten(line.text) for speaker, line in best.items()}


def _sample_rank(line: Line) -> tuple[bool, float]:
    return _MIN_SAMPLE <= len(line.text) <= _MAX_SAMPLE, line.confidence


def _shorten(text: str) -> str:
    """Return the start of a text, cut at a word."""
    if len(text) <= _MAX_SAMPLE:
        return text
    return text[:_MAX_SAMPLE].rsplit(" ", 1)[0].rstrip(",;:-—") + " ..."
