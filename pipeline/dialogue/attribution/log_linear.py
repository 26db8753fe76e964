"""The log-linear model: the evidence on each turn, weighed and summed for each candidate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dialogue.attribution import conversation
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.conversation import NO_SPEAKERS, KnownSpeakers, Probabilities
from pipeline.dialogue.attribution.evidence import Evidence, EvidenceContext, gather
from pipeline.dialogue.attribution.salience import Salience, Shares
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.attribution.weights import WEIGHTS

_PASSES = 2  # the pronouns of the second know the speakers of the first

Guesses = Sequence[Probabilities]
"""The probabilities of each turn of a chapter after some pass."""


@dataclass(frozen=True, slots=True)
class ChapterEvidence:
    """A chapter's evidence, and the salience of each character not forgotten, turn by turn.

    Salience is in sentences relative to the turn, mostly negative. `resolved` maps the start of
    each mention in the chapter to whom it means.
    """

    evidence: list[list[Evidence]]
    salience: list[dict[int, float]]
    resolved: Mapping[int, Shares]

    @property
    def scores(self) -> list[dict[int, float]]:
        """The scores of each turn's candidates, in natural logarithms of odds."""
        return [_weighted_sum(items) for items in self.evidence]


def _weighted_sum(evidence: Sequence[Evidence]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for item in evidence:
        gain = WEIGHTS[item.kind] * item.value
        scores[item.candidate] = scores.get(item.candidate, 0.0) + gain
    return scores


def gather_evidence(book: AnalysedBook, chapter: int, guesses: Guesses) -> ChapterEvidence:
    """Return the evidence on a chapter; the speakers guessed so far count as salient.

    `guesses` is empty on the first pass. Sets `two_present` of each turn.
    """
    turns = book.turns(chapter)
    salience = Salience(
        book.names.genders, book.first_person, book.prior_weights, book.names.surnames
    )
    outsiders = book.outsiders(chapter)
    result = ChapterEvidence([], [], salience.resolved)
    for item in book.chapters[chapter]:
        if not isinstance(item, Turn):
            salience.add_narration(item)
            continue
        index = len(result.evidence)
        item.two_present = salience.count_present() <= 2
        context = EvidenceContext(
            text=book.text,
            turn=item,
            previous=turns[index - 1] if index else None,
            following=turns[index + 1] if index + 1 < len(turns) else None,
            salience=salience,
            first_person=book.first_person,
            by_frequency=book.by_frequency,
            outsider=outsiders[index],
        )
        result.evidence.append(gather(context))
        result.salience.append({c: t - salience.clock for c, t in salience.last_seen.items()})
        guess = guesses[index] if guesses else {}
        salience.add_turn({character: p for character, p in guess.items() if character >= 0})
    return result


def first_guesses(
    book: AnalysedBook, chapter: int, speakers: KnownSpeakers = NO_SPEAKERS
) -> Guesses:
    """Return the probabilities of a chapter's turns by the log-linear model.

    `speakers` are those that are known for certain.
    """
    turns, guesses = book.turns(chapter), list[Probabilities]()
    for _ in range(_PASSES):
        scores = gather_evidence(book, chapter, guesses).scores
        guesses = conversation.posteriors(turns, conversation.clamped(scores, speakers))
    return guesses
