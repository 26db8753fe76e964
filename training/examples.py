"""Training examples for the trees: the turns of novels, with the features of their candidates."""

import numpy as np

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.evidence import NOBODY
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
            target = speaker if speaker in candidates else NOBODY
            is_speaker += [candidate == target for candidate in candidates]
        at += len(candidates)
    return Examples(table.rows[np.concatenate(rows)], np.array(sizes), np.array(is_speaker))
