"""The queue of doubts: the turns whose speaker is uncertain, the most valuable answer first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model.script import Kind, Line, Pause

SURE = 0.9
"""Confidence from which a turn is no doubt."""
_REACH = 3  # turns to either side that an answer helps to decide
_DECAY = 0.6  # how much less it helps each further one
_WITHIN_PARAGRAPH = (Pause.SENTENCE, Pause.SPEAKER)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A turn with an uncertain speaker: the indices of its lines in the script.

    `value` is how many turns an answer is expected to set right: this one, and those around it that
    depend on it.
    """

    lines: tuple[int, ...]
    value: float


def queue(lines: Sequence[Line]) -> list[Doubt]:
    """Return the doubts of a script that no person has settled, the most valuable first."""
    turns = list(turns_of(lines))
    errors = [_error(lines, turn) for turn in turns]
    doubts = [
        Doubt(turn, _value(lines, turns, errors, number))
        for number, turn in enumerate(turns)
        if errors[number] > 1 - SURE
    ]
    return sorted(doubts, key=lambda doubt: -doubt.value)


def turns_of(lines: Sequence[Line]) -> Iterator[tuple[int, ...]]:
    """Yield the turns: the speeches that one person makes in a paragraph, by their indices."""
    turn: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is Kind.SPEECH:
            if turn and lines[turn[-1]].speaker != line.speaker:
                yield tuple(turn)
                turn = []
            turn.append(index)
        if turn and line.pause not in _WITHIN_PARAGRAPH:
            yield tuple(turn)
            turn = []
    if turn:
        yield tuple(turn)


def _error(lines: Sequence[Line], turn: Sequence[int]) -> float:
    """Return the probability that a turn has the wrong speaker."""
    first = lines[turn[0]]
    return 0.0 if first.corrected else 1 - first.confidence


def _value(
    lines: Sequence[Line], turns: Sequence[Sequence[int]], errors: Sequence[float], number: int
) -> float:
    """Return the errors that an answer is expected to set right."""
    value, chapter = errors[number], lines[turns[number][0]].chapter
    for other in range(number - _REACH, number + _REACH + 1):
        if other == number or not 0 <= other < len(turns):
            continue
        if lines[turns[other][0]].chapter == chapter:
            value += errors[number] * errors[other] * _DECAY ** abs(other - number)
    return value
