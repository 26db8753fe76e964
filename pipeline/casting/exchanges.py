"""Who talks with whom: how often one role speaks right after another."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Script

Meetings = Mapping[frozenset[str], int]
"""How often two roles, by name, speak one after the other."""


def meetings(script: Script, cast: Cast) -> Meetings:
    """Count for each pair of roles how often one speaks after the other in a chapter.

    What the narrator says in between does not part them.
    """
    names = {speaker: cast.role(speaker).name for speaker in script.speakers}
    said = [(line.chapter, names[line.speaker]) for line in script if line.kind is Kind.SPEECH]
    pairs = (
        frozenset((one, other))
        for (here, one), (there, other) in pairwise(said)
        if here == there and one != other
    )
    return Counter(pairs)
