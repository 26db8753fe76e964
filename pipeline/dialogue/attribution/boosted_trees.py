"""Boosted regression trees, read from JSON and evaluated with numpy alone.

A node is a number: `n >= 0` tests a feature, `n < 0` is leaf `-1 - n`. A row goes left when its
feature is at most the threshold.

The set of rows that reach a node is held as the bits of one integer. To descend from a node then
takes two integer operations however many rows there are, and so does each bit of a leaf's number.
For a few rows, `tree_descent` is faster; the scores are the same to the last bit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution import tree_descent
from pipeline.dialogue.attribution.tree_descent import TreeTable

_MAX_LEAVES = 256  # the number of a leaf is a byte


class _RowSets:
    """Rows that are scored together; a set of them is an integer with a bit for each."""

    def __init__(self, rows: NDArray[np.float32]):
        self._count = len(rows)
        self._size = -(-len(rows) // 8)  # bytes
        self._columns = rows.T
        self._below: dict[tuple[int, float], int] = {}
        self.all = self._set(np.ones(len(rows), dtype=bool))

    def _set(self, members: NDArray[np.bool_]) -> int:
        return int.from_bytes(np.packbits(members).tobytes(), "big")

    def below(self, feature: int, threshold: float) -> int:
        """Return the set of rows whose feature is at most the threshold."""
        members = self._below.get((feature, threshold))
        if members is None:
            members = self._set(self._columns[feature] <= threshold)
            self._below[feature, threshold] = members
        return members

    def numbers(self, bits: Sequence[int]) -> NDArray[np.uint8]:
        """Return a number for each row; `bits[i]` is the set of rows whose number has bit i."""
        packed = b"".join(members.to_bytes(self._size, "big") for members in bits)
        table = np.frombuffer(packed, dtype=np.uint8).reshape(len(bits), self._size)
        by_row = np.unpackbits(table, axis=1, count=self._count)
        numbers: NDArray[np.uint8] = np.packbits(by_row, axis=0, bitorder="little")[0]
        return numbers


@dataclass(frozen=True, slots=True)
class Tree:
    """A regression tree; node 0 is its root, and a tree without nodes is a single leaf."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaves: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.leaves) > _MAX_LEAVES:
            raise ValueError(
                f"a tree has {len(self.leaves)} leaves; {_MAX_LEAVES} is the most it may have"
            )

    def values(self, rows: _RowSets) -> NDArray[np.float64]:
        """Return the value of each row."""
        bits = [0] * max(1, (len(self.leaves) - 1).bit_length())
        pending = [(0 if self.feature else -1, rows.all)]
        while pending:
            node, members = pending.pop()
            if node < 0:
                for bit in range(len(bits)):
                    if (-1 - node) >> bit & 1:
                        bits[bit] |= members
                continue
            below = members & rows.below(self.feature[node], self.threshold[node])
            for child, part in ((self.left[node], below), (self.right[node], members ^ below)):
                if part:
                    pending.append((child, part))
        return np.array(self.leaves)[rows.numbers(bits)]


@dataclass(frozen=True)
class Forest:
    """Trees whose values are summed and divided by `temperature`."""

    trees: tuple[Tree, ...]
    temperature: float = 1.0

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the score of each row."""
        total = np.zeros(len(rows))
        for values in self._values_by_tree(rows):
            total += values
        return total / self.temperature

    def _values_by_tree(self, rows: NDArray[np.float32]) -> Iterable[NDArray[np.float64]]:
        if len(rows) <= tree_descent.MOST_ROWS:
            return self._table.values(rows)
        row_sets = _RowSets(np.ascontiguousarray(rows.T).T)
        return (tree.values(row_sets) for tree in self.trees)

    @cached_property
    def _table(self) -> TreeTable:
        return TreeTable(self.trees)

    def to_json(self) -> dict[str, Any]:
        """Return the forest as JSON can hold it."""
        trees = [
            [tree.feature, tree.threshold, tree.left, tree.right, tree.leaves]
            for tree in self.trees
        ]
        return {"temperature": self.temperature, "trees": trees}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Forest":
        """Return the forest that `to_json` wrote."""
        trees = tuple(Tree(*map(tuple, tree)) for tree in data["trees"])
        return cls(trees, data["temperature"])
