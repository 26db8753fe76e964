"""The character who tells a book as `I`, where the cast does not name one.

The narrator of such a book says `I` where others would stand as he or she. Others address the
narrator by name, and `I` answers; the narration itself hardly ever has the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

_MIN_SHARE = 0.12
"""The least share of `I` among the subjects: 0.09 in Pride and Prejudice, 0.32 in Styles."""
_CLEAR_SHARE = 0.2
"""The share of `I` from which a single sign of who it is suffices."""
_MIN_SIGNS = 3.0
_SPOKEN_OF = 0.25  # signs that a mention in a speech is worth: anybody may be spoken of
_ANSWERED = 2.0
_IN_NARRATION = 2.0  # signs that a mention in the narration takes
_NAMED_BY_I = 4.0
_SELDOM = 1
"""How often the narration may name its teller, who is addressed and never acts, as on a form."""


class NarrationSubjects(NamedTuple):
    """How many subjects of the narration are `I`, how many there are, and of how many tags."""

    first_person: int
    total: int
    tags: int = 0

    @property
    def are_enough(self) -> bool:
        """Whether the book may be told in the first person."""
        return self.total > 0 and self.first_person >= _MIN_SHARE * self.total

    @property
    def are_clear(self) -> bool:
        """Whether it is so surely that a single sign of who tells it suffices: by `I said`, too."""
        share = _MIN_SHARE if self.tags else _CLEAR_SHARE
        return self.total > 0 and self.first_person >= share * self.total


@dataclass(slots=True)
class NameUse:
    """How a book uses the names of a character.

    Speeches address or only mention them, and the narration names them, so many times; they act
    in some of these (`acts`). Some speeches of `I` answer one that addresses them, or give their
    name, and so may the narration (`answers`); others address or mention them
    (`named_by_first_person`, in calls).
    """

    addressed: int = 0
    spoken_of: int = 0
    in_narration: int = 0
    acts: int = 0
    answers: int = 0
    named_by_first_person: float = 0.0

    @property
    def signs(self) -> float:
        """How much speaks for the character being the narrator, in times of being addressed."""
        return self.addressed + _SPOKEN_OF * self.spoken_of + _ANSWERED * self.answers

    @property
    def is_unnamed(self) -> bool:
        """Whether neither the narration nor `I` has the name."""
        return not self.in_narration and not self.named_by_first_person

    @property
    def is_seldom_named(self) -> bool:
        """Whether others address the character and hardly anything else has the name."""
        named = self.acts or self.named_by_first_person or self.in_narration > _SELDOM
        return self.addressed > 0 and not named

    @property
    def balance(self) -> float:
        """The signs for, less those against."""
        against = _IN_NARRATION * self.in_narration
        return self.signs - against - _NAMED_BY_I * self.named_by_first_person


def find_narrator(
    subjects: NarrationSubjects, candidates: Iterable[tuple[int, NameUse]]
) -> int | None:
    """Return the first-person narrator: the one of the numbered candidates for whom most speaks.

    The candidates are the whole cast.

    Return None if the narration is not in the first person or nobody qualifies.
    """
    if not subjects.are_enough:
        return None
    uses = [*candidates]
    least = 0.0 if subjects.are_clear else _MIN_SIGNS
    best, most = None, 0.0
    for character, use in uses:
        if use.signs >= least and use.balance > most:
            best, most = character, use.balance
    if best is not None or not subjects.are_clear:
        return best
    # Whoever is not one of the others is the narrator.
    unnamed = [character for character, use in uses if use.is_unnamed]
    left = unnamed or [character for character, use in uses if use.is_seldom_named]
    return left[0] if len(left) == 1 else None
