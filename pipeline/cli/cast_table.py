"""The table of the cast that `fullcast cast` and a dry run end with."""

from collections.abc import Iterator

from pipeline.app.cast_report import CastReport
from pipeline.cli.tables import aligned
from pipeline.core.messages import count, listed

_NAMED = 10  # roles without a line


def cast_table(report: CastReport) -> Iterator[str]:
    """Yield the lines of a table, numbers to the right: who speaks how much in which voice."""
    yield from aligned(report.rows(), "<<>>>>>")
    if report.silent:
        roles = count(len(report.silent), "role")
        yield f"{roles} without a line: {listed(report.silent, _NAMED)}"
