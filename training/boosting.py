"""Training of gradient-boosted trees that rank the candidates of a turn.

The loss is the cross entropy of the softmax over a turn's candidates, so that scores are natural
logarithms of odds up to a constant a turn. LightGBM grows the trees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.dialogue.attribution.conversation_cells import softmax_by_turn
from pipeline.dialogue.attribution.ranking import Rows


@dataclass(frozen=True, slots=True)
class Examples:
    """The rows of turns whose speaker is known.

    `sizes` are how many candidates each turn has; `is_speaker` marks one row a turn.
    """

    rows: Rows
    sizes: NDArray[np.int64]
    is_speaker: NDArray[np.bool_]


def join(parts: Sequence[Examples]) -> Examples:
    """Return several sets of examples as one."""
    return Examples(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.is_speaker for part in parts]),
    )


def fit(examples: Examples, rounds: int, seed: int = 0, **settings: float) -> lightgbm.Booster:
    """Return a booster with `rounds` trees; `settings` override those of LightGBM here."""
    target = examples.is_speaker.astype(np.float64)

    def gradients(
        scores: NDArray[np.float64], _: lightgbm.Dataset
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        probabilities = softmax_by_turn(scores, examples.sizes)
        return probabilities - target, np.maximum(probabilities * (1 - probabilities), 1e-6)

    options = {
        "objective": gradients, "learning_rate": 0.1, "num_leaves": 24, "min_data_in_leaf": 50,
        "feature_fraction": 0.25, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 10.0,
        "max_bin": 63, "num_threads": 1, "verbose": -1, "seed": seed, "deterministic": True,
        "min_sum_hessian_in_leaf": 1.0, "force_col_wise": True,
        **settings,
    }  # fmt: skip
    return lightgbm.train(options, lightgbm.Dataset(examples.rows, target), num_boost_round=rounds)


def to_forest(booster: lightgbm.Booster, temperature: float = 1.0) -> Forest:
    """Return the trees of a booster in the form that the package evaluates."""
    dump = booster.dump_model()["tree_info"]
    return Forest(tuple(_tree(info["tree_structure"]) for info in dump), temperature)


def _tree(root: dict[str, Any]) -> Tree:
    feature: list[int] = []
    threshold: list[float] = []
    children: list[list[int]] = []
    leaves: list[float] = []

    def add(node: dict[str, Any]) -> int:
        """Add a node with all below it, and return its number as `Tree` has it."""
        if "split_feature" not in node:
            leaves.append(float(f"{node['leaf_value']:.5g}"))
            return -len(leaves)
        number = len(feature)
        feature.append(node["split_feature"])
        threshold.append(float(f"{node['threshold']:.7g}"))
        children.append([])
        children[number] = [add(node["left_child"]), add(node["right_child"])]
        return number

    add(root)
    return Tree(
        tuple(feature),
        tuple(threshold),
        tuple(left for left, _ in children),
        tuple(right for _, right in children),
        tuple(leaves),
    )
