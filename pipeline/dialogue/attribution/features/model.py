"""Features of the log-linear model: the evidence, and the probabilities it gives."""

import math
from collections.abc import Mapping

from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.weights import WEIGHTS

_COLUMNS = {kind: column for column, kind in enumerate(WEIGHTS)}


def _evidence_values(view: TurnView) -> list[Row]:
    rows: dict[int, Row] = {}
    for item in view.chapter.evidence[view.index]:
        row = rows.get(item.candidate)
        if row is None:
            row = rows[item.candidate] = [0.0] * len(_COLUMNS)
        row[_COLUMNS[item.kind]] += item.value
    none = [0.0] * len(_COLUMNS)
    return [rows.get(candidate, none) for candidate in view.candidates]


EVIDENCE = FeatureGroup(
    "evidence", tuple(f"evidence: {kind}" for kind in WEIGHTS), _evidence_values
)


def _model_values(view: TurnView) -> list[Row]:
    scores, guess = view.chapter.scores[view.index], view.chapter.guesses[view.index]
    posterior = view.chapter.posteriors[view.index]
    rows: list[Row] = []
    for place, candidate in enumerate(view.candidates):
        score, probability = scores.get(candidate, -2.0), guess.get(candidate, 0.0)
        rows.append([
            score,
            score - _best_other(scores, candidate, -2.0),
            _log_odds(posterior.get(candidate, 0.0)),
            _log_odds(probability),
            probability - _best_other(guess, candidate, 0.0),
            place,
        ])  # fmt: skip
    return rows


def _best_other(values: Mapping[int, float], candidate: int, default: float) -> float:
    return max((value for other, value in values.items() if other != candidate), default=default)


def _log_odds(probability: float) -> float:
    return math.log((probability + 0.002) / (1.002 - probability))


MODEL = FeatureGroup(
    "model",
    ("score", "score behind", "posterior", "guess", "guess behind", "place by guess"),
    _model_values,
)
