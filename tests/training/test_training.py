"""The ranker's model file, the evaluation of its trees, and their training."""

import importlib.util
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dialogue.attribution import speaker_model, tree_descent
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.dialogue.attribution.conversation_network import ConversationNetwork
from pipeline.dialogue.attribution.features.table import NAMES
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.model.book import Book, Chapter, Metadata, Paragraph
from pipeline.model.characters import Character
from pipeline.model.script import Kind

STUMP = Tree((0,), (1.5,), (-1,), (-2,), (-1.0, 2.0))
DEEP = Tree((0, 1), (0.0, 3.0), (-1, -2), (1, -3), (1.0, 10.0, 100.0))
needs_lightgbm = pytest.mark.skipif(
    importlib.util.find_spec("lightgbm") is None, reason="needs LightGBM, of the extra `train`"
)


def walk(tree: Tree, row: Sequence[float]) -> float:
    """Return the value of one row, node by node."""
    node = 0 if tree.feature else -1
    while node >= 0:
        left = row[tree.feature[node]] <= tree.threshold[node]
        node = tree.left[node] if left else tree.right[node]
    return tree.leaves[-1 - node]


@given(st.lists(st.tuples(*[st.integers(-3, 6).map(float)] * 2), min_size=1, max_size=40))
def test_a_score_is_the_sum_of_a_rows_leaves_over_the_temperature(
    rows: list[tuple[float, float]],
) -> None:
    table = np.array(rows, dtype=np.float32)
    forest = Forest((STUMP, DEEP, Tree((), (), (), (), (0.5,))), temperature=2.0)
    expected = [sum(walk(tree, list(row)) for tree in forest.trees) / 2 for row in rows]
    assert forest(table).tolist() == pytest.approx(expected)


NO_NETWORK = ConversationNetwork(np.zeros(1, np.float32), np.ones(1, np.float32), ())


def test_a_model_file_round_trips() -> None:
    forest = Forest((STUMP, DEEP), 1.1)
    model = speaker_model.loads(speaker_model.dumps(forest, NO_NETWORK))
    assert model.passes == (forest,) * speaker_model.PASSES
    assert model.corrector is not None


def test_a_model_with_other_features_is_rejected() -> None:
    data = json.loads(speaker_model.dumps(Forest((STUMP,)), NO_NETWORK))
    data["features"][0] = "something else"
    with pytest.raises(ValueError, match="other features"):
        speaker_model.loads(json.dumps(data))


def test_the_shipped_model_is_small_and_uses_existing_features() -> None:
    path = files("pipeline").joinpath("data", "speakers.json")
    assert len(path.read_bytes()) < 5_000_000
    passes = speaker_model.shipped().passes
    assert passes
    for forest in passes:
        assert isinstance(forest, Forest)
        used = {feature for tree in forest.trees for feature in tree.feature}
        assert used <= set(range(len(NAMES)))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Draw a tree of up to 40 leaves, over three features."""
    nodes = draw(st.integers(0, 39))
    rng = draw(st.randoms(use_true_random=False))
    children = [[-1, -1] for _ in range(nodes)]
    free = [(0, 0), (0, 1)] if nodes else []
    for node in range(1, nodes):
        parent, side = free.pop(rng.randrange(len(free)))
        children[parent][side] = node
        free += [(node, 0), (node, 1)]
    for leaf, (parent, side) in enumerate(free):
        children[parent][side] = -1 - leaf
    features = tuple(rng.randrange(3) for _ in children)
    thresholds = tuple(rng.randrange(4) / 2 for _ in children)
    leaves = tuple(rng.random() for _ in range(nodes + 1))
    left, right = zip(*children, strict=True) if children else ((), ())
    return Tree(features, thresholds, left, right, leaves)


@given(
    st.lists(trees(), max_size=4),
    st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 1.2, 2.0])] * 3), max_size=30),
    st.sampled_from([0, 30]),
)
def test_a_score_does_not_depend_on_the_rows_scored_together(
    forest: list[Tree], rows: list[tuple[float, ...]], few: int
) -> None:
    """To the last bit, whether rows descend in all trees at once or share the sets of one tree."""
    table = np.array(rows, dtype=np.float32).reshape(len(rows), 3)
    expected = [sum((walk(tree, row) for tree in forest), 0.0) / 1.5 for row in table]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree_descent, "MOST_ROWS", few)
        assert Forest(tuple(forest), 1.5)(table).tolist() == expected


def test_a_tree_with_too_many_leaves_is_rejected() -> None:
    with pytest.raises(ValueError, match="257 leaves"):
        Tree((), (), (), (), (0.0,) * 257)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(['"Yes."', '"No," said Ann.', "Tom came in.", '"So, Tom?"'])))
def test_probabilities_sum_to_one_with_any_scorer(paragraphs: list[str]) -> None:
    text = "\n\n".join([*paragraphs, '"End."'])
    spans, at = [], 0
    for paragraph in [*paragraphs, '"End."']:
        spans.append(Paragraph(at, at + len(paragraph)))
        at += len(paragraph) + 2
    book = Book(Path("b.txt"), text, (Chapter(1, "One", tuple(spans)),), Metadata("B"))
    cast = (Character("Tom"), Character("Ann"))
    script = attribute(book, cast, model=SpeakerModel((lambda rows: rows[:, 0].astype(float),) * 2))
    for line in script:
        if line.kind is Kind.SPEECH:
            assert 0.3 < sum(line.candidates.values()) <= 1 + 1e-9  # the rest is NOBODY's


@needs_lightgbm
def test_a_converted_forest_scores_as_lightgbm_does() -> None:
    """Compared with LightGBM's own predictions, on rows it was not trained on."""
    from training import boosting

    rng = np.random.default_rng(1)
    rows = rng.normal(size=(6000, 5)).astype(np.float32)
    sizes = np.full(2000, 3)
    best = rows[:, 2].reshape(2000, 3).argmax(axis=1)
    is_speaker = (np.arange(3) == best[:, None]).ravel()
    booster = boosting.fit(boosting.Examples(rows, sizes, is_speaker), 30, feature_fraction=1.0)
    forest = boosting.to_forest(booster)
    fresh = rng.normal(size=(300, 5)).astype(np.float32)
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
            author = authors.get(name, name)
            self.novel = Novel(name, author, book, (), (Quotation((), 0, "Implicit"),) * size)

    authors = {"Emma": "Austen", "Persuasion": "Austen"}
    authors |= {"HowardsEnd": "Forster", "ARoomWithAView": "Forster"}
    sizes = {"Emma": 9, "Persuasion": 8, "HowardsEnd": 7, "ARoomWithAView": 5, "X": 4, "Y": 3}
    assigned = folds.assign([Stub(name, size) for name, size in sizes.items()])
    fold = dict(zip(sizes, assigned, strict=True))
    assert fold["Emma"] == fold["Persuasion"] != fold["HowardsEnd"] == fold["ARoomWithAView"]
    assert len(set(fold.values())) == 4


@needs_lightgbm
def test_a_quotation_counts_for_whoever_speaks_most_of_it() -> None:
    from training import scoring
    from training.corpus import Novel, Quotation

    text = '"One two three," said Ann. "Four."'
    book = Book(Path("b.txt"), text, (Chapter(1, "", (Paragraph(0, len(text)),)),), Metadata("B"))
    cast = (Character("Tom"), Character("Ann"))
    script = attribute(book, cast)
    novel = Novel("B", "B", book, cast, (Quotation(((1, 15), (28, 33)), 1, "Explicit"),))
    score = scoring.score(novel, script)
    assert score.percent() == score.percent("Explicit") == score.precision == 100
    wrong = Novel("B", "B", book, cast, (Quotation(((1, 15), (28, 33)), 0, "Explicit"),))
    assert scoring.score(wrong, script).confusions == {("Ann", "Tom"): 1}
