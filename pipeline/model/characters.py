"""Characters, and the two reserved speaker names."""

from dataclasses import dataclass
from enum import StrEnum

NARRATOR = "narrator"
"""The speaker of everything that is not speech."""
UNKNOWN = "unknown"
"""The speaker of an unidentified speech, so that it never silently falls to the narrator."""


class Gender(StrEnum):
    """A character's gender, as the text's pronouns show it."""

    MALE = "male"
    FEMALE = "female"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Character:
    """A possible speaker: the canonical `name`, and the other names that the text uses."""

    name: str
    aliases: tuple[str, ...] = ()
    gender: Gender | None = None
