"""The table of the cast that `fullcast cast` and a dry run end with."""

from collections.abc import Iterator

from pipeline.app.cast_report import CastReport
from pipeline.core.messages import count, listed

_NAMED = 10  # roles without a line


def cast_table(report: CastReport) -> Iterator[str]:
    """Yield the lines of a table, numbers to the right: who speaks how much in which voice."""
    rows = list(report.rows())
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for role, voice, *numbers in rows:
        right = (f"{number:>{width}}" for number, width in zip(numbers, widths[2:], strict=True))
        yield "  ".join((f"{role:{widths[0]}}", f"{voice:{widths[1]}}", *right))
    if report.silent:
        roles = count(len(report.silent), "role")
        yield f"{roles} without a line: {listed(report.silent, _NAMED)}"
