"""The decision on each turn: its speaker, the confidence, and the reasons in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.chapter_memory import ChapterAttribution, TurnAttribution
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.evidence import MENTIONED_LATELY, NOBODY, Evidence
from pipeline.dialogue.attribution.log_linear import Guesses
from pipeline.dialogue.attribution.ranking import NONE_KNOWN, SpeakersByChapter
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.attribution.weights import WEIGHTS

_NAMED_BY_TAG = "tag name"
_OUTSIDER_TAG = "outsider tag"
_MIN_AGAINST_OUTSIDER = 0.97
"""The probability from which a character speaks although the tag names an outsider."""
_MAX_DISPUTED = 0.5
"""The highest confidence in a speaker whom a tag contradicts, so that somebody looks at it."""
_MIN_PROBABILITY = 0.2
"""The probability below which the best candidate is not named: it is wrong four times in five."""


@dataclass(frozen=True, slots=True)
class SpeakerDecision:
    """Who speaks a turn, from the probabilities of its candidates and the evidence.

    `sequence` is the reason that the turns before give, in words.
    """

    turn: Turn
    probabilities: Probabilities
    evidence: Sequence[Evidence]
    sequence: str | None = None

    @property
    def best(self) -> int:
        """The most probable candidate; against a tag that names an outsider, only if sure."""
        best = next(iter(self.probabilities))
        if self.probabilities[best] < _MIN_AGAINST_OUTSIDER and any(
            item.kind == _OUTSIDER_TAG for item in self.evidence
        ):
            return NOBODY
        return best

    @property
    def contradiction(self) -> str | None:
        """The tag that names somebody other than the best candidate, in words."""
        best = self.best
        for item in self.evidence:
            if item.kind == _NAMED_BY_TAG and item.value > 0.5 and item.candidate != best:
                return item.reason
        return None

    @property
    def speaker(self) -> int:
        """The best candidate, NOBODY if even that one is improbable."""
        return self.best if self._probability >= _MIN_PROBABILITY else NOBODY

    @property
    def confidence(self) -> float:
        """The best candidate's probability, at most 0.5 against a tag."""
        return min(self._probability, _MAX_DISPUTED) if self.contradiction else self._probability

    @property
    def _probability(self) -> float:
        return self.probabilities.get(self.best, 0.0)

    def why(self, limit: int = 3) -> tuple[str, ...]:
        """Return the strongest reasons for the best candidate, and the tag against it if any."""
        best, gains = self.best, dict[str, float]()
        for item in self.evidence:
            gain = WEIGHTS[item.kind] * item.value
            if item.candidate == best and gain > 0.2 and item.reason:
                gains[item.reason] = gains.get(item.reason, 0) + gain
        if self.sequence:
            gains[self.sequence] = 2.0
        if len(gains) > 1:
            gains.pop(MENTIONED_LATELY, None)  # true of most candidates
        reasons = sorted(gains, key=lambda reason: -gains[reason])[:limit]
        if self.contradiction:
            reasons.append(f"against its {self.contradiction}")
        return tuple(reasons)


def attribute_chapters(
    book: AnalysedBook,
    model: SpeakerModel,
    recalled: Mapping[int, ChapterAttribution] | None = None,
    speakers: SpeakersByChapter = NONE_KNOWN,
) -> list[ChapterAttribution]:
    """Return the attribution of each chapter; those in `recalled`, by number from 0, stay so.

    `speakers` are those that are known for certain.
    """
    recalled = recalled or {}
    known = {number: attribution.guesses for number, attribution in recalled.items()}
    guesses, evidence = ranking.rank(book, model, known, speakers)
    return [
        _decide(book, number, [by_pass[number] for by_pass in guesses], evidence[number].evidence)
        if number in evidence
        else recalled[number]
        for number in range(len(book.chapters))
    ]


def _decide(
    book: AnalysedBook,
    chapter: int,
    guesses: Sequence[Guesses],
    evidence: Sequence[Sequence[Evidence]],
) -> ChapterAttribution:
    final = guesses[-1]
    turns = []
    for index, turn in enumerate(book.turns(chapter)):
        sequence = _sequence_reason(book, turn, final, index)
        decision = SpeakerDecision(turn, final[index], evidence[index], sequence)
        turns.append(TurnAttribution(decision.speaker, decision.confidence, decision.why()))
    return ChapterAttribution(guesses, turns)


def _sequence_reason(book: AnalysedBook, turn: Turn, guesses: Guesses, index: int) -> str | None:
    """Return what the turns before say for the best candidate of a turn, in words."""
    if not index or turn.opens_scene:
        return None
    best, last = next(iter(guesses[index])), next(iter(guesses[index - 1]))
    if best == last:
        if turn.continues:
            return "the speech runs on"
        return "goes on speaking" if turn.resumes else None
    if index > 1 and best == next(iter(guesses[index - 2])) and last != NOBODY:
        return f"takes turns with {book.names.characters[last].name}"
    return None
