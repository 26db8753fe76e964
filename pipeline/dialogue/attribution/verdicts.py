"""Verdicts: the speakers of a book's turns, with the reasons in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.chapter_memory import ChapterAttribution, SpeakerRuling
from pipeline.dialogue.attribution.conversation import Chances
from pipeline.dialogue.attribution.evidence import LATELY, NOBODY, Evidence
from pipeline.dialogue.attribution.ranking import Casebook, Guesses, Scorer
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.attribution.weights import WEIGHTS

_OUTRIGHT = "tag name"
_AT_ODDS = 0.5
"""The confidence at most of a verdict that a tag contradicts: somebody should look at it."""
_FLOOR = 0.2
"""The chance below which the likeliest candidate is not named: four times of five it is wrong."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who speaks a turn: candidates with probabilities, the likeliest first, and the evidence."""

    turn: Turn
    chances: Chances
    evidence: Sequence[Evidence]
    sequence: str | None = None

    @property
    def against(self) -> str | None:
        """The tag beside the speech that names somebody else than the likeliest, in words."""
        best = next(iter(self.chances))
        for item in self.evidence:
            if item.kind == _OUTRIGHT and item.value > 0.5 and item.who != best:
                return item.words
        return None

    @property
    def speaker(self) -> int:
        """The likeliest candidate, NOBODY if even they are unlikely."""
        best, chance = next(iter(self.chances.items()))
        return best if chance >= _FLOOR else NOBODY

    @property
    def confidence(self) -> float:
        """The likeliest candidate's chance, and no more than even against a tag."""
        chance = next(iter(self.chances.values()))
        return min(chance, _AT_ODDS) if self.against else chance

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
        reasons = sorted(worth, key=lambda words: -worth[words])[:most]
        return (*reasons, f"against its {self.against}") if self.against else tuple(reasons)


def judge(
    book: Casebook,
    passes: Sequence[Scorer],
    settled: Mapping[int, ChapterAttribution] | None = None,
) -> list[ChapterAttribution]:
    """Say who speaks each turn of each chapter, in order; chapters that are `settled` stay so."""
    settled = settled or {}
    told, readings = ranking.rank(book, passes, {n: own.guesses for n, own in settled.items()})
    return [
        _opinion(book, number, [reading[number] for reading in told], readings[number].evidence)
        if number in readings
        else settled[number]
        for number in range(len(book.chapters))
    ]


def _opinion(
    book: Casebook, number: int, guesses: Sequence[Guesses], evidence: Sequence[Sequence[Evidence]]
) -> ChapterAttribution:
    final = guesses[-1]
    verdicts = (
        Verdict(turn, guess, items, _sequence(turn, final, index, book.names))
        for index, (turn, guess, items) in enumerate(
            zip(book.turns(number), final, evidence, strict=True)
        )
    )
    return ChapterAttribution(
        guesses, [SpeakerRuling(v.speaker, v.confidence, v.why()) for v in verdicts]
    )


def _sequence(turn: Turn, guesses: Guesses, index: int, names: Names) -> str | None:
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
