"""Boosted regression trees as arrays, from plain JSON, evaluated with numpy alone.

A node is a number: `n >= 0` tests a feature, `n < 0` is leaf `-1 - n`. A row goes left when its
feature is at most the threshold.

Which rows come to a node is a set, held as the bits of one integer: to go on from a node is then
two operations on integers, however many rows there are, and so is each bit of a leaf's number.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution import features

READINGS = 3
"""How often a book is judged, each time with what the time before made of the turns around."""
_MODEL = ("data", "speakers.json")

_LEAVES = 256  # of a tree at most: the number of a leaf is a byte


class _Rows:
    """The rows that are judged together; a set of them is an integer with a bit for each."""

    def __init__(self, rows: NDArray[np.float32]):
        self.count = len(rows)
        self._bytes = -(-len(rows) // 8)
        self._columns = rows.T
        self._below: dict[tuple[int, float], int] = {}
        self.all = self._set(np.ones(len(rows), dtype=bool))

    def _set(self, chosen: NDArray[np.bool_]) -> int:
        return int.from_bytes(np.packbits(chosen).tobytes(), "big")

    def below(self, feature: int, threshold: float) -> int:
        """The rows whose feature is at most the threshold."""
        found = self._below.get((feature, threshold))
        if found is None:
            found = self._set(self._columns[feature] <= threshold)
            self._below[feature, threshold] = found
        return found

    def numbers(self, bits: Sequence[int]) -> NDArray[np.uint8]:
        """A number for each row, of which `bits[i]` are the rows that have bit i."""
        told = b"".join(bit.to_bytes(self._bytes, "big") for bit in bits)
        table = np.frombuffer(told, dtype=np.uint8).reshape(len(bits), self._bytes)
        by_row = np.unpackbits(table, axis=1, count=self.count)
        found: NDArray[np.uint8] = np.packbits(by_row, axis=0, bitorder="little")[0]
        return found


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree; node 0 is its root, and a tree without nodes is its one leaf."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaves: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.leaves) > _LEAVES:
            raise ValueError(f"a tree has {len(self.leaves)} leaves, more than {_LEAVES}")

    def values(self, rows: _Rows) -> NDArray[np.float64]:
        """The value of each row."""
        bits = [0] * max(1, (len(self.leaves) - 1).bit_length())
        waiting = [(0 if self.feature else -1, rows.all)]
        while waiting:
            node, here = waiting.pop()
            if node < 0:
                for bit in range(len(bits)):
                    if (-1 - node) >> bit & 1:
                        bits[bit] |= here
                continue
            small = here & rows.below(self.feature[node], self.threshold[node])
            for child, part in ((self.left[node], small), (self.right[node], here ^ small)):
                if part:
                    waiting.append((child, part))
        return np.array(self.leaves)[rows.numbers(bits)]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose values are summed, and then divided by `temperature`."""

    trees: tuple[Tree, ...]
    temperature: float = 1.0

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The score of each row."""
        total, together = np.zeros(len(rows)), _Rows(np.ascontiguousarray(rows.T).T)
        for tree in self.trees:
            total += tree.values(together)
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
