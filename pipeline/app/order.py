"""What a producer asks for, and the interface through which they follow the render."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.app.forecast import RenderForecast
from pipeline.core.errors import Problem
from pipeline.export.encoding.formats import Format
from pipeline.export.tags.values import ID3_VERSION
from pipeline.ingest.selection import OWN_CHOICE, SectionChoice
from pipeline.ingest.source import Source
from pipeline.model.delivery_spec import DEFAULT_SPEC, DeliverySpec
from pipeline.model.script import Line, Script
from pipeline.synthesis.takes import Take


@dataclass(frozen=True, slots=True)
class RenderOrder:
    """The settings of one render.

    `chapters` is None for the whole book. With `split` the output is a folder with a file for each
    chapter. `captions` are the kinds (`export.captions.KINDS`) to write beside each audio file.
    `id3_version` is 3 or 4. `sections` are those that are read or left out against the choice of
    the book. `scheduler` is the address of a dask cluster that speaks; None for `jobs` processes on
    this machine. `companions` are the kinds of other outputs to write beside it. With
    `keep_going` a line that cannot be spoken becomes a gap instead of an error.
    `engine` names engines to cast from instead of those of the file `voices`.
    """

    source: Source
    out: Path
    format: Format
    voices: Path
    cache: Path
    jobs: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    cover: Path | None = None
    chapters: Collection[int] | None = None
    captions: Collection[str] = ()
    id3_version: int = ID3_VERSION
    spec: DeliverySpec = DEFAULT_SPEC
    split: bool = False
    scheduler: str | None = None
    sections: SectionChoice = OWN_CHOICE
    keep_going: bool = False
    engine: str | None = None
    companions: Collection[str] = ()

    @property
    def reads_along(self) -> bool:
        """Whether a companion shows the text."""
        return not {"epub", "web"}.isdisjoint(self.companions)

    @property
    def companion_paths(self) -> Mapping[str, Path]:
        """The paths of the companions by their kinds, named after the output.

        None of them is `book.epub`, which may be the source.
        """
        stem = self.out.name if self.split else self.out.stem
        names = {"epub": f"{stem}-readalong.epub", "web": f"{stem}-web", "lpf": f"{stem}.lpf"}
        return {kind: self.out.with_name(names[kind]) for kind in sorted(self.companions)}


class RenderListener(Protocol):
    """Follows a render; clips and lines are reported from several threads."""

    def started(self, script: Script, forecast: RenderForecast) -> None:
        """Handle the start: these lines are going to be rendered."""

    def clip_spoken(self, take: Take) -> None:
        """Handle a take that an engine has spoken."""

    def line_metered(self, line: Line) -> None:
        """Handle a line mixed to measure the loudness of its file, before it is recorded."""

    def line_finished(self, line: Line, seconds: float) -> None:
        """Handle a line that is in the file, and its length in seconds, pause included."""

    def warning(self, problem: Problem) -> None:
        """Handle a problem that stops nothing."""
