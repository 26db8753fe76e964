"""Report what is in a temporary file as being in the file that it was made of."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import Problem, SourceError


@contextmanager
def reported_as(name: Path | str, temporary: Path) -> Iterator[None]:
    """Have each SourceError in the file `temporary` name the file `name` instead."""
    try:
        yield
    except SourceError as error:
        raise SourceError(*reported_in(name, temporary, error.problems)) from error


def reported_in(
    name: Path | str, temporary: Path, problems: Iterable[Problem]
) -> Iterator[Problem]:
    """Yield the problems, those in the file `temporary` as in `name`."""
    for problem in problems:
        is_temporary = str(problem.file) == str(temporary)
        yield replace(problem, file=name) if is_temporary else problem
