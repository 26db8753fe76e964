"""The noun that a tag calls its speaker by (`said the old doctor`), and who may be called so."""

import re

from pipeline.dialogue.attribution.dialogue_tags import DialogueTag
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.characters import Character

_NOUN_PHRASE = re.compile(
    r"\s+(?:the|a|an|his|her|my|our|their|this|that)\s+(?:[a-z-]+\s+){0,2}?([A-Za-z-]+)"
    r"(?=\s*[,.;:!?]|\s+(?:in|with|as|at|to|of|who|and|from|on|by|when|but|again)\b)"
)
_ROLES_OF_TITLES = {
    "dr": "doctor", "doc": "doctor", "capt": "captain", "col": "colonel", "prof": "professor",
    "rev": "clergyman vicar rector", "sir": "baronet", "lt": "lieutenant", "gen": "general",
    "mrs": "wife", "fr": "father priest", "sgt": "sergeant", "insp": "inspector",
}  # fmt: skip
_NOT_ROLES = vocabulary("the a an of and mr miss")


def head_noun(text: str, tag: DialogueTag) -> str | None:
    """Return the noun of a tag without name or pronoun, in lower case."""
    if tag.speaker is not None and tag.speaker.nominal:
        return text[tag.speaker.start : tag.speaker.end].lower()
    if tag.speaker is None:
        match = _NOUN_PHRASE.match(text, tag.verb.end, tag.verb.end + 60)
        return match[1].lower() if match else None
    return None


def role_nouns(character: Character) -> frozenset[str]:
    """Return the nouns that a character's names suggest: `doctor` for Dr. Lal."""
    nouns: set[str] = set()
    for name in (character.name, *character.aliases):
        for word in re.findall(r"[^\W\d_]+", name.lower()):
            nouns |= vocabulary(_ROLES_OF_TITLES.get(word, word))
    return frozenset(nouns) - _NOT_ROLES
