"""How often two roles speak in turn: those who do should have different voices."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Script

ExchangeCounts = Mapping[frozenset[str], int]
"""How often two roles, by name, speak one after the other."""


def count_exchanges(script: Script, cast: Cast) -> ExchangeCounts:
    """Count for each pair of roles how often one speaks after the other within a chapter.

    Narration in between is ignored.
    """
    names = {speaker: cast.role(speaker).name for speaker in script.speakers}
    turns = [(line.chapter, names[line.speaker]) for line in script if line.kind is Kind.SPEECH]
    pairs = (
        frozenset((first, second))
        for (chapter, first), (next_chapter, second) in pairwise(turns)
        if chapter == next_chapter and first != second
    )
    return Counter(pairs)
