"""Report errors in a temporary file as errors in the file that it was made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import SourceError


@contextmanager
def reported_as(name: Path | str, temporary: Path) -> Iterator[None]:
    """Have each SourceError in the file `temporary` name the file `name` instead."""
    try:
        yield
    except SourceError as error:
        problems = (
            replace(problem, file=name) if str(problem.file) == str(temporary) else problem
            for problem in error.problems
        )
        raise SourceError(*problems) from error
