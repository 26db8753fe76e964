"""A small neural network that looks at all turns of a conversation together.

The ranker judges the candidates of one turn after another. The network starts from its
probabilities, and corrects them by what it sees of each candidate in the turns around and of the
other candidates of the turn. Its layers are those of a residual network with layer normalisation
(Ba, Kiros and Hinton 2016): a dilated convolution along the turns of each candidate, the mean and
the maximum over the candidates of each turn, and two dense layers by cell.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.conversation import Probabilities, most_probable_first
from pipeline.dialogue.attribution.conversation_cells import (
    Cells,
    Conversation,
    Indices,
    Values,
    cells_of,
    softmax_by_turn,
)

DILATIONS = (1, 2, 4)
"""How far apart the turns are that each layer sees, in turns."""
TAPS = (-2, -1, 0, 1, 2)
"""The turns that a layer sees, in units of its dilation."""
_CLIP = 4.0  # standard deviations, the largest standardised feature
_REACH = TAPS[-1] * sum(DILATIONS)  # turns that a turn's result depends on
_TURNS = 256  # that are computed together
_WEIGHT = 0.3  # of the networks' scores; the others are the ranker's
_BARE_WEIGHT = 0.5  # the same in turns that no narration touches
_EPSILON = 1e-5  # added to the variance of a layer
_LEAST = 1e-3  # the probability from which a candidate is kept
_DIGITS = 6  # so that what differs between machines seldom shows

Weights = Mapping[str, Values]
"""Arrays by name. Those of a layer start with its number from 0 and a full stop.

`in` (features, width), `mid` (width, width), `out` (width, 1), and by layer `around` (taps x width,
width), `across` (3 x width, width), `wide` (width, 2 x width), `narrow` (2 x width, width) are
matrices; each has a bias of the same name with ` bias`. `norm`, `end norm`, and by layer `around
norm`, `across norm`, `wide norm` are the gains and shifts of a normalisation (2, width). `scale`
(1) is the weight of the logarithms of the ranker's probabilities.
"""


@dataclass(frozen=True)
class Network:
    """One trained network."""

    weights: Weights

    def __call__(self, features: Values, cells: Cells, nearby: Sequence[Indices]) -> Values:
        """Return a score for each cell, from standardised features, as a logarithm of odds.

        `nearby` are the `nearby_cells`.
        """
        hidden = self._dense("mid", _relu(self._dense("in", features)))
        hidden = self._normalised("norm", hidden)
        for number, seen in enumerate(nearby):
            hidden = hidden + self._over_turns(f"{number}.", hidden, seen)
            hidden = hidden + self._over_candidates(f"{number}.", hidden, cells)
            hidden = hidden + self._by_cell(f"{number}.", hidden)
        own = self._dense("out", self._normalised("end norm", hidden))[:, 0]
        return self.weights["scale"] * cells.log_guesses + own

    def _over_turns(self, layer: str, hidden: Values, seen: Indices) -> Values:
        """Return what a layer adds from the same candidate in the turns around: a convolution."""
        own = self._normalised(layer + "around norm", hidden)
        padded = np.concatenate([own, np.zeros((1, own.shape[1]), own.dtype)])
        return self._dense(layer + "around", padded[seen].reshape(len(own), -1))

    def _over_candidates(self, layer: str, hidden: Values, cells: Cells) -> Values:
        """Return what a layer adds from all candidates of the turn: a pooling."""
        own = self._normalised(layer + "across norm", hidden)
        mean = np.add.reduceat(own, cells.starts) / cells.sizes[:, None].astype(own.dtype)
        best = np.maximum.reduceat(own, cells.starts)
        return self._dense(
            layer + "across", np.concatenate([own, mean[cells.turns], best[cells.turns]], axis=1)
        )

    def _by_cell(self, layer: str, hidden: Values) -> Values:
        """Return what a layer adds from a cell itself: a feed-forward block."""
        own = self._dense(layer + "wide", self._normalised(layer + "wide norm", hidden))
        return self._dense(layer + "narrow", _relu(own))

    def _dense(self, name: str, values: Values) -> Values:
        result: Values = values @ self.weights[name] + self.weights[f"{name} bias"]
        return result

    def _normalised(self, name: str, values: Values) -> Values:
        gain, shift = self.weights[name]
        centred = values - values.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        result: Values = centred / np.sqrt(variance + _EPSILON) * gain + shift
        return result


@dataclass(frozen=True)
class ConversationNetwork:
    """Networks whose scores are averaged and mixed with the ranker's.

    They count more in turns that no narration touches, of which the ranker knows least. `mean` and
    `spread` standardise the features; `temperature` divides the scores.
    """

    mean: Values
    spread: Values
    networks: Sequence[Network]
    temperature: float = 1.0

    def __call__(self, conversation: Conversation) -> list[Probabilities]:
        """Return the probabilities of each turn's candidates, the most probable first."""
        result: list[Probabilities] = []
        count = len(conversation.candidates)
        for start in range(0, count, _TURNS):
            end = min(start + _TURNS, count)
            first, last = max(0, start - _REACH), min(end + _REACH, count)
            probabilities = self._probabilities(conversation.part(first, last))
            result += probabilities[start - first : end - first]
        return result

    def scores(self, cells: Cells) -> NDArray[np.float64]:
        """Return a score for each cell, as a logarithm of odds within its turn."""
        features = self.standardised(cells.features)
        nearby = nearby_cells(cells)
        by_network = [network(features, cells, nearby) for network in self.networks]
        corrected: NDArray[np.float64] = np.mean(by_network, axis=0, dtype=np.float64)
        weights = np.where(cells.bare, _BARE_WEIGHT, _WEIGHT)
        mixed = weights * corrected + (1 - weights) * cells.log_guesses
        return mixed / self.temperature

    def standardised(self, features: Values) -> Values:
        """Return features with a mean of 0 and a standard deviation of 1, none beyond _CLIP."""
        result: Values = np.clip((features - self.mean) / self.spread, -_CLIP, _CLIP)
        return result

    def to_json(self) -> dict[str, Any]:
        """Return the networks as data that JSON can hold."""
        return {
            "temperature": self.temperature,
            "mean": _encoded(self.mean),
            "spread": _encoded(self.spread),
            "networks": [
                {name: _encoded(values) for name, values in network.weights.items()}
                for network in self.networks
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ConversationNetwork":
        """Return the networks that `to_json` wrote."""
        networks = [
            Network({name: _decoded(values) for name, values in weights.items()})
            for weights in data["networks"]
        ]
        mean, spread = _decoded(data["mean"]), _decoded(data["spread"])
        return cls(mean, spread, networks, data["temperature"])

    def _probabilities(self, conversation: Conversation) -> list[Probabilities]:
        cells = cells_of(conversation)
        shares = softmax_by_turn(self.scores(cells), cells.sizes).round(_DIGITS)
        by_turn = zip(conversation.candidates, np.split(shares, cells.starts[1:]), strict=True)
        return [_kept(zip(candidates, own.tolist(), strict=True)) for candidates, own in by_turn]


def nearby_cells(cells: Cells) -> list[Indices]:
    """Return the cells that each layer sees from each cell, as `Cells.around` does."""
    return [cells.around([dilation * tap for tap in TAPS]) for dilation in DILATIONS]


def _encoded(values: Values) -> tuple[Sequence[int], str]:
    """Return the shape of an array, and its values of 16 bits in base64."""
    return values.shape, b64encode(values.astype("<f2").tobytes()).decode()


def _decoded(encoded: tuple[Sequence[int], str]) -> Values:
    shape, text = encoded
    return np.frombuffer(b64decode(text), dtype="<f2").astype(np.float32).reshape(shape)


def _relu(values: Values) -> Values:
    return np.maximum(values, 0)


def _kept(shares: Iterable[tuple[int, float]]) -> Probabilities:
    return most_probable_first(share for share in shares if share[1] >= _LEAST)
