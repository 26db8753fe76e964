"""Boosted regression trees as arrays, from plain JSON, evaluated with numpy alone.

A node is a number: `n >= 0` tests a feature, `n < 0` is leaf `-1 - n`. A row goes left when its
feature is at most the threshold.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.attribution import features

READINGS = 3
"""How often a book is judged, each time with what the time before made of the turns around."""
_MODEL = ("data", "speakers.json")

Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree; node 0 is its root, and a tree without nodes is its one leaf."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaves: tuple[float, ...]

    def add(self, columns: Sequence[NDArray[np.float32]], total: NDArray[np.float64]) -> None:
        """Add the value of each row to `total`; `columns` are the features, one array each."""
        everyone = np.arange(len(total))
        waiting: list[tuple[int, Indexes]] = [(0 if self.feature else -1, everyone)]
        while waiting:
            node, rows = waiting.pop()
            if node < 0:
                total[rows] += self.leaves[-1 - node]
                continue
            small = columns[self.feature[node]][rows] <= self.threshold[node]
            for child, part in ((self.left[node], rows[small]), (self.right[node], rows[~small])):
                if len(part):
                    waiting.append((child, part))


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose values are summed, and then divided by `temperature`."""

    trees: tuple[Tree, ...]
    temperature: float = 1.0

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The score of each row."""
        columns = [np.ascontiguousarray(column) for column in rows.T]
        total = np.zeros(len(rows))
        for tree in self.trees:
            tree.add(columns, total)
        return total / self.temperature

    def to_json(self) -> dict[str, Any]:
        """The forest as `of_json` reads it."""
        trees = [
            [tree.feature, tree.threshold, tree.left, tree.right, tree.leaves]
            for tree in self.trees
        ]
        return {"temperature": self.temperature, "trees": trees}

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Forest":
        """The inverse of `to_json`."""
        trees = tuple(Tree(*map(tuple, tree)) for tree in data["trees"])
        return cls(trees, data["temperature"])


def dumps(passes: Sequence[Forest]) -> str:
    """The model's data file: the names of the features, and a forest a pass."""
    data = {"features": features.NAMES, "passes": [forest.to_json() for forest in passes]}
    return json.dumps(data, separators=(",", ":"))


def loads(text: str) -> tuple[Forest, ...]:
    """The passes of a data file; ValueError if it was trained on other features than ours."""
    data = json.loads(text)
    if tuple(data["features"]) != features.NAMES:
        raise ValueError("the model was trained on other features")
    return tuple(Forest.of_json(forest) for forest in data["passes"])


@cache
def shipped() -> tuple[Forest, ...]:
    """The passes that come with the package."""
    return loads(files("pipeline").joinpath(*_MODEL).read_text(encoding="utf-8")) * READINGS
