"""Which gaps on a page separate scenes: empty paragraphs and pictures between paragraphs."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.model.book import Block

_ORNAMENT_USES = 3
"""How often a picture must recur between paragraphs to be an ornament, not an illustration."""


@dataclass(frozen=True, slots=True)
class SceneGap:
    """What may be a scene break before a block: an empty paragraph, or the picture at `source`."""

    index: int
    source: str = ""


def scene_gaps(gaps: Sequence[SceneGap], blocks: Sequence[MarkupBlock]) -> Set[int]:
    """Return the indices of the blocks before which there is a scene break.

    Pictures count where one recurs, empty paragraphs where they are few: else they are there for
    the look, and only two in a row count.
    """
    pictures = Counter(gap.source for gap in gaps if gap.source)
    empty = Counter(gap.index for gap in gaps if not gap.source)
    drawn = {gap.index for gap in gaps if pictures[gap.source] >= _ORNAMENT_USES}
    prose = sum(block.block is Block.PROSE for block in blocks)
    least = 1 if 4 * len(empty) <= prose else 2
    return {
        index
        for index in {gap.index for gap in gaps}
        if (index in drawn or empty[index] >= least) and _is_between_prose(index, blocks)
    }


def _is_between_prose(index: int, blocks: Sequence[MarkupBlock]) -> bool:
    neighbours = blocks[index - 1 : index + 1] if index else ()
    return len(neighbours) == 2 and all(block.block is Block.PROSE for block in neighbours)
