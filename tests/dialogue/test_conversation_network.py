"""The network over a conversation: what it sees, and what must not matter to it."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dialogue.attribution import conversation_network
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.conversation_cells import (
    EXTRA_FEATURES,
    Conversation,
    cells_of,
)
from pipeline.dialogue.attribution.conversation_network import (
    DILATIONS,
    TAPS,
    ConversationNetwork,
    Network,
    Weights,
)
from pipeline.dialogue.attribution.evidence import NOBODY

FEATURES = 3  # of a row
WIDTH = 4
REACH = TAPS[-1] * sum(DILATIONS)


def weights(seed: int) -> Weights:
    """Return random weights of a small network."""
    draw = np.random.default_rng(seed)
    dense = {
        "in": (FEATURES + len(EXTRA_FEATURES), WIDTH),
        "mid": (WIDTH, WIDTH),
        "out": (WIDTH, 1),
    }
    norms = ["norm", "end norm"]
    for layer in range(len(DILATIONS)):
        dense |= {
            f"{layer}.around": (len(TAPS) * WIDTH, WIDTH),
            f"{layer}.across": (3 * WIDTH, WIDTH),
            f"{layer}.wide": (WIDTH, 2 * WIDTH),
            f"{layer}.narrow": (2 * WIDTH, WIDTH),
        }
        norms += [f"{layer}.{name} norm" for name in ("around", "across", "wide")]
    shapes = dense | {f"{name} bias": shape[1:] for name, shape in dense.items()}
    shapes |= dict.fromkeys(norms, (2, WIDTH)) | {"scale": (1,)}
    return {
        name: draw.normal(size=shape).astype(np.float16).astype(np.float32)
        for name, shape in shapes.items()
    }


@pytest.fixture(scope="module")
def network() -> ConversationNetwork:
    ones = np.ones(FEATURES + len(EXTRA_FEATURES), dtype=np.float32)
    return ConversationNetwork(0.25 * ones, 2 * ones, [Network(weights(n)) for n in (1, 2)], 1.25)


@st.composite
def conversations(draw: st.DrawFn, turns: int = 12) -> Conversation:
    """Draw a conversation of up to so many turns between some of five people."""
    return conversation(random.Random(draw(st.integers())), draw(st.integers(1, turns)))


def conversation(rng: random.Random, turns: int) -> Conversation:
    candidates = [[*rng.sample(range(5), rng.randint(0, 5)), NOBODY] for _ in range(turns)]
    rows = [[rng.gauss(0, 4) for _ in range(FEATURES)] for own in candidates for _ in own]
    scores = [{who: rng.gauss(0, 2) for who in own} for own in candidates]
    guesses = [
        [dict.fromkeys(rng.sample(own, min(2, len(own))), 0.5) for own in candidates]
        for _ in range(2)
    ]
    bare = [rng.random() < 0.8 for _ in range(turns)]
    return Conversation(np.array(rows, dtype=np.float32), candidates, scores, *guesses, bare)


def assert_alike(first: Probabilities, second: Probabilities) -> None:
    """Compare probabilities, but for candidates at the edge of what is kept."""
    everybody = first | second
    for who in everybody:
        assert first.get(who, 1e-3) == pytest.approx(second.get(who, 1e-3), abs=1e-4)


@given(conversations())
def test_each_turn_has_probabilities_of_its_own_candidates(
    network: ConversationNetwork, talk: Conversation
) -> None:
    for own, result in zip(talk.candidates, network(talk), strict=True):
        assert set(result) <= set(own)
        assert sum(result.values()) == pytest.approx(1, abs=6e-3)  # without the improbable
        assert list(result.values()) == sorted(result.values(), reverse=True)


@given(conversations(), st.permutations(range(5)))
def test_how_the_cast_is_numbered_does_not_matter(
    network: ConversationNetwork, talk: Conversation, numbers: list[int]
) -> None:
    renumbered = {NOBODY: NOBODY, **dict(enumerate(numbers))}

    def changed(turns: list[dict[int, float]]) -> list[dict[int, float]]:
        return [{renumbered[who]: value for who, value in own.items()} for own in turns]

    other = Conversation(
        talk.rows,
        [[renumbered[who] for who in own] for own in talk.candidates],
        *(changed(list(map(dict, own))) for own in (talk.scores, talk.before, talk.after)),
        talk.bare,
    )
    for own, result in zip(network(talk), network(other), strict=True):
        expected = {renumbered[who]: probability for who, probability in own.items()}
        assert_alike(result, expected)


def test_a_long_conversation_is_judged_in_pieces(
    network: ConversationNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pieces do not show: each has as many turns around as a turn's result depends on."""
    talk = conversation(random.Random(3), 70)
    whole = network(talk)
    monkeypatch.setattr(conversation_network, "_TURNS", 7)
    for own, result in zip(whole, network(talk), strict=True):
        assert_alike(result, own)


def test_a_turn_depends_on_those_around_and_on_no_others(network: ConversationNetwork) -> None:
    talk = conversation(random.Random(5), 2 * REACH + 2)
    last = network(talk)[-1]
    assert_alike(network(talk.part(REACH + 1, 2 * REACH + 2))[-1], last)
    assert network(talk.part(2 * REACH, 2 * REACH + 2))[-1] != pytest.approx(last, abs=1e-4)


@given(conversations(), st.sampled_from(DILATIONS))
def test_the_cells_around_are_those_of_the_same_candidate(talk: Conversation, far: int) -> None:
    cells = cells_of(talk)
    offsets = [far * tap for tap in TAPS]
    number = {
        (turn, who): int(start) + place
        for turn, (own, start) in enumerate(zip(talk.candidates, cells.starts, strict=True))
        for place, who in enumerate(own)
    }
    expected = [
        [number.get((turn + offset, who), len(number)) for offset in offsets]
        for turn, own in enumerate(talk.candidates)
        for who in own
    ]
    assert cells.around(offsets).tolist() == expected


def test_a_score_is_told_beside_the_best_of_the_others() -> None:
    talk = Conversation(
        np.zeros((5, FEATURES), dtype=np.float32),
        [[0, 1, NOBODY], [2, NOBODY]],
        [{0: 3.0, 1: 3.0, NOBODY: 1.0}, {2: 0.5, NOBODY: 1.5}],
        [{0: 1.0}, {2: 1.0}],
        [{0: 1.0}, {2: 1.0}],
        [True, True],
    )
    behind = cells_of(talk).features[:, FEATURES + list(EXTRA_FEATURES).index("score behind")]
    assert (4 * behind).tolist() == [0, 0, -2, -1, 1]


def test_a_network_counts_more_in_a_turn_that_no_narration_touches(
    network: ConversationNetwork,
) -> None:
    talk = conversation(random.Random(9), 40)
    cells = cells_of(talk)
    beside = replace(cells, bare=np.zeros_like(cells.bare))
    own = network.scores(cells) - cells.log_guesses / network.temperature
    less = network.scores(beside) - cells.log_guesses / network.temperature
    assert own[~cells.bare].tolist() == less[~cells.bare].tolist()
    assert (abs(own[cells.bare]) > abs(less[cells.bare])).all()


def test_a_network_round_trips_as_json(network: ConversationNetwork) -> None:
    talk = conversation(random.Random(7), 9)
    assert ConversationNetwork.from_json(network.to_json())(talk) == network(talk)


def test_a_higher_temperature_makes_less_sure(network: ConversationNetwork) -> None:
    talk = conversation(random.Random(8), 9)
    cooler, hotter = network(talk), replace(network, temperature=5.0)(talk)
    for sure, unsure in zip(cooler, hotter, strict=True):
        assert next(iter(sure)) == next(iter(unsure))
        assert max(unsure.values()) <= max(sure.values())
