"""Where the files lie that the package brings: models, tables, word lists, pages."""

from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


def data_path(name: str) -> Path:
    """Return the path of a file of the package's data, such as `english/titles.txt`."""
    return _DATA / name
