"""Formats whose libraries come as an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.core.install_hint import pip_install

EXTRA = "formats"
INSTALL = pip_install(EXTRA)


_LIBRARIES = {
    "DOCX, ODT and RTF": "pypandoc",
    "Kindle books": "mobi",
    "PDF": "pypdfium2",
}


def unavailable() -> list[str]:
    """Return the formats whose library is not installed."""
    return [formats for formats, library in _LIBRARIES.items() if find_spec(library) is None]


@contextmanager
def needs_extra(format_name: str, path: Path) -> Iterator[None]:
    """Raise SourceError with the command that installs the extra if an import fails."""
    try:
        yield
    except ImportError as error:
        remedy = f"install it with: {INSTALL}"
        what = f"reading {format_name} needs the extra '{EXTRA}'"
        raise SourceError.of(what, file=path, remedy=remedy) from error
