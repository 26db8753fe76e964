"""Training of the conversation network, with PyTorch.

The loss is the cross entropy of the softmax over a turn's candidates. Several networks that differ
in their seeds are averaged.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.dialogue.attribution.conversation_cells import Indices, Values
from pipeline.dialogue.attribution.conversation_network import (
    DILATIONS,
    TAPS,
    ConversationNetwork,
    Network,
    Weights,
    nearby_cells,
)
from training.conversations import Example

_WIDTH = 48
_DROPOUT = 0.3
_EPOCHS = 6
_BATCH = 1500  # cells, at least
_RATE = 1e-3
_DECAY = 0.05
_WARM_UP = 200  # steps
_SAMPLED = 7  # every so many cells tell the mean and the spread of the features
_LEAST_SPREAD = 1e-2
_TEMPERATURES = np.arange(0.8, 1.6, 0.05)


def fit(examples: Sequence[Example], seeds: Sequence[int]) -> ConversationNetwork:
    """Return the average of networks trained on conversations, one a seed."""
    torch.set_num_threads(1)  # others are trained at the same time, in processes of their own
    sample = np.concatenate([example.cells.features[::_SAMPLED] for example in examples])
    mean = _rounded(sample.mean(axis=0))
    spread = _rounded(sample.std(axis=0) + _LEAST_SPREAD)
    untrained = ConversationNetwork(mean, spread, ())
    taught = [example for example in examples if (example.speakers >= 0).any()]
    networks = [Network(_fit_one(taught, untrained, seed)) for seed in seeds]
    return ConversationNetwork(mean, spread, networks)


def best_temperature(held_out: Sequence[tuple[ConversationNetwork, Sequence[Example]]]) -> float:
    """Return the divisor of scores that calibrates best what networks say of unseen examples."""
    turns = [
        turn
        for network, examples in held_out
        for example in examples
        for turn in _scores_of_turns(network, example)
    ]

    def cross_entropy(temperature: float) -> float:
        return sum(
            float(np.logaddexp.reduce(scores / temperature)) - scores[speaker] / temperature
            for scores, speaker in turns
        )

    return float(min(_TEMPERATURES, key=cross_entropy))


def _scores_of_turns(
    network: ConversationNetwork, example: Example
) -> Iterator[tuple[NDArray[np.float64], int]]:
    """Yield the scores of the candidates of each turn with a known speaker, and their place."""
    starts = example.cells.starts
    by_turn = np.split(network.scores(example.cells), starts[1:])
    for scores, start, speaker in zip(by_turn, starts, example.speakers, strict=True):
        if speaker >= 0:
            yield scores, speaker - start


def _fit_one(examples: Sequence[Example], scale: ConversationNetwork, seed: int) -> Weights:
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    network = _Net(len(scale.mean))
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * len(list(_batches(examples, draw)))
    step = 0
    network.train()
    for _ in range(_EPOCHS):
        for batch in _batches(examples, draw):
            step += 1
            for group in optimiser.param_groups:
                group["lr"] = _RATE * min(1, step / _WARM_UP) * _cosine(min(1.0, step / steps))
            optimiser.zero_grad()
            _loss(network, _Batch(batch, scale)).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
    return network.weights()


def _cosine(done: float) -> float:
    """Return the share of the learning rate when a share of the steps is done."""
    return (1 + math.cos(math.pi * done)) / 2


def _batches(examples: Sequence[Example], draw: np.random.Generator) -> Iterator[list[Example]]:
    """Yield the examples in random order, some together."""
    batch: list[Example] = []
    for number in draw.permutation(len(examples)):
        batch.append(examples[number])
        if sum(len(own.cells.turns) for own in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Batch:
    """Conversations one after the other, as tensors."""

    def __init__(self, examples: Sequence[Example], scale: ConversationNetwork):
        sizes = [len(example.cells.turns) for example in examples]
        turns = [len(example.cells.starts) for example in examples]
        cells_before, turns_before = np.cumsum([0, *sizes]), np.cumsum([0, *turns])
        every = [example.cells for example in examples]
        features = np.concatenate([cells.features for cells in every])
        self.features = torch.from_numpy(scale.standardised(features))
        self.log_guesses = torch.from_numpy(np.concatenate([own.log_guesses for own in every]))
        self.turns = torch.from_numpy(
            np.concatenate([c.turns + at for c, at in zip(every, turns_before, strict=False)])
        )
        self.turn_count = int(turns_before[-1])
        speakers = [
            np.where(example.speakers >= 0, example.speakers + at, -1)
            for example, at in zip(examples, cells_before, strict=False)
        ]
        self.speakers = torch.from_numpy(np.concatenate(speakers))
        self.nearby = [
            torch.from_numpy(_counted_together(own, sizes, cells_before))
            for own in zip(*map(nearby_cells, every), strict=True)
        ]


def _counted_together(nearby: Sequence[Indices], sizes: Sequence[int], before: Indices) -> Indices:
    """Return cells of conversations by their number among all cells, one past the last for none."""
    return np.concatenate(
        [
            np.where(own == size, before[-1], own + at)
            for own, size, at in zip(nearby, sizes, before, strict=False)
        ]
    )


def _loss(network: "_Net", batch: _Batch) -> Tensor:
    scores = network(batch)
    top = scores.new_full((batch.turn_count,), -math.inf).scatter_reduce(
        0, batch.turns, scores.detach(), "amax"
    )
    weights = torch.exp(scores - top[batch.turns])
    totals = scores.new_zeros(batch.turn_count).scatter_add(0, batch.turns, weights)
    known = batch.speakers[batch.speakers >= 0]
    turns = batch.turns[known]
    return (top[turns] + torch.log(totals[turns]) - scores[known]).mean()


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.around_norm, self.across_norm = nn.LayerNorm(_WIDTH), nn.LayerNorm(_WIDTH)
        self.wide_norm = nn.LayerNorm(_WIDTH)
        self.around = nn.Linear(len(TAPS) * _WIDTH, _WIDTH)
        self.across = nn.Linear(3 * _WIDTH, _WIDTH)
        self.wide, self.narrow = nn.Linear(_WIDTH, 2 * _WIDTH), nn.Linear(2 * _WIDTH, _WIDTH)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, hidden: Tensor, nearby: Tensor, batch: _Batch) -> Tensor:
        own = self.around_norm(hidden)
        padded = torch.cat([own, own.new_zeros(1, _WIDTH)])
        hidden = hidden + self.drop(self.around(padded[nearby].flatten(1)))
        own = self.across_norm(hidden)
        index = batch.turns[:, None].expand(-1, _WIDTH)
        of_turns = own.new_zeros(batch.turn_count, _WIDTH)
        mean = of_turns.scatter_reduce(0, index, own, "mean", include_self=False)
        best = of_turns.scatter_reduce(0, index, own, "amax", include_self=False)
        together = torch.cat([own, mean[batch.turns], best[batch.turns]], dim=1)
        hidden = hidden + self.drop(self.across(together))
        own = self.drop(torch.relu(self.wide(self.wide_norm(hidden))))
        return hidden + self.drop(self.narrow(own))


class _Net(nn.Module):
    """The same function as `conversation_network.Network`, which it is saved as."""

    def __init__(self, features: int):
        super().__init__()
        self.into, self.mid = nn.Linear(features, _WIDTH), nn.Linear(_WIDTH, _WIDTH)
        self.norm, self.end_norm = nn.LayerNorm(_WIDTH), nn.LayerNorm(_WIDTH)
        self.layers = nn.ModuleList(_Layer() for _ in DILATIONS)
        self.out = nn.Linear(_WIDTH, 1)
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.drop = nn.Dropout(_DROPOUT)
        nn.init.zeros_(self.out.weight)  # at first, the probabilities stay as they are
        nn.init.zeros_(self.out.bias)

    def forward(self, batch: _Batch) -> Tensor:
        hidden = self.norm(self.mid(torch.relu(self.into(self.drop(batch.features)))))
        for layer, nearby in zip(self.layers, batch.nearby, strict=True):
            hidden = layer(hidden, nearby, batch)
        own = self.out(self.end_norm(hidden)).squeeze(-1)
        return self.scale * batch.log_guesses + own

    def weights(self) -> Weights:
        """Return the weights as the package names them."""
        result = {"scale": _array(self.scale)}
        dense = {"in": self.into, "mid": self.mid, "out": self.out}
        norms = {"norm": self.norm, "end norm": self.end_norm}
        for number, layer in enumerate(self.layers):
            for name in ("around", "across", "wide", "narrow"):
                dense[f"{number}.{name}"] = getattr(layer, name)
            for name in ("around", "across", "wide"):
                norms[f"{number}.{name} norm"] = getattr(layer, f"{name}_norm")
        for name, linear in dense.items():
            result[name], result[f"{name} bias"] = _array(linear.weight.T), _array(linear.bias)
        for name, norm in norms.items():
            result[name] = np.stack([_array(norm.weight), _array(norm.bias)])
        return result


def _array(tensor: Tensor) -> Values:
    return _rounded(np.ascontiguousarray(tensor.detach().numpy()))


def _rounded(values: Values) -> Values:
    """Return values with the precision in which a model file keeps them."""
    return values.astype(np.float16).astype(np.float32)
