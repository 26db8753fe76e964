"""The noun that a tag calls its speaker by (`said the old doctor`), and who may be called so."""

import re
from collections.abc import Collection
from functools import cache

from pipeline.core.data import word_list, word_map, word_set, words_with
from pipeline.dialogue.attribution.dialogue_tags import DialogueTag
from pipeline.dialogue.attribution.narration import MentionKind
from pipeline.dialogue.vocabulary import vague_nouns
from pipeline.model.characters import Character

_BEFORE_VERB = re.compile(
    r"(?:^|\W)(?:the|an?|another|some)\s+(?:[\w-]+\s+){0,4}?([a-z-]+)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_FROM_AFAR = re.compile(r"\s+(?:on|over|from|through|out of|in)\s+(?:the|a|an|his|her)\s")
VOICES = frozenset({"voice", "voices"})
"""Nouns that may be anybody's, unless they come from afar: `a voice on the radio`."""
_NOT_ROLES = frozenset({"the", "a", "an", "of", "and", "mr", "miss"})


@cache
def _noun_phrase() -> re.Pattern[str]:
    # with `after` and `for` among them, probabilities in one of the novels of PDNC change
    following = "|".join(w for w in word_list("after_tag_nouns") if w not in ("after", "for"))
    return re.compile(
        r"\s+(?:the|a|an|his|her|my|our|their|this|that)\s+(?:[a-z-]+\s+){0,2}?([A-Za-z-]+)"
        rf"(?=\s*[,.;:!?]|\s+(?:{following})\b)"
    )


def head_noun(text: str, tag: DialogueTag) -> str | None:
    """Return the noun of a tag without name or pronoun, in lower case."""
    if tag.speaker is not None and tag.speaker.nominal:
        return tag.speaker.words(text)
    if tag.speaker is None:
        match = _noun_phrase().match(text, tag.verb.end, tag.verb.end + 60)
        match = match or _BEFORE_VERB.search(text, max(0, tag.verb.start - 60), tag.verb.start)
        return match[1].lower() if match else None
    return None


def is_outsider(text: str, tag: DialogueTag, cast_nouns: Collection[str]) -> bool:
    """Return whether a tag names somebody whom no name of the cast suits.

    `cast_nouns` are the nouns that suit the characters. General nouns (`the man`), kin and words
    such as `the other` may mean anybody, and count for nobody outside.
    """
    speaker = tag.speaker
    if speaker is not None and speaker.kind is MentionKind.OUTSIDER:
        return True
    noun = head_noun(text, tag)
    if noun is None or (speaker is not None and speaker.characters):
        return False
    if speaker is not None and noun in VOICES:
        return noun not in cast_nouns and _FROM_AFAR.match(text, speaker.end) is not None
    return noun not in cast_nouns and noun not in _nouns_for_anybody()


@cache
def _nouns_for_anybody() -> frozenset[str]:
    general = vague_nouns() - VOICES
    return general | words_with("kinship", "noun", "relation") | word_set("nouns_for_anybody")


def role_nouns(character: Character) -> frozenset[str]:
    """Return the nouns that a character's names suggest: `doctor` for Dr. Lal."""
    nouns: set[str] = set()
    for name in (character.name, *character.aliases):
        for word in re.findall(r"[^\W\d_]+", name.lower()):
            nouns.update(word_map("roles_of_titles").get(word, word).split())
    return frozenset(nouns) - _NOT_ROLES
