"""Training examples for the trees: the turns of novels, with the features of their candidates."""

import numpy as np

from pipeline.dialogue.attribution import ranking
from training.boosting import Examples
from training.copies import PreparedNovel


def examples_of(prepared: PreparedNovel) -> Examples:
    """Return the annotated turns of a novel; a speaker who is no candidate counts as NOBODY."""
    table = ranking.book_table(prepared.book, prepared.guesses)
    rows, sizes, is_speaker = [], [], []
    at = 0
    for candidates, speaker in zip(table.candidates, prepared.speakers, strict=True):
        if speaker is not None:
            rows.append(np.arange(at, at + len(candidates)))
            sizes.append(len(candidates))
            place = PreparedNovel.place_of(speaker, candidates)
            is_speaker += [number == place for number in range(len(candidates))]
        at += len(candidates)
    return Examples(table.rows[np.concatenate(rows)], np.array(sizes), np.array(is_speaker))
