"""What can go wrong in ways that we expect, as a person is told it.

The tree is shallow on purpose; `pipeline.cli` alone catches its root:

    PipelineError
    ├── SourceError     a book or script that cannot be read
    ├── CastError       mistakes in voices.yaml, all of them at once
    ├── EngineError     an engine or a voice that fails or is not there
    ├── FetchError      a voice that cannot be fetched
    ├── StoreError      the clip store cannot be read or written
    └── EncodeError     the audio file cannot be written
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it.

    `line` counts from 1. `str()` gives `file:line: what; remedy`, with the parts that are known.
    """

    what: str
    file: Path | str | None = None
    line: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = "" if self.file is None else f"{self.file}:"
        if where and self.line is not None:
            where += f"{self.line}:"
        told = f"{where} {self.what}" if where else self.what
        return f"{told}; {self.remedy}" if self.remedy else told


class PipelineError(Exception):
    """An expected failure, made of one or more problems; `str()` gives one a line."""

    def __init__(self, *problems: Problem):
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    @classmethod
    def of(
        cls,
        what: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        remedy: str | None = None,
    ) -> Self:
        """The error of a single problem."""
        return cls(Problem(what, file, line, remedy))

    @classmethod
    def raise_if(cls, problems: Iterable[Problem]) -> None:
        """Raise one error that holds all of `problems`, if there are any."""
        found = tuple(problems)
        if found:
            raise cls(*found)


class SourceError(PipelineError):
    """A book or script that cannot be read."""


class CastError(PipelineError):
    """Mistakes in voices.yaml."""


class EngineError(PipelineError):
    """An engine or a voice that fails or is not there."""


class FetchError(PipelineError):
    """A voice that cannot be fetched."""


class StoreError(PipelineError):
    """The clip store cannot be read or written."""


class EncodeError(PipelineError):
    """The audio file cannot be written."""
