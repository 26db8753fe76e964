"""The character who tells a book as `I`, where the cast does not name one.

The narrator of such a book says `I` where others would stand as he or she, is addressed by name,
and hardly ever names himself.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

_MIN_SHARE = 0.12
"""The least share of `I` among the subjects: 0.09 in Pride and Prejudice, 0.32 in Styles."""
_MIN_ADDRESSED = 3  # times
_RATIO = 4  # times that speeches address the narrator per time that the narration names him

_Character = TypeVar("_Character")


class NarrationSubjects(NamedTuple):
    """How many subjects of the narration are `I`, and how many there are."""

    first_person: int
    total: int


class NameUse(NamedTuple):
    """How often speeches address a character by name, and how often the narration names them."""

    addressed: int
    in_narration: int


def find_narrator(
    subjects: NarrationSubjects, candidates: Iterable[tuple[_Character, NameUse]]
) -> _Character | None:
    """Return the first-person narrator: of those who qualify, whoever is addressed most often.

    Return None if the narration is not in the first person or nobody qualifies.
    """
    if not subjects.total or subjects.first_person < _MIN_SHARE * subjects.total:
        return None
    best, most = None, 0
    for character, use in candidates:
        enough = use.addressed >= _MIN_ADDRESSED and use.addressed > _RATIO * use.in_narration
        if enough and use.addressed > most:
            best, most = character, use.addressed
    return best
