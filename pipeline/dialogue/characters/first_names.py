"""Short forms of first names."""

from functools import cache

from pipeline.core.data import word_map


@cache
def full_names() -> dict[str, frozenset[str]]:
    """Return the names that each short form may stand for: `bess` -> {`elizabeth`}."""
    names: dict[str, set[str]] = {}
    for full, short in word_map("short_names").items():
        for short_form in short.split():
            names.setdefault(short_form, set()).update(full.split())
    return {short_form: frozenset(full) for short_form, full in names.items()}


def may_be_same_name(first: str, second: str) -> bool:
    """Check whether two lower-case first names may name one person: `lizzy` and `elizabeth`."""
    if first == second:
        return True
    first_full = full_names().get(first, frozenset())
    second_full = full_names().get(second, frozenset())
    return second in first_full or first in second_full or not first_full.isdisjoint(second_full)
