"""The ranker's data file, the trees' arithmetic, and the training that makes them."""

import importlib.util
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dialogue.attribution import boosted_trees, features
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.model.book import Book, Chapter, Metadata, Paragraph
from pipeline.model.characters import Character
from pipeline.model.script import Kind

STUMP = Tree((0,), (1.5,), (-1,), (-2,), (-1.0, 2.0))
DEEP = Tree((0, 1), (0.0, 3.0), (-1, -2), (1, -3), (1.0, 10.0, 100.0))
needs_lightgbm = pytest.mark.skipif(
    importlib.util.find_spec("lightgbm") is None, reason="LightGBM comes with the extra `train`"
)


def walk(tree: Tree, row: Sequence[float]) -> float:
    """The value of one row, node by node."""
    node = 0 if tree.feature else -1
    while node >= 0:
        left = row[tree.feature[node]] <= tree.threshold[node]
        node = tree.left[node] if left else tree.right[node]
    return tree.leaves[-1 - node]


@given(st.lists(st.tuples(*[st.integers(-3, 6).map(float)] * 2), min_size=1, max_size=40))
def test_a_forest_gives_each_row_the_sum_of_its_leaves(rows: list[tuple[float, float]]) -> None:
    table = np.array(rows, dtype=np.float32)
    forest = Forest((STUMP, DEEP, Tree((), (), (), (), (0.5,))), temperature=2.0)
    expected = [sum(walk(tree, list(row)) for tree in forest.trees) / 2 for row in rows]
    assert forest(table).tolist() == pytest.approx(expected)


def test_a_model_reads_back_as_it_was_written() -> None:
    passes = (Forest((STUMP, DEEP), 1.1),)
    assert boosted_trees.loads(boosted_trees.dumps(passes)) == passes


def test_a_model_of_other_features_is_refused() -> None:
    data = json.loads(boosted_trees.dumps((Forest((STUMP,)),)))
    data["features"][0] = "something else"
    with pytest.raises(ValueError, match="other features"):
        boosted_trees.loads(json.dumps(data))


def test_the_packages_model_is_small_and_fits_the_features() -> None:
    path = files("pipeline").joinpath("data", "speakers.json")
    assert len(path.read_bytes()) < 5_000_000
    passes = boosted_trees.shipped()
    assert passes
    for forest in passes:
        used = {feature for tree in forest.trees for feature in tree.feature}
        assert used <= set(range(len(features.NAMES)))


@st.composite
def grown(draw: st.DrawFn) -> Tree:
    """A tree of up to 40 leaves, over three features."""
    nodes = draw(st.integers(0, 39))
    chance = draw(st.randoms(use_true_random=False))
    kids = [[-1, -1] for _ in range(nodes)]
    free = [(0, 0), (0, 1)] if nodes else []
    for node in range(1, nodes):
        parent, side = free.pop(chance.randrange(len(free)))
        kids[parent][side] = node
        free += [(node, 0), (node, 1)]
    for leaf, (parent, side) in enumerate(free):
        kids[parent][side] = -1 - leaf
    pick = [chance.randrange(3) for _ in kids], [chance.randrange(4) / 2 for _ in kids]
    leaves = tuple(chance.random() for _ in range(nodes + 1))
    left, right = zip(*kids, strict=True) if kids else ((), ())
    return Tree(tuple(pick[0]), tuple(pick[1]), left, right, leaves)


@given(
    st.lists(grown(), max_size=4),
    st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 1.2, 2.0])] * 3), max_size=30),
)
def test_a_forest_sums_what_each_row_finds_in_each_tree(
    forest: list[Tree], rows: list[tuple[float, ...]]
) -> None:
    """To the last bit, whatever else is judged together with the row."""
    table = np.array(rows, dtype=np.float32).reshape(len(rows), 3)
    wanted = [sum((walk(tree, row) for tree in forest), 0.0) / 1.5 for row in table]
    assert Forest(tuple(forest), 1.5)(table).tolist() == wanted


def test_a_tree_of_too_many_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="257 leaves"):
        Tree((), (), (), (), (0.0,) * 257)


def test_the_names_of_the_features_are_distinct() -> None:
    assert len(set(features.NAMES)) == len(features.NAMES)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(['"Yes."', '"No," said Ann.', "Tom came in.", '"So, Tom?"'])))
def test_whatever_ranks_the_candidates_their_chances_sum_to_one(paragraphs: list[str]) -> None:
    text = "\n\n".join([*paragraphs, '"End."'])
    bounds, at = [], 0
    for paragraph in [*paragraphs, '"End."']:
        bounds.append(Paragraph(at, at + len(paragraph)))
        at += len(paragraph) + 2
    book = Book(Path("b.txt"), text, (Chapter(1, "One", tuple(bounds)),), Metadata("B"))
    cast = (Character("Tom"), Character("Ann"))
    script = attribute(book, cast, passes=(lambda rows: rows[:, 0].astype(float),) * 2)
    for line in script:
        if line.kind is Kind.SPEECH:
            assert 0.3 < sum(line.candidates.values()) <= 1 + 1e-9  # the rest is nobody's


@needs_lightgbm
def test_what_is_learned_here_is_what_lightgbm_grew() -> None:
    """Another program's arithmetic, over rows that it did not learn from."""
    from training import boosting

    chance = np.random.default_rng(1)
    rows = chance.normal(size=(6000, 5)).astype(np.float32)
    sizes = np.full(2000, 3)
    best = rows[:, 2].reshape(2000, 3).argmax(axis=1)
    right = (np.arange(3) == best[:, None]).ravel()
    booster = boosting.fit(boosting.Examples(rows, sizes, right), 30, feature_fraction=1.0)
    forest = boosting.to_forest(booster)
    fresh = chance.normal(size=(300, 5)).astype(np.float32)
    assert forest(fresh) == pytest.approx(booster.predict(fresh, raw_score=True), abs=1e-3)
    scores = forest(fresh).reshape(100, 3)
    assert (scores.argmax(axis=1) == fresh[:, 2].reshape(100, 3).argmax(axis=1)).mean() > 0.9


@needs_lightgbm
def test_an_authors_novels_share_a_fold() -> None:
    from training import folds
    from training.corpus import Novel, Quotation

    class Stub:
        def __init__(self, name: str, size: int):
            book = Book(Path("b.txt"), "", (Chapter(1, "", ()),), Metadata("B"))
            self.novel = Novel(name, book, (), (Quotation((), 0, "Implicit"),) * size)

    sizes = {"Emma": 9, "Persuasion": 8, "HowardsEnd": 7, "ARoomWithAView": 5, "X": 4, "Y": 3}
    own = dict(zip(sizes, folds.by_author([Stub(n, s) for n, s in sizes.items()]), strict=True))
    assert own["Emma"] == own["Persuasion"] != own["HowardsEnd"] == own["ARoomWithAView"]
    assert len(set(own.values())) == 4


@needs_lightgbm
def test_a_quotation_counts_for_whoever_speaks_most_of_it() -> None:
    from training import scoring
    from training.corpus import Novel, Quotation

    text = '"One two three," said Ann. "Four."'
    book = Book(Path("b.txt"), text, (Chapter(1, "", (Paragraph(0, len(text)),)),), Metadata("B"))
    cast = (Character("Tom"), Character("Ann"))
    script = attribute(book, cast)
    novel = Novel("B", book, cast, (Quotation(((1, 15), (28, 33)), 1, "Explicit"),))
    one = scoring.score(novel, script)
    assert one.percent() == one.percent("Explicit") == one.precision == 100
    wrong = Novel("B", book, cast, (Quotation(((1, 15), (28, 33)), 0, "Explicit"),))
    assert scoring.score(wrong, script).confusions == {("Ann", "Tom"): 1}
