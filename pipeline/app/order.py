"""What a producer asks for, and who is told how the render goes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.core.errors import Problem
from pipeline.export.encoding.formats import Format
from pipeline.model.delivery_spec import DEFAULT_SPEC, DeliverySpec
from pipeline.model.script import Line, Script


@dataclass(frozen=True, slots=True)
class RenderOrder:
    """What the producer asked for.

    `chapters` is None for all of them. With `split` the output is a folder, with a file for each
    chapter. `captions` are kinds of `pipeline.captions` that are wanted: they are written beside
    each file of a folder, and can be written by the cues of a single file.
    `scheduler` is the address of the dask cluster that speaks; None for `jobs` processes here.
    """

    source: Path
    out: Path
    format: Format
    voices: Path
    cache: Path
    jobs: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    cover: Path | None = None
    chapters: Collection[int] | None = None
    captions: Collection[str] = ()
    spec: DeliverySpec = DEFAULT_SPEC
    split: bool = False
    scheduler: str | None = None


class RenderListener(Protocol):
    """Who is told how it goes; `laid` is called from several threads."""

    def begins(self, script: Script) -> None:
        """Hear that these lines are going to be rendered."""

    def laid(self, line: Line, seconds: float) -> None:
        """Hear that a line is in the book, and how long it lasts with its pause."""

    def warns(self, problem: Problem) -> None:
        """Hear of something that stops nothing but should be known."""
