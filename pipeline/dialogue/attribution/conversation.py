"""Who speaks in a whole conversation: each turn's own evidence and the turns beside it.

A chain of turns is scored with sums of weights: each candidate's own evidence, and how speakers
follow one another (people alternate; a speech that the marks carry on keeps its speaker). The
probability of each candidate of each turn is summed over all ways to fill in the others, by the
forward-backward algorithm over pairs of neighbouring turns.
"""

import math
from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.turns import SAME_PARAGRAPH, Turn
from pipeline.dialogue.attribution.weights import TRANSITIONS

_KEEP = 5  # candidates of a turn that take part
_TEMPER = 0.75  # pieces of evidence are not independent: by so much they count, taken together
_FAR = 3  # paragraphs of narration after which the turns hardly touch

Scores = Mapping[int, float]
Chances = dict[int, float]


def distance(turn: Turn) -> str:
    """How far a turn lies from the one before it."""
    if turn.gap == SAME_PARAGRAPH:
        return "split"
    if turn.gap == 0:
        return "adjacent"
    return "apart" if turn.gap < _FAR else "far"


def link_kinds(turn: Turn) -> tuple[str | None, str | None]:
    """The kinds of transition to the speaker of the turn before, and of the one before that."""
    if turn.scene:
        return None, None
    if turn.continues:
        return "same, continued", None
    if turn.resumes:
        return "same, resumed", None
    kind = distance(turn)
    if kind == "split":
        return "same, split", None
    many = "two" if turn.pair else "many"
    return f"same, {kind}, {many}", f"again, {kind}, {many}"


class _Link:
    """The factors by which a turn's speaker depends on the two before."""

    def __init__(self, turn: Turn, weight: float):
        same, again = link_kinds(turn)
        self.same = math.exp(weight * TRANSITIONS[same]) if same else 1.0
        self.again = math.exp(weight * TRANSITIONS[again]) if again else 1.0
        self.pair = turn.pair

    def factor(self, before: int, last: int, who: int) -> float:
        if who == last:
            return self.same if who != NOBODY else 1.0
        turns = who == before or self.pair  # of two people, whoever is not the one is the other
        return self.again if turns and NOBODY not in (who, last) else 1.0


def chances(
    turns: Sequence[Turn],
    scores: Sequence[Scores],
    temper: float = _TEMPER,
    link: float = _TEMPER,
) -> list[Chances]:
    """The probability of each candidate of each turn, the likeliest first.

    `temper` multiplies the candidates' own scores, `link` the weights of who follows whom.
    """
    if not turns:
        return []
    local = [_local(score, temper) for score in scores]
    links = [_Link(turn, link) for turn in turns]
    forward = _forward(local, links)
    backward = _backward(local, links)
    result = []
    for ahead, behind in zip(forward, backward, strict=True):
        total: Chances = {}
        for pair, value in ahead.items():
            total[pair[1]] = total.get(pair[1], 0.0) + value * behind[pair]
        norm = sum(total.values()) or 1.0
        result.append(
            dict(sorted(((w, v / norm) for w, v in total.items()), key=lambda kv: (-kv[1], kv[0])))
        )
    return result


def alone(scores: Scores) -> Chances:
    """The probability of each candidate of a turn by its own scores, the likeliest first."""
    weights = dict(_local(scores, 1.0))
    total = sum(weights.values())
    return {who: weight / total for who, weight in weights.items()}


def _local(scores: Scores, temper: float) -> list[tuple[int, float]]:
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_KEEP]
    top = best[0][1]
    return [(who, math.exp(temper * max(score - top, -40))) for who, score in best]


_Pairs = dict[tuple[int, int], float]


def _forward(local: Sequence[list[tuple[int, float]]], links: Sequence[_Link]) -> list[_Pairs]:
    """For each turn, the weight of each pair (speaker of the turn before, its own speaker)."""
    steps: list[_Pairs] = [{(NOBODY, who): weight for who, weight in local[0]}]
    for candidates, link in zip(local[1:], links[1:], strict=True):
        pairs: _Pairs = {}
        for (before, last), value in steps[-1].items():
            for who, weight in candidates:
                key = (last, who)
                gain = value * weight * link.factor(before, last, who)
                pairs[key] = pairs.get(key, 0.0) + gain
        steps.append(_scaled(pairs))
    return steps


def _backward(local: Sequence[list[tuple[int, float]]], links: Sequence[_Link]) -> list[_Pairs]:
    """For each turn, what the turns after it make of each such pair."""
    last_pairs = _pairs_of(local, len(local) - 1)
    steps: list[_Pairs] = [dict.fromkeys(last_pairs, 1.0)]
    for index in range(len(local) - 1, 0, -1):
        later, link = steps[-1], links[index]
        pairs: _Pairs = {}
        for before, last in _pairs_of(local, index - 1):
            pairs[before, last] = sum(
                later[last, who] * weight * link.factor(before, last, who)
                for who, weight in local[index]
            )
        steps.append(_scaled(pairs))
    steps.reverse()
    return steps


def _pairs_of(local: Sequence[list[tuple[int, float]]], index: int) -> list[tuple[int, int]]:
    before = [NOBODY] if index == 0 else [who for who, _ in local[index - 1]]
    return [(b, who) for b in before for who, _ in local[index]]


def _scaled(pairs: _Pairs) -> _Pairs:
    top = max(pairs.values(), default=0.0) or 1.0
    return {pair: value / top for pair, value in pairs.items()}
