"""Learning from some authors and measuring on others."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import numpy as np

from pipeline.dialogue.attribution import boosted_trees, ranking
from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.attribution.conversation import Chances
from training import boosting
from training.boosting import Examples
from training.data import Case, examples

FOLDS = 5
_ROUNDS = 300
_SEEDS = 3  # forests whose scores are averaged
_TEMPERATURES = np.arange(0.9, 1.6, 0.05)
_FLOOR = 1e-4  # the chance of who is no candidate
_CAUTION = 1.12  # speeches that are cut wrongly make speakers wrong too; turns do not show it
Scores = Sequence[Mapping[int, float]]

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
    """Grow the forest of the first pass: several, grown on other draws, as one."""
    joined = boosting.join(parts)
    grown = [boosting.to_forest(boosting.fit(joined, _ROUNDS, seed)) for seed in range(_SEEDS)]
    return Forest(tuple(tree for forest in grown for tree in forest.trees), float(_SEEDS))


def temperature(cases: Sequence[Case], scores: Sequence[Scores]) -> float:
    """By what to divide scores of books not learned from, so that chances come true.

    `scores[i]` are those of the turns of case i, chapter after chapter.
    """

    def surprise(by: float) -> float:
        return -sum(
            math.log(chances.get(who, 0.0) + _FLOOR)
            for case, found in zip(cases, scores, strict=True)
            for chances, who in zip(_flat(_settled(case, found, by)), case.gold, strict=True)
            if who is not None
        )

    return float(min(_TEMPERATURES, key=surprise))


def _settled(case: Case, scores: Scores, by: float) -> list[list[Chances]]:
    """The chances of the turns of each chapter by scores divided by a temperature."""
    cooled = ({who: score / by for who, score in turn.items()} for turn in scores)
    chapters = map(case.book.turns, range(len(case.book.chapters)))
    return [ranking.settle(said, list(islice(cooled, len(said)))) for said in chapters]


def _flat(chapters: Sequence[Sequence[Chances]]) -> list[Chances]:
    return [chances for chapter in chapters for chances in chapter]


def _right(cases: Sequence[Case], judged: Sequence[Sequence[Sequence[Chances]]]) -> float:
    """How many of the annotated turns are right, in percent."""
    hits = [
        next(iter(chances)) == who
        for case, chapters in zip(cases, judged, strict=True)
        for chances, who in zip(_flat(chapters), case.gold, strict=True)
        if who is not None
    ]
    return 100 * sum(hits) / len(hits)


def cross_fit(cases: Sequence[Case], say: Say) -> tuple[list[Forest], Forest]:
    """A forest for each fold, learned from the others, and one learned from all.

    Their temperature is what suits the folds' forests on the novels that they have not seen, at
    the last reading.
    """
    read = [ranking.tabulate(case.book, case.guesses) for case in cases]
    parts = [examples(table, case.gold) for table, case in zip(read, cases, strict=True)]
    fold = by_author(cases)
    forests = []
    for number in range(FOLDS):
        inside = [index for index, own in enumerate(fold) if own != number]
        forests.append(learn([parts[index] for index in inside]))
        say(f"fold {number + 1} of {FOLDS}: learned from {len(inside)} novels")
    own = [forests[number] for number in fold]
    by, judged = 1.0, list[list[list[Chances]]]()
    for reading in range(boosted_trees.READINGS):
        if judged:
            read = [ranking.tabulate(case.book, g) for case, g in zip(cases, judged, strict=True)]
        scores = [table.scores(forest(table.rows)) for table, forest in zip(read, own, strict=True)]
        by = temperature(cases, scores)
        judged = [_settled(case, found, by) for case, found in zip(cases, scores, strict=True)]
        say(f"reading {reading + 1}: {_right(cases, judged):.2f}% of turns, temperature {by:.2f}")
    by *= _CAUTION
    return [_cooled(forest, by) for forest in forests], _cooled(learn(parts), by)


def _cooled(forest: Forest, by: float) -> Forest:
    return Forest(forest.trees, forest.temperature * by)
