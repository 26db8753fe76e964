"""Files shipped with the package: models, tables, pages and word lists.

A word list is a text file in `data/english/`, one list per concept: one word or phrase per line,
`#` for comments, and a first line that says what the list is and where it comes from. A list with
structure has entries of the form `key: value`. Another language is another folder.

Each file is read once, on first use: modules call these functions where they need the words rather
than keep the words in constants, so that starting the command reads no list.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


def data_path(name: str) -> Path:
    """Return the path of a file of the package's data, such as `packs.json`."""
    return _DATA / name


def languages_with(name: str) -> tuple[str, ...]:
    """Return the languages, the names of their folders, that have a list of this name."""
    return tuple(sorted(path.parent.name for path in _DATA.glob(f"*/{name}.txt")))


@cache
def word_list(name: str, language: str = "english") -> tuple[str, ...]:
    """Return the entries of `data/<language>/<name>.txt`, in the order of the file."""
    lines = data_path(f"{language}/{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.partition("#")[0].strip() for line in lines)
    return tuple(entry for entry in entries if entry)


@cache
def word_set(*names: str) -> frozenset[str]:
    """Return the entries of one or more word lists as a set, for membership tests."""
    return frozenset(entry for name in names for entry in word_list(name))


@cache
def word_map(name: str, language: str = "english") -> Mapping[str, str]:
    """Return the entries of a word list in the form `key: value`, in the order of the file.

    An entry without a colon has an empty value.
    """
    pairs = (entry.partition(":") for entry in word_list(name, language))
    return {key.strip(): value.strip() for key, _, value in pairs}


@cache
def words_with(name: str, *properties: str) -> frozenset[str]:
    """Return the keys of a word map that have any of the properties, all keys if none is given.

    The properties of a key are the words of its value.
    """
    return frozenset(
        key
        for key, value in word_map(name).items()
        if not properties or not set(properties).isdisjoint(value.split())
    )
