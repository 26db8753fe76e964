"""Learning from some authors and measuring on others."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.attribution import ranking
from pipeline.attribution.features import NAMES
from pipeline.attribution.trees import Forest
from training import boosting
from training.boosting import Examples
from training.data import Case, examples

FOLDS = 5
_SETTINGS = {"learning_rate": 0.08}
_ROUNDS = 200
_TEMPERATURES = np.arange(0.8, 1.6, 0.02)

Say = Callable[[str], None]


def by_author(cases: Sequence[Case]) -> list[int]:
    """The fold of each case: an author's books share one, and folds are of about one size."""
    sizes: Counter[str] = Counter()
    for case in cases:
        sizes[case.novel.author] += len(case.novel.quotations)
    filled, fold_of = [0] * FOLDS, dict[str, int]()
    for author, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        fold_of[author] = filled.index(min(filled))
        filled[fold_of[author]] += size
    return [fold_of[case.novel.author] for case in cases]


def learn(parts: Sequence[Examples]) -> Forest:
    """Grow the forest of the first pass."""
    return boosting.to_forest(boosting.fit(boosting.join(parts), _ROUNDS, **_SETTINGS))


def temperature(scores: Sequence[NDArray[np.float64]], parts: Sequence[Examples]) -> float:
    """By what to divide scores of books not learned from, so that chances come true."""
    joined = boosting.join(parts)
    scored = np.concatenate(scores)
    nobody = ranking.DOUBT * (joined.rows[:, NAMES.index("nobody")] == 1)

    def surprise(by: float) -> float:
        chances = boosting.softmax(scored / by - nobody, joined.sizes)
        return float(-np.log(chances[joined.right] + 1e-12).sum())

    return float(min(_TEMPERATURES, key=surprise))


def cross_fit(cases: Sequence[Case], extra: Sequence[Case], say: Say) -> tuple[list[Forest], float]:
    """A forest for each fold, learned from the others, and the temperature that suits them.

    `extra[i]` is `cases[i]` with less in its cast; both are learned from or neither.
    """
    parts = [_part(case) for case in cases]
    blurred = [_part(case) for case in extra]
    fold = by_author(cases)
    forests, scores = [], dict[int, NDArray[np.float64]]()
    for number in range(FOLDS):
        inside = [index for index, own in enumerate(fold) if own != number]
        forest = learn([pool[index] for index in inside for pool in (parts, blurred)])
        for index, own in enumerate(fold):
            if own == number:
                scores[index] = forest(parts[index].rows)
        forests.append(forest)
        say(f"fold {number + 1} of {FOLDS}: learned from {len(inside)} novels")
    by = temperature([scores[index] for index in range(len(cases))], parts)
    return [Forest(forest.trees, by) for forest in forests], by


def _part(case: Case) -> Examples:
    return examples(ranking.tabulate(case.book, case.guesses), case.gold)


def all_parts(cases: Sequence[Case], extra: Sequence[Case]) -> list[Examples]:
    """The examples of all novels."""
    return [_part(case) for case in (*cases, *extra)]
