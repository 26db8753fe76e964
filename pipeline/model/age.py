"""How old a character is, as far as a voice can tell."""

import re
from collections.abc import Iterable
from enum import StrEnum


class Age(StrEnum):
    """What a listener hears of somebody's age."""

    CHILD = "child"
    ADULT = "adult"
    OLD = "old"


_WORDS = {
    Age.CHILD: re.compile(r"\b(?:boy|girl|child|baby|kid)\b", re.IGNORECASE),
    Age.OLD: re.compile(
        r"\b(?:old|aged|grand(?:father|mother|ma|pa|papa|mamma)|gran(?:ny|dad)?)\b", re.IGNORECASE
    ),
}


def told_by(names: Iterable[str]) -> Age | None:
    """Give the age that somebody's names tell (`the old man`, `Granny`); None for most people.

    Names that tell two ages (`old boy`) tell none.
    """
    said = " | ".join(names)
    told = [age for age, words in _WORDS.items() if words.search(said)]
    return told[0] if len(told) == 1 else None
