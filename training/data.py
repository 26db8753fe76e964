"""Examples to learn from: turns of annotated novels with the rows of their candidates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.dialogue.attribution import ranking
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.conversation import Chances
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.ranking import Casebook, Table
from pipeline.dialogue.quotations.splitting import split
from training.boosting import Examples
from training.corpus import Novel, truth


@dataclass(frozen=True, slots=True)
class Case:
    """A novel ready to be judged; `gold` are the speakers of its turns, chapter after chapter."""

    novel: Novel
    book: Casebook
    gold: list[int | None]
    guesses: list[list[Chances]]

    @classmethod
    def of(cls, novel: Novel) -> "Case":
        """Read a novel and let the log-linear model judge it."""
        spans = split(novel.book)
        book = Casebook.of(novel.book, spans, Names(novel.cast))
        gold = truth(novel.quotations, book.all_turns(), spans)
        return cls(novel, book, gold, ranking.first_guesses(book))


def examples(table: Table, gold: Sequence[int | None]) -> Examples:
    """The turns whose speaker is annotated; one who is no candidate is nobody."""
    rows, sizes, right = [], [], []
    at = 0
    for who, speaker in zip(table.who, gold, strict=True):
        if speaker is not None:
            rows.append(np.arange(at, at + len(who)))
            sizes.append(len(who))
            wanted = speaker if speaker in who else NOBODY
            right += [one == wanted for one in who]
        at += len(who)
    return Examples(table.rows[np.concatenate(rows)], np.array(sizes), np.array(right))
