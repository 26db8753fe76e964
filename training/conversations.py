"""Training examples for the conversation network: what the passes of the ranker leave of novels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.conversation_cells import Cells, Conversation, cells_of
from pipeline.dialogue.attribution.ranking import rank
from pipeline.dialogue.attribution.speaker_model import PASSES, SpeakerModel
from training.copies import PreparedNovel, place_of


@dataclass(frozen=True, slots=True)
class Example:
    """The cells of a conversation, and those of the speakers of its turns, -1 where not known."""

    cells: Cells
    speakers: NDArray[np.intp]


def conversations_of(prepared: PreparedNovel, forest: Forest) -> Iterator[Example]:
    """Yield the chapters of a novel, by a forest that has not seen its author.

    They are as the last pass leaves them. An annotated speaker who is no candidate counts as
    NOBODY.
    """
    recorded: list[Conversation] = []

    def record(conversation: Conversation) -> Sequence[Probabilities]:
        recorded.append(conversation)
        return conversation.after

    rank(prepared.book, SpeakerModel((forest,) * PASSES, record), {}, prepared.known)
    speakers = iter(prepared.speakers)
    for conversation in recorded[-len(recorded) // PASSES :]:
        cells = cells_of(conversation)
        own = islice(speakers, len(conversation.candidates))
        targets = [
            -1 if speaker is None else start + place_of(speaker, candidates)
            for candidates, speaker, start in zip(
                conversation.candidates, own, cells.starts, strict=True
            )
        ]
        yield Example(cells, np.array(targets))
