"""Speakers of a whole conversation, from each turn's own scores and the order of the turns.

A sequence of turns is scored with a sum of weights: each candidate's own score, and how speakers
follow one another (people alternate; a speech that the quote marks carry on keeps its speaker).
The forward-backward algorithm, over pairs of neighbouring turns, then sums the probability of each
candidate of each turn over all speakers of the others.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.turns import SAME_PARAGRAPH, Turn
from pipeline.dialogue.attribution.weights import TRANSITIONS

_BEAM = 5  # candidates of a turn that take part
_TEMPER = 0.75  # pieces of evidence are not independent: by so much they count, taken together
_FAR = 3  # paragraphs of narration from which on turns hardly touch

Scores = Mapping[int, float]
"""Candidates with their scores, in natural logarithms of odds."""
Probabilities = dict[int, float]
"""Candidates with their probabilities, the most probable first."""
KnownSpeakers = Mapping[int, int]
"""Turns of a chapter, by index, and who is known for certain to speak them."""
NO_SPEAKERS: KnownSpeakers = MappingProxyType({})


def clamped(scores: Sequence[Scores], known: KnownSpeakers) -> Sequence[Scores]:
    """Return the scores of turns, a known speaker as the only candidate of a turn."""
    if not known:
        return scores
    return [{known[i]: 0.0} if i in known else own for i, own in enumerate(scores)]


def _distance(turn: Turn) -> str:
    """Return how far a turn is from the one before it, as in the names of the transitions."""
    if turn.gap == SAME_PARAGRAPH:
        return "split"
    if turn.gap == 0:
        return "adjacent"
    return "apart" if turn.gap < _FAR else "far"


def _transition_kinds(turn: Turn) -> tuple[str | None, str | None]:
    """Return the transitions to the speaker of the turn before and to that of the one before it."""
    if turn.opens_scene:
        return None, None
    if turn.continues:
        return "same, continued", None
    if turn.resumes:
        return "same, resumed", None
    kind = _distance(turn)
    if kind == "split":
        return "same, split", None
    present = "two" if turn.two_present else "many"
    return f"same, {kind}, {present}", f"again, {kind}, {present}"


class _Transition:
    """The factors by which a turn's speaker depends on the two before."""

    def __init__(self, turn: Turn, weight: float):
        same, again = _transition_kinds(turn)
        # Quote marks that carry a speech on are no matter of probability.
        own_weight = 1.0 if turn.continues else weight
        self.same = math.exp(own_weight * TRANSITIONS[same]) if same else 1.0
        self.again = math.exp(weight * TRANSITIONS[again]) if again else 1.0
        self.two_present = turn.two_present

    def factor(self, before_last: int, last: int, speaker: int) -> float:
        """Return the factor of `speaker` after the speakers of the two turns before."""
        if speaker == last:
            return self.same if speaker != NOBODY else 1.0
        # Of two people, whoever is not the last speaker is the other.
        alternates = speaker == before_last or self.two_present
        return self.again if alternates and NOBODY not in (speaker, last) else 1.0


_Weights = list[tuple[int, float]]
_Pairs = dict[tuple[int, int], float]


def posteriors(
    turns: Sequence[Turn],
    scores: Sequence[Scores],
    temper: float = _TEMPER,
    transition_weight: Callable[[Turn], float] = lambda turn: _TEMPER,
) -> list[Probabilities]:
    """Return the probabilities of each turn's candidates, given all turns.

    `temper` multiplies the candidates' own scores, `transition_weight` those of the transitions to
    a turn.
    """
    if not turns:
        return []
    local = [_local_weights(own, temper) for own in scores]
    steps = [_Transition(turn, transition_weight(turn)) for turn in turns]
    pairs = zip(_forward(local, steps), _backward(local, steps), strict=True)
    return [_marginal(ahead, behind) for ahead, behind in pairs]


def _marginal(forward: _Pairs, backward: _Pairs) -> Probabilities:
    totals: Probabilities = {}
    for pair, weight in forward.items():
        totals[pair[1]] = totals.get(pair[1], 0.0) + weight * backward[pair]
    norm = sum(totals.values()) or 1.0
    return most_probable_first((speaker, total / norm) for speaker, total in totals.items())


def most_probable_first(shares: Iterable[tuple[int, float]]) -> Probabilities:
    """Return candidates and their probabilities in order; equal ones by the candidate."""
    return dict(sorted(shares, key=lambda item: (-item[1], item[0])))


def softmax(scores: Scores) -> Probabilities:
    """Return the probabilities of a turn's candidates by its own scores."""
    weights = dict(_local_weights(scores, 1.0))
    total = sum(weights.values())
    return {speaker: weight / total for speaker, weight in weights.items()}


def _local_weights(scores: Scores, temper: float) -> _Weights:
    """Return the best candidates with their weights relative to the best."""
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_BEAM]
    top = best[0][1]
    return [(speaker, math.exp(temper * max(score - top, -40))) for speaker, score in best]


def _forward(local: Sequence[_Weights], steps: Sequence[_Transition]) -> list[_Pairs]:
    """Return for each turn the weight of each pair of the speaker before and its own speaker."""
    forward: list[_Pairs] = [{(NOBODY, speaker): weight for speaker, weight in local[0]}]
    for candidates, step in zip(local[1:], steps[1:], strict=True):
        pairs: _Pairs = {}
        for (before_last, last), so_far in forward[-1].items():
            for speaker, weight in candidates:
                pair = (last, speaker)
                gain = so_far * weight * step.factor(before_last, last, speaker)
                pairs[pair] = pairs.get(pair, 0.0) + gain
        forward.append(_scaled(pairs))
    return forward


def _backward(local: Sequence[_Weights], steps: Sequence[_Transition]) -> list[_Pairs]:
    """Return for each turn the weight that the turns after it give to each such pair."""
    backward: list[_Pairs] = [dict.fromkeys(_pairs_at(local, len(local) - 1), 1.0)]
    for index in range(len(local) - 1, 0, -1):
        later, step = backward[-1], steps[index]
        pairs: _Pairs = {}
        for before_last, last in _pairs_at(local, index - 1):
            pairs[before_last, last] = sum(
                later[last, speaker] * weight * step.factor(before_last, last, speaker)
                for speaker, weight in local[index]
            )
        backward.append(_scaled(pairs))
    backward.reverse()
    return backward


def _pairs_at(local: Sequence[_Weights], index: int) -> list[tuple[int, int]]:
    before = [NOBODY] if index == 0 else [speaker for speaker, _ in local[index - 1]]
    return [(last, speaker) for last in before for speaker, _ in local[index]]


def _scaled(pairs: _Pairs) -> _Pairs:
    """Return the weights over their largest, lest they vanish in a long conversation."""
    top = max(pairs.values(), default=0.0) or 1.0
    return {pair: weight / top for pair, weight in pairs.items()}
