"""People outside the cast who come up in a chapter: the constable who asked, an old woman."""

import re
from collections.abc import Collection, Sequence

from pipeline.core.data import word_set
from pipeline.dialogue.attribution.narration import (
    MENTION_GENDERS,
    Mention,
    MentionKind,
    Narration,
)
from pipeline.dialogue.attribution.tag_nouns import VOICES, head_noun, is_outsider
from pipeline.dialogue.attribution.turns import Item, Turn
from pipeline.model.characters import Gender

_PHRASE = re.compile(
    r"(?:^|(?<=[.!?]))\s*((?i:the|an?|another)(?:\s+[a-z-]+){1,4}|[A-Z][^\W_]+(?=\s[a-z]))"
)
_INDEFINITE = re.compile(r"\b(?:an?|another)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_NEW = frozenset({"stranger"})  # if `a` precedes it; `the stranger` may mean anybody


class Outsiders:
    """The nouns by which a chapter means people outside the cast, from where it brings them in.

    A noun that names a speaker whom nobody of the cast suits means an outsider wherever it comes
    again, also in narration beside a speech. So does one that brings somebody in (`an old woman
    shuffled up`), unless that may be a character whom the chapter names only later.
    """

    def __init__(
        self,
        text: str,
        items: Sequence[Item],
        genders: Sequence[Gender | None],
        cast_nouns: Collection[str],
    ):
        self.text, self.cast_nouns = text, cast_nouns
        self._since: dict[str, int] = {}
        self._first_named = _first_named(items)
        self._genders = genders
        for item in items:
            if isinstance(item, Turn):
                self._add_from(item)

    def mean(self, turn: Turn) -> str | None:
        """Return the words by which a turn's tag or beat names an outsider, None if it does not."""
        if turn.tags:
            tag = turn.tags[0]
            noun = head_noun(self.text, tag)
            place = tag.speaker.end if tag.speaker and tag.sure else tag.verb.start
            if is_outsider(self.text, tag, self.cast_nouns) or self._is_in(noun, place):
                return tag.quote(self.text)
            return None
        for narration, sentence in _beats(turn):
            match = _opening_phrase(self.text, narration, sentence)
            for word in match[1].split() if match else ():
                if self._is_in(word.lower(), narration.start):
                    return word if word[0].isupper() else f"the {word}"
        return None

    def _is_in(self, noun: str | None, offset: int) -> bool:
        return noun is not None and self._since.get(noun, offset + 1) <= offset

    def _add_from(self, turn: Turn) -> None:
        for tag in turn.tags[:1]:
            noun = head_noun(self.text, tag)
            if tag.speaker and tag.speaker.kind is MentionKind.OUTSIDER:
                noun = self.text[tag.speaker.start : tag.speaker.end].split()[-1].lower()
            if noun and is_outsider(self.text, tag, self.cast_nouns):
                self._since[noun] = 0  # `the policeman` is the same before he is named in a tag
            elif noun and tag.speaker and self._is_new(tag.speaker):
                self._since.setdefault(noun, tag.speaker.start)
        for narration, sentence in _beats(turn):
            for mention in narration.subjects(sentence)[:1]:
                if self._is_new(mention):
                    noun = self.text[mention.start : mention.end].lower()
                    self._since.setdefault(noun, narration.start)

    def _is_new(self, mention: Mention) -> bool:
        """Return whether a mention brings in somebody who can be nobody of the cast."""
        noun = self.text[mention.start : mention.end].lower()
        if not mention.nominal or mention.characters or noun in self.cast_nouns:
            return False
        anybody = (word_set("nouns_for_anybody") - _NEW) | VOICES
        if noun in anybody or mention.possessor is not None:
            return False
        if not _INDEFINITE.search(self.text, max(0, mention.start - 50), mention.start):
            return False
        gender = MENTION_GENDERS.get(mention.kind)
        return not any(
            first > mention.start
            for character, first in self._first_named.items()
            if None in (gender, self._genders[character]) or self._genders[character] is gender
        )


def _beats(turn: Turn) -> list[tuple[Narration, int]]:
    """Return the narration in a turn's paragraph, with the sentence nearest to its speech."""
    before = [(part, part.sentences - 1) for part in turn.before[-1:]]
    return before + [(part, 0) for part in turn.after[:1]]


def _opening_phrase(text: str, narration: Narration, sentence: int) -> re.Match[str] | None:
    """Return the first words of the sentence nearest to a speech, if an article begins it."""
    matches = [*_PHRASE.finditer(text[narration.start : narration.end])]
    if not sentence:
        matches = [match for match in matches[:1] if match.start() == 0]
    return matches[-1] if matches else None


def _first_named(items: Sequence[Item]) -> dict[int, int]:
    """Return where the narration of a chapter first names each character that it names."""
    first: dict[int, int] = {}
    for item in items:
        if isinstance(item, Narration):
            for mention in item.mentions:
                for character in mention.characters:
                    first.setdefault(character, mention.start)
    return first
