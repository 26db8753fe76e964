"""Nouns whose use in a chapter tells whoever they mean from the cast.

`A woman shuffled up` brings somebody in, and in `Tom showed the boy his badge` Tom is not the boy.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.core.data import word_set
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import MENTION_GENDERS, Mention, Narration
from pipeline.dialogue.attribution.tag_nouns import VOICES
from pipeline.model.characters import Gender

_REACH = 50  # characters before a noun in which its article stands
_INDEFINITE = re.compile(r"\b(?:an?|another)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?|another)\s+(?=(?:[\w-]+\s+){0,3}$)", re.IGNORECASE)
_DEFINITE = re.compile(r"(?<!\bas )(?<!\bwas )(?<!\bis )(?<!\blike )\bthe\s+(?:[\w-]+\s+){0,2}$")
_NEW = frozenset({"stranger"})  # if `a` precedes it; `the stranger` may mean anybody


class UnnamedPeople:
    """What the narration of a chapter shows of the people whom it calls by nouns alone.

    `cast_nouns` are the nouns that suit the characters, `genders` those of the characters.
    """

    def __init__(
        self,
        text: str,
        narrations: Sequence[Narration],
        genders: Sequence[Gender | None],
        cast_nouns: Collection[str],
    ):
        self.text, self.genders, self.cast_nouns = text, genders, cast_nouns
        self._first_named = _first_named(narrations)
        self._last_uses = _last_uses(text, narrations)
        self._actors = _actors(text, narrations)

    def is_new(self, mention: Mention) -> bool:
        """Return whether a mention brings in somebody who can be nobody of the cast."""
        noun = mention.words(self.text)
        if not mention.is_noun_alone or noun in self.cast_nouns:
            return False
        if noun in (word_set("nouns_for_anybody") - _NEW) | VOICES:
            return False
        if not _INDEFINITE.search(self.text, max(0, mention.start - _REACH), mention.start):
            return False
        # Whoever the text names later is not `the old woman` again after that.
        known_until = max(mention.start, self._last_uses.get(_phrase(self.text, mention), 0))
        return not any(self._first_named[c] > known_until for c in self._fitting(mention))

    def is_acted_on(self, mention: Mention) -> bool:
        """Return whether all whom a noun suits act on whoever it means."""
        if not mention.is_noun_alone:
            return False
        actors = self._actors.get(mention.words(self.text), set())
        return bool(actors) and actors >= set(self._fitting(mention))

    def _fitting(self, mention: Mention) -> Iterator[int]:
        """Yield the characters named in the chapter whose gender suits a mention."""
        gender = MENTION_GENDERS.get(mention.kind)
        for character in self._first_named:
            if None in (gender, self.genders[character]) or self.genders[character] is gender:
                yield character


def _first_named(narrations: Sequence[Narration]) -> dict[int, int]:
    """Return where a chapter first names each character that it names."""
    first: dict[int, int] = {}
    for narration in narrations:
        for mention in narration.mentions:
            for character in mention.characters:
                first.setdefault(character, mention.start)
    return first


def _last_uses(text: str, narrations: Sequence[Narration]) -> dict[str, int]:
    """Return where each noun with an adjective is last a subject that names nobody of the cast."""
    return {
        phrase: mention.start
        for narration in narrations
        for mention in narration.subjects()
        if mention.nominal and not mention.characters and " " in (phrase := _phrase(text, mention))
    }


def _phrase(text: str, mention: Mention) -> str:
    """Return a noun with the adjectives between it and its article: `old woman`."""
    article = _ARTICLE.search(text, max(0, mention.start - _REACH), mention.start)
    return text[article.end() if article else mention.start : mention.end].lower()


def _actors(text: str, narrations: Sequence[Narration]) -> dict[str, set[int]]:
    """Return who acts in a sentence in which each noun means somebody else: `Tom saw the boy`."""
    actors: dict[str, set[int]] = {}
    for narration in narrations:
        for mention in narration.mentions:
            if mention.role is GrammaticalRole.SUBJECT or not mention.nominal or mention.characters:
                continue
            before = text[max(narration.start, mention.start - _REACH) : mention.start]
            if _DEFINITE.search(before):
                own = actors.setdefault(mention.words(text), set())
                for subject in narration.subjects(mention.sentence):
                    own.update(subject.characters if subject.start < mention.start else ())
    return actors
