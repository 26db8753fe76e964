"""Expected failures, in words for a producer.

The hierarchy is shallow on purpose; only `pipeline.cli` catches its root:

    PipelineError
    ├── SourceError     a book or script that cannot be read
    ├── CastError       mistakes in voices.yaml, all of them at once
    ├── EngineError     an engine or a voice that fails or is missing
    │   └── EngineFaultError     one that may work when it is tried again
    ├── FetchError      a voice that cannot be downloaded
    ├── PathError       a file or folder that the system does not let us use
    ├── StoreError      the cache cannot be read or written
    └── EncodeError     the audio file cannot be written
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what is wrong, where, and what to do about it.

    `line` counts from 1. As text it is `file:line: what; remedy`, less the parts that are None.
    """

    what: str
    file: Path | str | None = None
    line: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = "" if self.file is None else f"{self.file}:"
        if where and self.line is not None:
            where += f"{self.line}:"
        message = f"{where} {self.what}" if where else self.what
        return f"{message}; {self.remedy}" if self.remedy else message


class PipelineError(Exception):
    """An expected failure with one or more problems; as text, one problem per line."""

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
        """Return the error of a single problem."""
        return cls(Problem(what, file, line, remedy))

    def relocated(self, folder: Path, to: Path) -> Self:
        """Return the error with its files in `folder`, where work was done, as those in `to`."""
        return type(self)(*(_relocated(problem, folder, to) for problem in self.problems))

    @classmethod
    def raise_if(cls, problems: Iterable[Problem]) -> None:
        """Raise one error with all of `problems`, if there are any."""
        collected = tuple(problems)
        if collected:
            raise cls(*collected)


def _relocated(problem: Problem, folder: Path, to: Path) -> Problem:
    if problem.file is None or not Path(problem.file).is_relative_to(folder):
        return problem
    return replace(problem, file=to / Path(problem.file).relative_to(folder))


class SourceError(PipelineError):
    """A book or script that cannot be read."""


class CastError(PipelineError):
    """Mistakes in voices.yaml."""


class EngineError(PipelineError):
    """An engine or a voice that fails or is missing."""


class EngineFaultError(EngineError):
    """An engine that raised or returned nonsense: another try, in a fresh worker, may help."""


class FetchError(PipelineError):
    """A voice that cannot be downloaded."""


class PathError(PipelineError):
    """A file or folder that the system does not let us use."""


class StoreError(PipelineError):
    """The cache cannot be read or written."""


class EncodeError(PipelineError):
    """The audio file cannot be written."""
