"""Age groups of characters, as far as a voice can express them."""

import re
from collections.abc import Iterable
from enum import StrEnum


class Age(StrEnum):
    """The age groups that a listener can hear."""

    CHILD = "child"
    ADULT = "adult"
    OLD = "old"


_WORDS = {
    Age.CHILD: re.compile(r"\b(?:boy|girl|child|baby|kid)\b", re.IGNORECASE),
    Age.OLD: re.compile(
        r"\b(?:old|aged|grand(?:father|mother|ma|pa|papa|mamma)|gran(?:ny|dad)?)\b", re.IGNORECASE
    ),
}


def age_from_names(names: Iterable[str]) -> Age | None:
    """Return the age that a character's names imply (`the old man`, `Granny`); None for most.

    Names that imply two ages (`old boy`) are ambiguous and give None.
    """
    text = " | ".join(names)
    ages = [age for age, words in _WORDS.items() if words.search(text)]
    return ages[0] if len(ages) == 1 else None
