"""What is extracted from a page: blocks of text in reading order, and where its anchors are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model.book import Block
from pipeline.model.styled_span import StyledSpan

SCENE_BREAK = "* * *"
"""The text of a scene break that has none in its source: a rule, a picture, an empty paragraph."""


@dataclass(frozen=True, slots=True)
class MarkupBlock:
    """A paragraph, heading or scene break, its white space as a page shows it.

    `level` is that of a heading, else 0. `reason` says why the block is not read aloud, if it is
    not. `linked`: the block is nothing but links. `spans` count from the start of its text.
    """

    text: str
    block: Block = Block.PROSE
    level: int = 0
    reason: str | None = None
    linked: bool = False
    spans: tuple[StyledSpan, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether the block is a heading that is read aloud."""
        return self.block is Block.HEADING and self.reason is None

    @property
    def words(self) -> int:
        """Number of words; a scene break has none."""
        return 0 if self.block is Block.BREAK else len(self.text.split())


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A mark in the text that leads to a note: its target, and the index of its block."""

    href: str
    index: int


@dataclass(frozen=True, slots=True)
class MarkupPage:
    """The content of one page.

    `anchors` maps each id to the blocks `[start, end)` of its element.
    """

    blocks: Sequence[MarkupBlock]
    anchors: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    note_marks: Sequence[NoteMark] = ()
    title: str = ""
