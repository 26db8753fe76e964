"""Training of the conversation network on small conversations."""

import importlib.util
from collections.abc import Sequence

import numpy as np
import pytest

if importlib.util.find_spec("torch") is None:
    pytest.skip("needs PyTorch, of the extra `train`", allow_module_level=True)

import torch

from pipeline.dialogue.attribution.conversation_cells import Conversation, cells_of
from pipeline.dialogue.attribution.conversation_network import (
    ConversationNetwork,
    Network,
    nearby_cells,
)
from pipeline.dialogue.attribution.evidence import NOBODY
from training import networks
from training.conversations import Example

FEATURES = 2
TURNS = 10


def conversation(seed: int) -> tuple[Conversation, list[int]]:
    """Return a conversation of two who take turns, of whom a row tells one speaker, and them all.

    Nobody's guess is better than chance.
    """
    draw = np.random.default_rng(seed)
    first, told = int(draw.integers(2)), int(draw.integers(TURNS))
    speakers = [(first + turn) % 2 for turn in range(TURNS)]
    rows = draw.normal(size=(3 * TURNS, FEATURES))
    rows[:, 0] = 0
    rows[3 * told + speakers[told], 0] = 5
    even = [{0: 0.5, 1: 0.5}] * TURNS
    scores = [{0: 0.0, 1: 0.0, NOBODY: -3.0}] * TURNS
    candidates = [[0, 1, NOBODY]] * TURNS
    bare = [True] * TURNS
    return Conversation(rows.astype(np.float32), candidates, scores, even, even, bare), speakers


def example(seed: int) -> Example:
    talk, speakers = conversation(seed)
    return Example(cells_of(talk), 3 * np.arange(TURNS) + np.array(speakers))


def uneven(seed: int) -> Example:
    """Return a conversation whose turns have from one to four candidates, many not annotated."""
    draw = np.random.default_rng(seed)
    candidates = [[*range(int(draw.integers(0, 4))), NOBODY] for _ in range(TURNS)]
    scores = [{who: float(draw.normal()) for who in own} for own in candidates]
    guesses = [{own[0]: 1.0} for own in candidates]
    rows = draw.normal(size=(sum(map(len, candidates)), FEATURES)).astype(np.float32)
    bare = (draw.random(TURNS) < 0.5).tolist()
    cells = cells_of(Conversation(rows, candidates, scores, guesses, guesses, bare))
    return Example(cells, np.where(draw.random(TURNS) < 0.5, cells.starts, -1))


def share_right(network: ConversationNetwork, seeds: Sequence[int]) -> float:
    right = []
    for talk, speakers in map(conversation, seeds):
        guesses = network(talk)
        right += [next(iter(own)) == who for own, who in zip(guesses, speakers, strict=True)]
    return sum(right) / len(right)


@pytest.fixture(scope="module")
def trained() -> ConversationNetwork:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "_BATCH", 300)
        patch.setattr(networks, "_WARM_UP", 5)
        patch.setattr(networks, "_RATE", 5e-3)
        return networks.fit([example(seed) for seed in range(300)], [0])


def test_a_network_learns_who_takes_turns(trained: ConversationNetwork) -> None:
    """No row but one tells who speaks: the others follow from it, turn by turn."""
    assert share_right(trained, range(1000, 1030)) > 0.9


def test_the_package_computes_what_was_trained() -> None:
    torch.manual_seed(4)
    own = uneven(5)
    count = own.cells.features.shape[1]
    untrained = ConversationNetwork(np.zeros(count, np.float32), np.ones(count, np.float32), ())
    network = networks._Net(count).eval()
    torch.nn.init.normal_(network.out.weight)
    with torch.no_grad():
        expected = network(networks._Batch([own], untrained)).numpy()
    weights = Network(network.weights())
    features = untrained.standardised(own.cells.features)
    result = weights(features, own.cells, nearby_cells(own.cells))
    assert result == pytest.approx(expected, abs=0.02)  # weights of 16 bits


def test_conversations_of_a_batch_do_not_touch(trained: ConversationNetwork) -> None:
    network = networks._Net(len(trained.mean)).eval()
    torch.nn.init.normal_(network.out.weight)
    both = [uneven(1), uneven(2)]
    with torch.no_grad():
        together = network(networks._Batch(both, trained)).numpy()
        apart = [network(networks._Batch([own], trained)).numpy() for own in both]
    assert together == pytest.approx(np.concatenate(apart), abs=1e-4)
    batch, first = networks._Batch(both, trained), len(both[0].cells.turns)
    expected = [both[0].speakers, np.where(both[1].speakers < 0, -1, both[1].speakers + first)]
    assert batch.speakers.tolist() == np.concatenate(expected).tolist()


def test_turns_without_a_known_speaker_teach_nothing() -> None:
    own = example(3)
    unknown = Example(own.cells, np.full(TURNS, -1))
    plain, more = (networks.fit(examples, [0]) for examples in ([own], [own, unknown]))
    assert (plain.networks[0].weights["out"] == more.networks[0].weights["out"]).all()


def test_the_temperature_makes_overconfident_scores_milder(trained: ConversationNetwork) -> None:
    unseen = [example(seed) for seed in range(2000, 2030)]
    wrong = [Example(own.cells, 3 * np.arange(TURNS) + 1) for own in unseen]  # one of two, mostly
    sure = networks.best_temperature([(trained, unseen)])
    assert sure < networks.best_temperature([(trained, wrong)])
