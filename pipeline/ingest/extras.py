"""Formats whose libraries come as an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.errors import SourceError

EXTRA = "formats"


@contextmanager
def needs_extra(format_name: str, path: Path) -> Iterator[None]:
    """Raise SourceError with the command that installs the extra if an import fails."""
    try:
        yield
    except ImportError as error:
        remedy = f"install it with: pip install 'fullcast[{EXTRA}]'"
        what = f"reading {format_name} needs the extra '{EXTRA}'"
        raise SourceError.of(what, file=path, remedy=remedy) from error
