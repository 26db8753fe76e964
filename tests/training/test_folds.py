"""Cross-fitting on tiny scenes: which forests there are, and who has seen whom."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.boosted_trees import Forest, Tree
from pipeline.dialogue.attribution.conversation_cells import Cells
from pipeline.dialogue.attribution.conversation_network import ConversationNetwork
from training import scenes

if importlib.util.find_spec("lightgbm") is None or importlib.util.find_spec("torch") is None:
    pytest.skip("needs LightGBM and PyTorch, of the extra `train`", allow_module_level=True)

from training import folds, networks
from training.boosting import Examples
from training.conversations import Example
from training.copies import PreparedNovel

AUTHORS = ("Ann", "Bob", "Cid", "Dan", "Eve", "Fay")
PROSE = """{{{}:i}}"Are you there, {}?"

{{{}:e}}"Where else?" said {}.
"""


def scene(folder: Path, author: str) -> PreparedNovel:
    """Return a scene of two chapters between its author and Tom."""
    path = folder / author / "scene.src"
    path.parent.mkdir()
    head = f"A | {author} | F |\nT | Tom | M |\n---\n"
    prose = (
        PROSE.format("A", "Tom", "T", "Tom")
        + "\nChapter 2\n\n"
        + PROSE.format("T", author, "A", author)
    )
    path.write_text(head + prose, encoding="utf-8")
    return PreparedNovel.of(scenes.load(path))


def number_of_author(prepared: PreparedNovel) -> tuple[ranking.FeatureTable, list[Examples]]:
    """Return the rows of a scene, and as its only example the number of its author."""
    rows = np.full((1, 1), AUTHORS.index(prepared.novel.author), dtype=np.float32)
    table = ranking.book_table(prepared.book, prepared.guesses)
    return table, [Examples(rows, np.array([1]), np.array([True]))]


def remember(parts: Sequence[Examples]) -> Forest:
    """Return a forest that scores all alike, with the numbers in leaves that no row reaches."""
    numbers = (float(part.rows[0, 0]) for part in parts)
    return Forest((Tree((), (), (), (), (0.0, *numbers)),))


def numbers_seen(forest: Forest) -> set[float]:
    return {number for tree in forest.trees for number in tree.leaves[1:]}


@pytest.fixture
def novels(tmp_path: Path) -> list[PreparedNovel]:
    return [scene(tmp_path, author) for author in AUTHORS]


def test_each_fold_has_a_forest_and_all_have_one(
    novels: list[PreparedNovel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folds, "_ROUNDS", 2)
    log: list[str] = []
    forests, whole = folds.cross_fit_forests(novels, log.append)
    assert len(forests) == folds.FOLDS
    assert {forest.temperature for forest in forests} == {whole.temperature}
    assert [line.split(":")[0] for line in log if line.startswith("pass")] == ["pass 1", "pass 2"]


def test_a_forest_has_seen_all_authors_but_those_of_its_fold(
    novels: list[PreparedNovel], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example is its author's number, and each forest remembers the numbers it has seen."""
    monkeypatch.setattr(folds, "_table_and_examples", number_of_author)
    monkeypatch.setattr(folds, "train", remember)
    forests, whole = folds.cross_fit_forests(novels, lambda _: None)
    assigned = folds.assign(novels)
    for fold, forest in enumerate(forests):
        assert numbers_seen(forest) == {n for n, own in enumerate(assigned) if own != fold}
    assert numbers_seen(whole) == set(range(len(AUTHORS)))


def conversation_of_author(
    prepared: PreparedNovel, _: Forest
) -> tuple[list[Example], list[Example]]:
    """Return the number of the author of a scene as its only example, and no copies."""
    number = np.full((1, 1), AUTHORS.index(prepared.novel.author), dtype=np.float32)
    one = np.zeros(1, dtype=np.intp)
    return [Example(Cells(number, number[0], one, one, one, one == 0), one)], []


def remember_conversations(examples: Sequence[Example]) -> ConversationNetwork:
    """Return a network whose means are the numbers of the authors it has seen."""
    numbers = np.array([example.cells.features[0, 0] for example in examples])
    return ConversationNetwork(numbers, numbers, ())


def test_a_network_has_seen_all_authors_but_those_of_its_fold(
    novels: list[PreparedNovel], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its temperature is chosen on those, each attributed by the network that has not seen it."""
    unseen: list[set[float]] = []

    def note(held_out: Sequence[tuple[ConversationNetwork, Sequence[Example]]]) -> float:
        for network, examples in held_out:
            seen = set(network.mean.tolist())
            unseen.append({e.cells.features[0, 0] for e in examples} - seen)
        return 1.0

    monkeypatch.setattr(folds, "_table_and_examples", number_of_author)
    monkeypatch.setattr(folds, "train", remember)
    monkeypatch.setattr(folds, "_conversations", conversation_of_author)
    monkeypatch.setattr(folds, "_fit_network", remember_conversations)
    monkeypatch.setattr(networks, "best_temperature", note)
    models, whole = folds.cross_fit(novels, lambda _: None)
    assigned = folds.assign(novels)
    for fold, model in enumerate(models):
        expected = {n for n, own in enumerate(assigned) if own != fold}
        assert set(model.network.mean.tolist()) == expected
    assert set(whole.network.mean.tolist()) == set(range(len(AUTHORS)))
    assert unseen == [{n} for n in range(len(AUTHORS))]
