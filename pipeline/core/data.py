"""Files shipped with the package: models, tables, pages and word lists.

A word list is a text file in `data/english/`, one list per concept: one word or phrase per line,
`#` for comments, and a first line that says what the list is. Another language is another folder.
"""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


def data_path(name: str) -> Path:
    """Return the path of a file of the package's data, such as `packs.json`."""
    return _DATA / name


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the entries of `data/english/<name>.txt`, in the order of the file."""
    lines = data_path(f"english/{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.partition("#")[0].strip() for line in lines)
    return tuple(entry for entry in entries if entry)


@cache
def word_set(name: str) -> frozenset[str]:
    """Return the entries of a word list as a set, for membership tests."""
    return frozenset(word_list(name))
