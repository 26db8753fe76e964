"""Tables of plain text."""

from collections.abc import Iterable, Iterator, Sequence

_GAP = "  "


def aligned(rows: Iterable[Sequence[str]], alignment: str) -> Iterator[str]:
    """Yield the lines of a table; `alignment` has `<` or `>` for each column, left or right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        columns = zip(row, alignment, widths, strict=True)
        yield _GAP.join(f"{cell:{side}{width}}" for cell, side, width in columns).rstrip()
