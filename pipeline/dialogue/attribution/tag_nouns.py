"""The noun by which a tag calls its speaker (`said the old doctor`), and who is called so."""

import re

from pipeline.dialogue.attribution.dialogue_tags import Tag
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.characters import Character

_PHRASE = re.compile(
    r"\s+(?:the|a|an|his|her|my|our|their|this|that)\s+(?:[a-z-]+\s+){0,2}?([A-Za-z-]+)(?=\s*[,.;:!?]|\s+(?:in|with|as|at|to|of|who|and|from|on|by|when|but|again)\b)"
)
_OFFICES = {
    "dr": "doctor", "doc": "doctor", "capt": "captain", "col": "colonel", "prof": "professor",
    "rev": "clergyman vicar rector", "sir": "baronet", "lt": "lieutenant", "gen": "general",
    "mrs": "wife", "fr": "father priest", "sgt": "sergeant", "insp": "inspector",
}  # fmt: skip
_PLAIN = vocabulary("the a an of and mr miss")


def head(text: str, tag: Tag) -> str | None:
    """The noun of a tag that has neither name nor pronoun, in lower case."""
    if tag.by is not None and tag.by.nominal:
        return text[tag.by.start : tag.by.end].lower()
    if tag.by is None:
        match = _PHRASE.match(text, tag.verb.end, tag.verb.end + 60)
        return match[1].lower() if match else None
    return None


def offices(character: Character) -> frozenset[str]:
    """The nouns that a character's own names suggest: `the doctor` for `Dr. Lal`."""
    found: set[str] = set()
    for name in (character.name, *character.aliases):
        for word in re.findall(r"[^\W\d_]+", name.lower()):
            found |= vocabulary(_OFFICES.get(word, word))
    return frozenset(found) - _PLAIN
