"""Who is in the book."""

from dataclasses import dataclass
from enum import StrEnum

NARRATOR = "narrator"
"""The speaker of everything that is not speech."""
UNKNOWN = "unknown"
"""The speaker of a speech that nobody can be named for: never silently the narrator."""


class Gender(StrEnum):
    """A character's gender as the text's pronouns tell it."""

    MALE = "male"
    FEMALE = "female"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Character:
    """Someone who may speak: the name the producer knows them by, and all the text's own names."""

    name: str
    aliases: tuple[str, ...] = ()
    gender: Gender | None = None
