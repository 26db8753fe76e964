"""What the conversation network sees: a cell for each candidate of each turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.evidence import NOBODY

_FLOOR = 1e-3  # added to probabilities, whose logarithms then stay above -7
_LINEAR = 3.0  # the size up to which a feature counts as it is, and its logarithm beyond
_NO_SCORE = -5.0  # stands for the best other score where a turn has a single candidate

Values = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The consecutive turns of a chapter as a pass of the ranker leaves them.

    `rows` are the features of their candidates, one row a candidate; `scores`, `before` and `after`
    are by turn: the scores of the pass, and the probabilities before and after it. `bare` says of
    each turn whether no narration touches it.
    """

    rows: Values
    candidates: Sequence[Sequence[int]]
    scores: Sequence[Mapping[int, float]]
    before: Sequence[Probabilities]
    after: Sequence[Probabilities]
    bare: Sequence[bool]

    def part(self, first: int, last: int) -> "Conversation":
        """Return the turns from `first` to before `last`, as if there were no others."""
        ends = np.cumsum([0, *map(len, self.candidates)])
        return Conversation(
            self.rows[ends[first] : ends[last]],
            self.candidates[first:last],
            self.scores[first:last],
            self.before[first:last],
            self.after[first:last],
            self.bare[first:last],
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """The candidates of the turns of a conversation, one after the other.

    `features` has a row a cell: the ranker's features, large values damped, and EXTRA_FEATURES.
    `log_guesses` are the logarithms of the probabilities so far. `turns` is the turn of each cell,
    and `starts` the first cell of each turn. `columns` numbers the candidates. `bare` says of each
    cell whether no narration touches its turn.
    """

    features: Values
    log_guesses: Values
    turns: Indices
    starts: Indices
    columns: Indices
    bare: NDArray[np.bool_]

    @property
    def sizes(self) -> Indices:
        """How many candidates each turn has."""
        return np.diff(self.starts, append=len(self.turns))

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
    sizes = np.array([len(candidates) for candidates in conversation.candidates])
    starts = np.cumsum([0, *sizes[:-1]])
    candidates = np.fromiter(chain.from_iterable(conversation.candidates), dtype=np.intp)
    extra = [values(conversation) for values in EXTRA_FEATURES.values()]
    features = np.column_stack([_damped(conversation.rows), *extra]).astype(np.float32)
    log_guesses = _log_guess(conversation, conversation.after).astype(np.float32)
    turns = np.repeat(np.arange(len(sizes)), sizes)
    columns = np.unique(candidates, return_inverse=True)[1]
    bare = np.repeat(np.array(conversation.bare), sizes)
    return Cells(features, log_guesses, turns, starts, columns, bare)


def _log_guess(conversation: Conversation, guesses: Sequence[Probabilities]) -> NDArray[np.float64]:
    return np.log(_by_cell(conversation, guesses) + _FLOOR)


def _by_cell(
    conversation: Conversation, values: Sequence[Mapping[int, float]]
) -> NDArray[np.float64]:
    """Return a value for each candidate of each turn, 0 for those without."""
    pairs = zip(conversation.candidates, values, strict=True)
    return np.array([by_who.get(who, 0.0) for candidates, by_who in pairs for who in candidates])


def _score_behind(conversation: Conversation) -> NDArray[np.float64]:
    """Return by how much each candidate's score is above the best other of its turn."""
    behind = []
    for candidates, scores in zip(conversation.candidates, conversation.scores, strict=True):
        for who in candidates:
            others = (scores[other] for other in candidates if other != who)
            behind.append(scores[who] - max(others, default=_NO_SCORE))
    return np.clip(np.array(behind) / 4, -3, 3)


def _is_nobody(conversation: Conversation) -> NDArray[np.float64]:
    return np.array([who == NOBODY for own in conversation.candidates for who in own], dtype=float)


EXTRA_FEATURES: Mapping[str, Callable[[Conversation], NDArray[np.float64]]] = {
    "log guess": lambda own: _log_guess(own, own.after) / 3 + 1,
    "guess": lambda own: _by_cell(own, own.after),
    "log guess before": lambda own: _log_guess(own, own.before) / 3 + 1,
    "score behind": _score_behind,
    "is nobody": _is_nobody,
}
"""What a cell has beside the features of the ranker."""


def softmax_by_turn(scores: NDArray[np.float64], sizes: Indices) -> NDArray[np.float64]:
    """Return the probability of each candidate within its turn; `sizes` are those of the turns."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    weights = np.exp(scores - top)
    result: NDArray[np.float64] = weights / np.repeat(np.add.reduceat(weights, starts), sizes)
    return result


def _damped(rows: Values) -> Values:
    """Return values whose part beyond _LINEAR counts as the logarithm of one plus it."""
    size = np.abs(rows)
    beyond = np.log1p(np.maximum(size - _LINEAR, 0))
    damped: Values = np.sign(rows) * (np.minimum(size, _LINEAR) + beyond)
    return damped
