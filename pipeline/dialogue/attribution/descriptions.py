"""What the narration says that a character is: `Biscuit was a cat of few words`."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.core.data import word_list, word_map
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Narration
from pipeline.dialogue.vocabulary import titles

_REACH = 80  # characters after a name
_BEFORE = re.compile(
    r"\b(?:the|my|our)\s+(?:[a-z-]+\s+){0,2}?([a-z-]+)(?:,|\s+(?:called|named))?\s+$"
)  # `the robot Vesper`, `the ship, Vesper,`
_TITLE = re.compile(r"\b([A-Z][a-z]+)\.?\s+$")  # `Captain Moss`
_APPARITION = re.compile(
    r"\b(ghost|spirit|shade|hologram)\s+of\s+(?:(?:my|our|his|her|their|the|old|late)\s+)*"
    r"(?:[a-z-]+\s+)?$"
)


@cache
def _after() -> re.Pattern[str]:
    ends = "|".join((*word_list("after_tag_nouns"), "that", "whose", "which", "made", "than"))
    return re.compile(
        r"(?:\s+(?:was|is|had\s+been|has\s+been)|,)\s+(?:an?|the)\s+(?:[\w-]+\s+){0,3}?([a-z-]+)"
        rf"(?=\s*[,.;:!?—]|\s+(?:{ends})\b)"
    )


def described_nouns(
    text: str, narrations: Iterable[Narration], cast_size: int
) -> Sequence[frozenset[str]]:
    """Return the nouns that the narration gives each character, in lower case."""
    nouns: list[set[str]] = [set() for _ in range(cast_size)]
    for narration in narrations:
        for mention in narration.mentions:
            if len(mention.characters) != 1 or mention.nominal:
                continue
            if mention.role is GrammaticalRole.OWNER:
                continue
            before = text[max(narration.start, mention.start - 40) : mention.start]
            title = _TITLE.search(before)
            if title and title[1].lower() in titles():
                word = title[1].lower()
                nouns[mention.characters[0]].update(
                    word_map("roles_of_titles").get(word, word).split()
                )
            matches = (
                _after().match(text, mention.end, min(narration.end, mention.end + _REACH)),
                _BEFORE.search(before),
                _APPARITION.search(before),
            )
            nouns[mention.characters[0]].update(match[1] for match in matches if match)
    return [frozenset(own) for own in nouns]
