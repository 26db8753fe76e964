"""Cross-fitting: training on some authors and evaluating on the others."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.conversation_network import ConversationNetwork
from pipeline.dialogue.attribution.speaker_model import PASSES, SpeakerModel
from training import boosting, networks
from training.boosting import Examples
from training.conversations import Example, conversations_of
from training.copies import PreparedNovel, copies_of
from training.examples import annotated, examples_of

FOLDS = 5
_ROUNDS = 250
_SEEDS = 3  # forests and networks whose scores are averaged
_TEMPERATURES = np.arange(0.9, 1.6, 0.05)
_ORIGINAL_WEIGHT = 2  # in the forests, of the turns of a text as it is beside its copies
_FLOOR = 1e-4  # the probability of a speaker who is no candidate
_CAUTION = 1.2  # quotations cut wrongly make speakers wrong too, which turns do not show

Scores = Sequence[Mapping[int, float]]
"""The scores of a novel's turns by candidate, chapter after chapter."""
Log = Callable[[str], None]
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A forest and a network that have seen the same authors."""

    forest: Forest
    network: ConversationNetwork

    @property
    def speaker_model(self) -> SpeakerModel:
        """The model as the package uses it."""
        return SpeakerModel((self.forest,) * PASSES, self.network)


def assign(novels: Sequence[PreparedNovel]) -> list[int]:
    """Return the fold of each novel: an author's novels share one, and folds are of similar size.

    Size is counted in quotations.
    """
    sizes: Counter[str] = Counter()
    for prepared in novels:
        sizes[prepared.novel.author] += len(prepared.novel.quotations)
    filled, fold_of = [0] * FOLDS, dict[str, int]()
    for author, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        fold_of[author] = filled.index(min(filled))
        filled[fold_of[author]] += size
    return [fold_of[prepared.novel.author] for prepared in novels]


def cross_fit(novels: Sequence[PreparedNovel], log: Log) -> tuple[list[TrainedModel], TrainedModel]:
    """Return a model for each fold, trained on the others, and one trained on all novels.

    Their temperatures are the best for the folds' models on the novels held out.
    """
    forests, whole = cross_fit_forests(novels, log)
    *networks_of_folds, network = _cross_fit_networks(novels, forests, log)
    pairs = zip(forests, networks_of_folds, strict=True)
    return [TrainedModel(*pair) for pair in pairs], TrainedModel(whole, network)


def cross_fit_forests(novels: Sequence[PreparedNovel], log: Log) -> tuple[list[Forest], Forest]:
    """Return a forest for each fold, trained on the others, and one trained on all novels."""
    with ProcessPoolExecutor() as processes:
        tables, parts = [], []
        for table, own in processes.map(_table_and_examples, novels):
            tables.append(table)
            parts.append(own)
        folds = assign(novels)
        *forests, whole = processes.map(train, _by_fold(folds, parts))
    log(f"trained {FOLDS} folds and the whole; {_candidate_recall(novels, tables)}")
    held_out = [forests[fold] for fold in folds]
    temperature = _CAUTION * _last_temperature(novels, tables, held_out, log)
    calibrated = [_with_temperature(forest, temperature) for forest in forests]
    return calibrated, _with_temperature(whole, temperature)


def _by_fold(folds: Sequence[int], parts: Sequence[Sequence[_Part]]) -> list[list[_Part]]:
    """Return the parts of the novels outside each fold, and those of all novels."""
    return [
        *(
            [part for own, of in zip(parts, folds, strict=True) if of != fold for part in own]
            for fold in range(FOLDS)
        ),
        [part for own in parts for part in own],
    ]


def _cross_fit_networks(
    novels: Sequence[PreparedNovel], forests: Sequence[Forest], log: Log
) -> list[ConversationNetwork]:
    """Return a network for each fold, trained on the others, and one trained on all novels.

    What they learn from are the guesses of forests that have not seen the author.
    """
    folds = assign(novels)
    with ProcessPoolExecutor() as processes:
        own_forests = [forests[fold] for fold in folds]
        originals, copies = zip(*processes.map(_conversations, novels, own_forests), strict=True)
        log("attributed the novels, scenes and copies by the forests of their folds")
        parts = [[*own, *changed] for own, changed in zip(originals, copies, strict=True)]
        fitted = list(processes.map(_fit_network, _by_fold(folds, parts)))
    # Without _CAUTION: with it, the quotations of scenes held out are right more often than said.
    temperature = networks.best_temperature(
        [(fitted[fold], own) for fold, own in zip(folds, originals, strict=True)]
    )
    log(f"trained the networks, {temperature=:.2f}")
    return [replace(network, temperature=temperature) for network in fitted]


def _conversations(prepared: PreparedNovel, forest: Forest) -> tuple[list[Example], list[Example]]:
    """Return the chapters of a novel and those of its copies, by a forest that has not seen it."""
    copies = (example for copy in copies_of(prepared) for example in conversations_of(copy, forest))
    return list(conversations_of(prepared, forest)), list(copies)


def _fit_network(examples: Sequence[Example]) -> ConversationNetwork:
    return networks.fit(examples, range(_SEEDS))


def _table_and_examples(prepared: PreparedNovel) -> tuple[ranking.FeatureTable, list[Examples]]:
    """Return the rows of a novel, and the examples from it and from its copies."""
    table = ranking.book_table(prepared.book, prepared.guesses)
    copies = [examples_of(copy) for copy in copies_of(prepared)]
    return table, [annotated(table, prepared.speakers)] * _ORIGINAL_WEIGHT + copies


def train(parts: Sequence[Examples]) -> Forest:
    """Return several forests, trained with different seeds, as one."""
    joined = boosting.join(parts)
    forests = [boosting.to_forest(boosting.fit(joined, _ROUNDS, seed)) for seed in range(_SEEDS)]
    return Forest(tuple(tree for forest in forests for tree in forest.trees), float(_SEEDS))


def _with_temperature(forest: Forest, factor: float) -> Forest:
    return Forest(forest.trees, forest.temperature * factor)


def _last_temperature(
    novels: Sequence[PreparedNovel],
    tables: Sequence[ranking.FeatureTable],
    forests: Sequence[Forest],
    log: Log,
) -> float:
    """Attribute each novel by its own forest, and return the best temperature of the last pass.

    `tables` are those of the first pass.
    """
    temperature = 1.0
    books = [prepared.book for prepared in novels]
    with ProcessPoolExecutor() as processes:
        for number in range(PASSES):
            scores = list(processes.map(_scores, tables, forests))
            temperature = best_temperature(novels, scores)
            guesses = [
                _probabilities(prepared, own, temperature)
                for prepared, own in zip(novels, scores, strict=True)
            ]
            log(f"pass {number + 1}: {_accuracies(novels, guesses)}, {temperature=:.2f}")
            if number + 1 < PASSES:
                tables = list(processes.map(ranking.book_table, books, guesses))
    return temperature


def _scores(table: ranking.FeatureTable, forest: Forest) -> Scores:
    return table.scores_by_turn(forest(table.rows))


def best_temperature(novels: Sequence[PreparedNovel], scores: Sequence[Scores]) -> float:
    """Return the divisor of held-out scores that calibrates the probabilities best."""

    def cross_entropy(temperature: float) -> float:
        return -sum(
            math.log(turn.get(speaker, 0.0) + _FLOOR)
            for prepared, own in zip(novels, scores, strict=True)
            for turn, speaker in _annotated(prepared, _probabilities(prepared, own, temperature))
        )

    return float(min(_TEMPERATURES, key=cross_entropy))


def _probabilities(
    prepared: PreparedNovel, scores: Scores, temperature: float
) -> list[list[Probabilities]]:
    """Return the probabilities of each chapter's turns, by scores over a temperature."""
    book = prepared.book
    divided = (
        {candidate: score / temperature for candidate, score in turn.items()} for turn in scores
    )
    chapters = map(book.turns, range(len(book.chapters)))
    return [
        ranking.probabilities_of(turns, list(islice(divided, len(turns)))) for turns in chapters
    ]


def _annotated(
    prepared: PreparedNovel, chapters: Sequence[Sequence[Probabilities]]
) -> list[tuple[Probabilities, int]]:
    """Return the probabilities of the turns whose speaker is annotated, and the speaker."""
    turns = (turn for chapter in chapters for turn in chapter)
    pairs = zip(turns, prepared.speakers, strict=True)
    return [(turn, speaker) for turn, speaker in pairs if speaker is not None]


def _candidate_recall(
    novels: Sequence[PreparedNovel], tables: Sequence[ranking.FeatureTable]
) -> str:
    """Return how often the annotated speaker is a candidate, in words."""
    hits: dict[bool, list[bool]] = {}
    for prepared, table in zip(novels, tables, strict=True):
        pairs = zip(table.candidates, prepared.speakers, strict=True)
        own = hits.setdefault(prepared.novel.is_scene, [])
        own += (who in candidates for candidates, who in pairs if who is not None)
    return f"the speaker is a candidate in {_percentages(hits)}"


def _accuracies(
    novels: Sequence[PreparedNovel], guesses: Sequence[Sequence[Sequence[Probabilities]]]
) -> str:
    """Return how many of the annotated turns of novels and of scenes are right, in words."""
    hits: dict[bool, list[bool]] = {}
    for prepared, chapters in zip(novels, guesses, strict=True):
        own = hits.setdefault(prepared.novel.is_scene, [])
        own += (next(iter(turn)) == who for turn, who in _annotated(prepared, chapters))
    return _percentages(hits)


def _percentages(hits: Mapping[bool, Sequence[bool]]) -> str:
    """Return the percentages of hits in novels (the key False) and in scenes."""
    return ", ".join(
        f"{100 * sum(own) / len(own):.2f}% of the turns of {'scenes' if is_scene else 'novels'}"
        for is_scene, own in hits.items()
    )
