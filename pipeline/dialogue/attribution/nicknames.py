"""Nicknames that the narration gives: `Everybody aboard called Nkosana Dube Biscuit`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.tokens import tokenize
from pipeline.dialogue.vocabulary import calendar_words, not_names, titles
from pipeline.model.characters import Character

_NAME = r"[“\"‘']?((?:the )?[A-Z][^\W_]+(?:-[^\W_]+)*)"
_BEFORE_NAME = re.compile(r"\b(?:calls?|called|nicknamed|dubbed|christened)\s+")
_AFTER_NAME = re.compile(
    r"(?:,?\s+(?:who|whom)\s+(?:[\w']+\s+){1,4}?(?:calls?|called|knew\s+as)"
    r"|,\s+(?:better\s+|otherwise\s+|also\s+)?(?:known|called|nicknamed)(?:\s+(?:[a-z]+\s+){0,4}?as)?"
    rf"|,\s+alias)\s+{_NAME}"
)
_THEN_NICKNAME = re.compile(rf"\s+{_NAME}(?=[”\"’']?\s*[,.;:—]|[”\"’']?\s+[a-z])")
_IN_QUOTES = re.compile(r"\s+[“\"‘(]([A-Z][^\W_]+)[”\"’)]\s+(?=[A-Z])")
_REACH = 60  # characters of a name and its nickname


def with_nicknames(text: str, characters: Sequence[Character]) -> list[Character]:
    """Return the characters with the nicknames that a text gives them as aliases."""
    names = CastNames(characters)
    nicknames: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for character, nickname in (*_after_verbs(text, names), *_after_names(text, names)):
        word = nickname.removeprefix("the ").lower()
        is_taken = names.find(tokenize(nickname, 0, len(nickname)))
        if not is_taken and word not in not_names() | calendar_words() | titles():
            nicknames[character][nickname] = None
    return [
        replace(character, aliases=(*character.aliases, *nicknames[index]))
        if index in nicknames
        else character
        for index, character in enumerate(characters)
    ]


def _after_verbs(text: str, names: CastNames) -> Iterator[tuple[int, str]]:
    """Yield the nicknames in `they called Nkosana Dube Biscuit`."""
    for verb in _BEFORE_NAME.finditer(text):
        tokens = tokenize(text, verb.end(), verb.end() + _REACH)
        name = next(iter(names.find(tokens)), None)
        if name and name.first == 0 and len(name.characters) == 1:
            match = _THEN_NICKNAME.match(text, tokens.ends[name.last - 1])
            if match:
                yield name.characters[0], match[1]


def _after_names(text: str, names: CastNames) -> Iterator[tuple[int, str]]:
    """Yield the nicknames in `Dube, known as Biscuit` and `Nkosana "Biscuit" Dube`."""
    for pattern in (_AFTER_NAME, _IN_QUOTES):
        for match in pattern.finditer(text):
            tokens = tokenize(text, max(0, match.start() - _REACH), match.start())
            found = names.find(tokens)
            if found and found[-1].last == len(tokens) and len(found[-1].characters) == 1:
                yield found[-1].characters[0], match[1]
