"""The speakers of a chapter: evidence, then the conversation, read twice.

The second reading knows who probably spoke each turn, so that a pronoun after a speech can mean
its speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.attribution import conversation
from pipeline.attribution.conversation import Chances
from pipeline.attribution.evidence import LATELY, NOBODY, Evidence, Scene, gather
from pipeline.attribution.names import Names
from pipeline.attribution.salience import Salience
from pipeline.attribution.turns import Item, Turn
from pipeline.attribution.weights import WEIGHTS

_READINGS = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who speaks a turn: candidates with probabilities, the likeliest first, and the evidence."""

    turn: Turn
    chances: Chances
    evidence: Sequence[Evidence]
    sequence: str | None = None

    def why(self, most: int = 3) -> tuple[str, ...]:
        """The strongest reasons for the likeliest candidate, in words."""
        best = next(iter(self.chances))
        worth: dict[str, float] = {}
        for item in self.evidence:
            gain = WEIGHTS[item.kind] * item.value
            if item.who == best and gain > 0.2 and item.words:
                worth[item.words] = worth.get(item.words, 0) + gain
        if self.sequence:
            worth[self.sequence] = 2.0
        if len(worth) > 1:
            worth.pop(LATELY, None)  # it is true of most candidates
        return tuple(sorted(worth, key=lambda words: -worth[words])[:most])


def judge(
    text: str, items: Sequence[Item], names: Names, first_person: int | None
) -> list[Verdict]:
    """Say who speaks each turn of a chapter, in order."""
    turns = [item for item in items if isinstance(item, Turn)]
    guesses: list[Chances] = []
    found: list[list[Evidence]] = []
    for _ in range(_READINGS):
        found = observe(text, items, names, first_person, guesses)
        guesses = conversation.chances(turns, [_scores(evidence) for evidence in found])
    return [
        Verdict(turn, guess, evidence, _sequence(turn, guesses, index, names))
        for index, (turn, guess, evidence) in enumerate(zip(turns, guesses, found, strict=True))
    ]


def _sequence(turn: Turn, guesses: Sequence[Chances], index: int, names: Names) -> str | None:
    """What the turns before say for the likeliest speaker, in words."""
    if not index or turn.scene:
        return None
    best, last = next(iter(guesses[index])), next(iter(guesses[index - 1]))
    if best == last:
        if turn.continues:
            return "the speech runs on"
        return "goes on speaking" if turn.resumes else None
    if index > 1 and best == next(iter(guesses[index - 2])) and last != NOBODY:
        return f"takes turns with {names.characters[last].name}"
    return None


def observe(
    text: str,
    items: Sequence[Item],
    names: Names,
    first_person: int | None,
    guesses: Sequence[Chances],
) -> list[list[Evidence]]:
    """The evidence on each turn, with the speakers guessed so far on the reader's mind."""
    turns = [item for item in items if isinstance(item, Turn)]
    mind = Salience(names.genders)
    found: list[list[Evidence]] = []
    for item in items:
        if not isinstance(item, Turn):
            mind.narrate(item)
            continue
        index = len(found)
        previous = turns[index - 1] if index else None
        following = turns[index + 1] if index + 1 < len(turns) else None
        item.pair = mind.present() <= 2
        found.append(
            gather(Scene(text, item, previous, following, mind, first_person, len(names.genders)))
        )
        guess = guesses[index] if guesses else {}
        mind.speak({who: share for who, share in guess.items() if who >= 0})
    return found


def _scores(evidence: Sequence[Evidence]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for item in evidence:
        scores[item.who] = scores.get(item.who, 0.0) + WEIGHTS[item.kind] * item.value
    return scores
