"""What the conversation network sees: a cell for each candidate of each turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.evidence import NOBODY

EXTRA_FEATURES = ("log guess", "guess", "log guess before", "score behind", "is nobody")
"""What a cell has beside the features of the ranker."""
_FLOOR = 1e-3  # added to probabilities, whose logarithms then stay above -7
_LINEAR = 3.0  # the size up to which a feature counts as it is, and its logarithm beyond
_ALONE = -5.0  # the score of the others, where a turn has a single candidate

Values = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The consecutive turns of a chapter as the last pass of the ranker leaves them.

    `rows` are the features of their candidates, one row a candidate; `scores`, `before` and `after`
    are by turn: the scores of the pass, and the probabilities before and after it.
    """

    rows: Values
    candidates: Sequence[Sequence[int]]
    scores: Sequence[Mapping[int, float]]
    before: Sequence[Probabilities]
    after: Sequence[Probabilities]

    def pieces(self, turns: int, margin: int) -> "Sequence[tuple[Conversation, slice]]":
        """Return pieces of so many turns, with a margin of turns on either side.

        The slice is the turns of a piece without its margin.
        """
        ends = np.cumsum([0, *map(len, self.candidates)])
        pieces = []
        for start in range(0, len(self.candidates), turns):
            first = max(0, start - margin)
            own = slice(first, start + turns + margin)
            last = min(own.stop, len(self.candidates))
            piece = Conversation(
                self.rows[ends[first] : ends[last]],
                self.candidates[own],
                self.scores[own],
                self.before[own],
                self.after[own],
            )
            pieces.append((piece, slice(start - first, start - first + turns)))
        return pieces


@dataclass(frozen=True, slots=True)
class Cells:
    """The candidates of the turns of a conversation, one after the other.

    `features` has a row a cell: the ranker's features, large values damped, and EXTRA_FEATURES.
    `log_guesses` are the logarithms of the probabilities so far. `turns` is the turn of each cell,
    and `starts` the first cell of each turn. `columns` numbers the candidates.
    """

    features: Values
    log_guesses: Values
    turns: Indices
    starts: Indices
    columns: Indices

    def around(self, offsets: Sequence[int]) -> Indices:
        """Return the cells of the same candidate so many turns away, one column an offset.

        Where there is none, the number is that of cells: one past the last.
        """
        count, margin = len(self.turns), max(map(abs, offsets))
        shape = len(self.starts) + 2 * margin, int(self.columns.max(initial=0)) + 1
        grid = np.full(shape, count, dtype=np.intp)
        grid[self.turns + margin, self.columns] = np.arange(count)
        rows = self.turns[:, None] + (margin + np.array(offsets))
        cells: Indices = grid[rows, self.columns[:, None]]
        return cells


def cells_of(conversation: Conversation) -> Cells:
    """Return the cells of a conversation, which has at least one turn."""
    sizes = np.array([len(own) for own in conversation.candidates])
    starts = np.cumsum([0, *sizes[:-1]])
    candidates = np.fromiter(chain.from_iterable(conversation.candidates), dtype=np.intp)
    guess = _by_cell(conversation.candidates, conversation.after)
    log_guess = np.log(guess + _FLOOR)
    before = np.log(_by_cell(conversation.candidates, conversation.before) + _FLOOR)
    scores = _by_cell(conversation.candidates, conversation.scores)
    extra = (
        log_guess / 3 + 1,
        guess,
        before / 3 + 1,
        np.clip((scores - _best_other(scores, sizes, starts)) / 4, -3, 3),
        candidates == NOBODY,
    )
    features = np.column_stack([_damped(conversation.rows), *extra]).astype(np.float32)
    turns = np.repeat(np.arange(len(sizes)), sizes)
    columns = np.unique(candidates, return_inverse=True)[1]
    return Cells(features, log_guess.astype(np.float32), turns, starts, columns)


def _by_cell(
    candidates: Sequence[Sequence[int]], values: Sequence[Mapping[int, float]]
) -> NDArray[np.float64]:
    """Return a value for each candidate of each turn, 0 for those without."""
    pairs = zip(candidates, values, strict=True)
    return np.array([of.get(candidate, 0.0) for own, of in pairs for candidate in own])


def _best_other(
    scores: NDArray[np.float64], sizes: NDArray[np.intp], starts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the best score among the other candidates of each cell's turn."""
    best = np.maximum.reduceat(scores, starts)
    is_best = scores == np.repeat(best, sizes)
    second = np.maximum.reduceat(np.where(is_best, -np.inf, scores), starts)
    second = np.where(np.add.reduceat(is_best.astype(int), starts) > 1, best, second)
    second = np.where(np.isfinite(second), second, _ALONE)
    others: NDArray[np.float64] = np.where(
        is_best, np.repeat(second, sizes), np.repeat(best, sizes)
    )
    return others


def _damped(rows: Values) -> Values:
    """Return values whose part beyond _LINEAR counts as the logarithm of one plus it."""
    size = np.abs(rows)
    beyond = np.log1p(np.maximum(size - _LINEAR, 0))
    damped: Values = np.sign(rows) * (np.minimum(size, _LINEAR) + beyond)
    return damped
