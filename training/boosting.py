"""Gradient-boosted trees that rank the candidates of a turn.

The loss is the cross entropy of the softmax over a turn's candidates, so that scores are natural
logarithms of odds up to a constant of the turn. LightGBM grows the trees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.dialogue.attribution.ranking import Rows


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of turns: `sizes` are the candidates of each turn, `right` marks the speaker's row."""

    rows: Rows
    sizes: NDArray[np.int64]
    right: NDArray[np.bool_]


def join(parts: Sequence[Examples]) -> Examples:
    """Several sets of examples as one."""
    return Examples(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.right for part in parts]),
    )


def softmax(scores: NDArray[np.float64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """The chances of each row within its turn."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    weights = np.exp(scores - top)
    result: NDArray[np.float64] = weights / np.repeat(np.add.reduceat(weights, starts), sizes)
    return result


def fit(examples: Examples, rounds: int, seed: int = 0, **settings: float) -> lightgbm.Booster:
    """Grow `rounds` trees on `examples`."""
    right = examples.right.astype(np.float64)

    def gradients(
        scores: NDArray[np.float64], _: lightgbm.Dataset
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        chances = softmax(scores, examples.sizes)
        return chances - right, np.maximum(chances * (1 - chances), 1e-6)

    options = {
        "objective": gradients, "learning_rate": 0.05, "num_leaves": 24, "min_data_in_leaf": 100,
        "feature_fraction": 0.25, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 20.0,
        "max_bin": 63, "num_threads": 1, "verbose": -1, "seed": seed, "deterministic": True,
        "min_sum_hessian_in_leaf": 1.0, "force_col_wise": True,
        **settings,
    }  # fmt: skip
    return lightgbm.train(options, lightgbm.Dataset(examples.rows, right), num_boost_round=rounds)


def to_forest(booster: lightgbm.Booster, temperature: float = 1.0) -> Forest:
    """The trees of a booster as the package evaluates them."""
    dump = booster.dump_model()["tree_info"]
    return Forest(tuple(_tree(info["tree_structure"]) for info in dump), temperature)


def _tree(root: dict[str, Any]) -> Tree:
    feature: list[int] = []
    threshold: list[float] = []
    children: list[list[int]] = []
    leaves: list[float] = []

    def add(node: dict[str, Any]) -> int:
        if "split_feature" not in node:
            leaves.append(float(f"{node['leaf_value']:.5g}"))
            return -len(leaves)
        at = len(feature)
        feature.append(node["split_feature"])
        threshold.append(float(f"{node['threshold']:.7g}"))
        children.append([])
        children[at] = [add(node["left_child"]), add(node["right_child"])]
        return at

    add(root)
    return Tree(
        tuple(feature),
        tuple(threshold),
        tuple(left for left, _ in children),
        tuple(right for _, right in children),
        tuple(leaves),
    )
