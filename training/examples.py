"""Training examples: the turns of annotated novels, with the features of their candidates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.log_linear import Guesses, first_guesses
from pipeline.dialogue.attribution.ranking import FeatureTable
from pipeline.dialogue.quotations.splitting import split
from training.boosting import Examples
from training.corpus import Novel, turn_speakers


@dataclass(frozen=True, slots=True)
class PreparedNovel:
    """A novel ready for the ranker.

    `speakers` are the annotated speakers of its turns, chapter after chapter, and `guesses` those
    of the log-linear model by chapter.
    """

    novel: Novel
    book: AnalysedBook
    speakers: list[int | None]
    guesses: list[Guesses]

    @classmethod
    def of(cls, novel: Novel) -> "PreparedNovel":
        """Analyse a novel and attribute it by the log-linear model."""
        spans = split(novel.book)
        book = AnalysedBook.of(novel.book, spans, CastNames(novel.cast))
        speakers = turn_speakers(novel.quotations, book.all_turns(), spans)
        guesses = [first_guesses(book, number) for number in range(len(book.chapters))]
        return cls(novel, book, speakers, guesses)


def _with_absent_characters(novel: Novel, share: float) -> Novel:
    """Return a copy whose cast lacks a random share of the characters: NOBODY speaks for them."""
    generator = np.random.default_rng(0)
    kept = [i for i, drawn in enumerate(generator.random(len(novel.cast))) if drawn >= share]
    index_of = {old: new for new, old in enumerate(kept)}
    quotations = tuple(
        replace(quotation, speaker=index_of.get(quotation.speaker, NOBODY))
        for quotation in novel.quotations
    )
    return replace(novel, cast=tuple(novel.cast[i] for i in kept), quotations=quotations)


def examples_with_absent_characters(novel: Novel, share: float) -> Examples | None:
    """Return the turns of a copy with a smaller cast that have a tag, None if there are none.

    They teach who is meant by a name or noun that nobody in the cast has. Turns without a tag are
    left out: in most books all who speak are in the cast.
    """
    prepared = PreparedNovel.of(_with_absent_characters(novel, share))
    speakers = [
        speaker if any(tag.sure for tag in turn.tags) else None
        for turn, speaker in zip(prepared.book.all_turns(), prepared.speakers, strict=True)
    ]
    if all(speaker is None for speaker in speakers):
        return None
    return examples_of(ranking.book_table(prepared.book, prepared.guesses), speakers)


def examples_of(table: FeatureTable, speakers: Sequence[int | None]) -> Examples:
    """Return the turns with an annotated speaker; one who is no candidate counts as NOBODY."""
    rows, sizes, is_speaker = [], [], []
    at = 0
    for candidates, speaker in zip(table.candidates, speakers, strict=True):
        if speaker is not None:
            rows.append(np.arange(at, at + len(candidates)))
            sizes.append(len(candidates))
            target = speaker if speaker in candidates else NOBODY
            is_speaker += [candidate == target for candidate in candidates]
        at += len(candidates)
    return Examples(table.rows[np.concatenate(rows)], np.array(sizes), np.array(is_speaker))
