"""Training examples for the trees: the turns of novels, with the features of their candidates."""

from collections.abc import Sequence

import numpy as np

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.ranking import FeatureTable
from training.boosting import Examples
from training.copies import PreparedNovel, place_of


def examples_of(prepared: PreparedNovel) -> Examples:
    """Return the annotated turns of a novel; a speaker who is no candidate counts as NOBODY."""
    return annotated(ranking.book_table(prepared.book, prepared.guesses), prepared.speakers)


def annotated(table: FeatureTable, speakers: Sequence[int | None]) -> Examples:
    """Return the turns of a table that have an annotated speaker."""
    rows, sizes, is_speaker = [], [], []
    at = 0
    for candidates, speaker in zip(table.candidates, speakers, strict=True):
        if speaker is not None:
            rows.append(np.arange(at, at + len(candidates)))
            sizes.append(len(candidates))
            place = place_of(speaker, candidates)
            is_speaker += [number == place for number in range(len(candidates))]
        at += len(candidates)
    return Examples(table.rows[np.concatenate(rows)], np.array(sizes), np.array(is_speaker))
