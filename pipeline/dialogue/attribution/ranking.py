"""The learned ranker: scores of feature rows, in passes over a whole book.

The log-linear model makes the first guess. Each pass of the ranker then sees what the pass before
made of the turns around.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution import conversation
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.conversation import NO_SPEAKERS, KnownSpeakers, Probabilities
from pipeline.dialogue.attribution.conversation_cells import Conversation
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.table import NAMES, feature_rows
from pipeline.dialogue.attribution.features.views import BookView, ChapterView
from pipeline.dialogue.attribution.log_linear import (
    ChapterEvidence,
    Guesses,
    first_guesses,
    gather_evidence,
)
from pipeline.dialogue.attribution.speaker_model import Corrector, Scorer, SpeakerModel
from pipeline.dialogue.attribution.turns import Turn

NOBODY_PENALTY = 1.0
"""By how much more often nobody spoke in the ranker's training data than in books, as a log."""
_BATCH = 6000  # rows
_CONTINUED_WEIGHT = 0.6
_TRANSITION_WEIGHT = 0.2  # the scores know of turn-taking already
_APART_WEIGHT = 0.8  # but less of two people whom narration parts

Rows = NDArray[np.float32]
"""One row of features for each candidate of each turn."""
RowScores = NDArray[np.float64]
"""One score for each row, in natural logarithms of odds, comparable within a turn."""
GuessesByPass = Mapping[int, Sequence[Guesses]]
"""Chapters, by number from 0, with their guesses after each pass."""

SpeakersByChapter = Mapping[int, KnownSpeakers]
"""Chapters, by number from 0, with the speakers in them that are known for certain."""
NONE_KNOWN: SpeakersByChapter = MappingProxyType({})

_NO_ROWS = np.zeros((0, len(NAMES)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The rows of consecutive turns; `candidates[i]` are those of turn i."""

    rows: Rows
    candidates: list[list[int]]

    def scores_by_turn(self, scores: RowScores) -> list[dict[int, float]]:
        """Return the scores of the rows by turn and candidate, with NOBODY as rare as in books."""
        result, at = [], 0
        for candidates in self.candidates:
            own = scores[at : at + len(candidates)]
            result.append(
                {
                    candidate: float(score) - NOBODY_PENALTY * (candidate == NOBODY)
                    for candidate, score in zip(candidates, own, strict=True)
                }
            )
            at += len(candidates)
        return result


@dataclass(frozen=True, slots=True)
class ChapterTable:
    """A chapter, counted from 0, with its rows and the evidence they come from."""

    chapter: int
    table: FeatureTable
    evidence: ChapterEvidence


def chapter_tables(
    book: AnalysedBook, guesses: Sequence[Guesses], chapters: Iterable[int]
) -> Iterator[ChapterTable]:
    """Yield the rows of some chapters, given the guesses of the pass before.

    One by one, since the rows of a long book fill a computer's memory.
    """
    book_view = BookView(book, guesses)
    for number in chapters:
        evidence = gather_evidence(book, number, guesses[number])
        view = ChapterView(book_view, book, number, evidence, guesses[number])
        rows: list[Rows] = []
        candidates: list[list[int]] = []
        for index in range(len(view.turns)):
            own, values = feature_rows(view, index)
            candidates.append(own)
            rows.append(np.array(values, dtype=np.float32))
        table = FeatureTable(np.concatenate(rows) if rows else _NO_ROWS, candidates)
        yield ChapterTable(number, table, evidence)


def book_table(book: AnalysedBook, guesses: Sequence[Guesses]) -> FeatureTable:
    """Return the rows of all chapters."""
    tables = [own.table for own in chapter_tables(book, guesses, range(len(guesses)))]
    return FeatureTable(
        np.concatenate([table.rows for table in tables]),
        [candidates for table in tables for candidates in table.candidates],
    )


def _batches(tables: Iterable[ChapterTable]) -> Iterator[list[ChapterTable]]:
    """Yield tables in batches of many rows: trees cost much a call and little a row."""
    batch: list[ChapterTable] = []
    for table in tables:
        batch.append(table)
        if sum(len(own.table.rows) for own in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def probabilities_of(
    turns: Sequence[Turn],
    scores: Sequence[Mapping[int, float]],
    speakers: KnownSpeakers = NO_SPEAKERS,
) -> list[Probabilities]:
    """Return the probabilities of a chapter's turns by the ranker's scores and turn-taking.

    `speakers` are those that are known for certain: they help to attribute the turns around.

    A turn with a sure tag helps to attribute the others, but is attributed by its own scores. One
    that quote marks carry on has the speaker of the turn before, and its own scores count less.
    """
    scores = conversation.clamped(scores, speakers)
    own_scores = [
        {c: _CONTINUED_WEIGHT * score for c, score in own.items()} if turn.continues else own
        for turn, own in zip(turns, scores, strict=True)
    ]
    together = conversation.posteriors(
        turns, own_scores, temper=1.0, transition_weight=_transition_weight
    )
    return [
        conversation.softmax(own) if any(tag.sure and tag.speaker for tag in turn.tags) else joint
        for turn, own, joint in zip(turns, scores, together, strict=True)
    ]


def _transition_weight(turn: Turn) -> float:
    return _APART_WEIGHT if turn.two_present and turn.gap > 0 else _TRANSITION_WEIGHT


def rank(
    book: AnalysedBook,
    model: SpeakerModel,
    known: GuessesByPass,
    speakers: SpeakersByChapter = NONE_KNOWN,
) -> tuple[list[list[Guesses]], Mapping[int, ChapterEvidence]]:
    """Return the guesses of each chapter after each pass, and the evidence in the last.

    Chapters that are `known` after as many passes as the model has help to attribute the others and
    have no evidence. `speakers` are those known for certain.
    """
    passes, numbers = model.passes, range(len(book.chapters))
    known = {n: guesses for n, guesses in known.items() if len(guesses) == len(passes) + 1}
    unknown = [number for number in numbers if number not in known]
    by_pass: list[list[Guesses]] = [
        [
            known[n][0] if n in known else first_guesses(book, n, speakers.get(n, NO_SPEAKERS))
            for n in numbers
        ]
    ]
    evidence: dict[int, ChapterEvidence] = {}
    for scorer in passes:
        after = {number: guesses[len(by_pass)] for number, guesses in known.items()}
        own_pass = _Pass(scorer, model.corrector, speakers)
        for number, guesses, own in _attributed(book, own_pass, by_pass[-1], unknown):
            after[number], evidence[number] = guesses, own
        by_pass.append([after[number] for number in numbers])
    if not passes:
        evidence = {n: gather_evidence(book, n, by_pass[0][n]) for n in unknown}
    return by_pass, evidence


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass: its scorer, the corrector if any, and the speakers known for certain."""

    scorer: Scorer
    corrector: Corrector | None
    speakers: SpeakersByChapter

    def guesses(
        self, turns: Sequence[Turn], chapter: ChapterTable, scores: RowScores, before: Guesses
    ) -> Guesses:
        """Return the guesses of a chapter by the scores of its rows, and those before the pass."""
        known = self.speakers.get(chapter.chapter, NO_SPEAKERS)
        table = chapter.table
        by_turn = table.scores_by_turn(scores)
        guesses = probabilities_of(turns, by_turn, known)
        if self.corrector is None or not turns:
            return guesses
        corrected = self.corrector(
            Conversation(
                table.rows,
                table.candidates,
                by_turn,
                before,
                guesses,
                [turn.is_bare for turn in turns],
            )
        )
        return [{known[i]: 1.0} if i in known else guess for i, guess in enumerate(corrected)]


def _attributed(
    book: AnalysedBook, own: _Pass, guesses: Sequence[Guesses], chapters: Sequence[int]
) -> Iterator[tuple[int, Guesses, ChapterEvidence]]:
    """Yield the number, new guesses and evidence of some chapters after one pass.

    All see the same `guesses`, those of the pass before.
    """
    for batch in _batches(chapter_tables(book, guesses, chapters)):
        scores, at = own.scorer(np.concatenate([chapter.table.rows for chapter in batch])), 0
        for chapter in batch:
            number, end = chapter.chapter, at + len(chapter.table.rows)
            guessed = own.guesses(book.turns(number), chapter, scores[at:end], guesses[number])
            yield number, guessed, chapter.evidence
            at = end
