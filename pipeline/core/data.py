"""Paths of the data files in the package: models, tables, word lists, pages."""

from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


def data_path(name: str) -> Path:
    """Return the path of a data file, such as `english/titles.txt`."""
    return _DATA / name
