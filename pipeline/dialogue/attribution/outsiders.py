"""People outside the cast who come up in a chapter: the constable who asked, an old woman."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pipeline.core.data import words_with
from pipeline.dialogue.attribution.dialogue_tags import DialogueTag
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import (
    MENTION_GENDERS,
    Mention,
    MentionKind,
    Narration,
)
from pipeline.dialogue.attribution.tag_nouns import head_noun, is_outsider
from pipeline.dialogue.attribution.turns import Item, Turn
from pipeline.dialogue.attribution.unnamed_people import UnnamedPeople
from pipeline.model.characters import Gender

_PHRASE = re.compile(
    r"(?:^|(?<=[.!?]))\s*((?i:the|an?|another)(?:\s+[a-z-]+){1,4}|[A-Z][^\W_]+(?=\s[a-z]))"
)
_NEAR_START = re.compile(r"(?:^|[.!?…]\s)\s*(?:[\w'’-]+\s+){0,6}$")


class Outsiders:
    """The nouns by which a chapter means people outside the cast, from where it brings them in.

    A noun that names a speaker whom nobody of the cast suits means an outsider wherever it comes
    again, also in narration beside a speech. So does one that brings somebody in (`an old woman
    shuffled up`), unless that may be a character whom the chapter names only later; and one that
    all who could be meant act on (`Tom showed the boy his badge`). `I` is an outsider where
    `tells_outsider`: the narration is in the first person, and its teller not in the cast.
    """

    def __init__(
        self,
        text: str,
        items: Sequence[Item],
        genders: Sequence[Gender | None],
        cast_nouns: Collection[str],
        *,
        tells_outsider: bool = False,
    ):
        self.text, self.cast_nouns, self.tells_outsider = text, cast_nouns, tells_outsider
        self._all_are_he_or_she = {Gender.MALE, Gender.FEMALE}.issuperset(genders)
        self._since: dict[str, int] = {}
        narrations = [item for item in items if isinstance(item, Narration)]
        self._unnamed = UnnamedPeople(text, narrations, genders, cast_nouns)
        kin = words_with("kinship", "noun", "relation")
        for item in items:
            if isinstance(item, Turn):
                self._add_from(item)
            else:
                # `A husband may forget` brings in nobody, unless beside a speech.
                others = (m for m in item.subjects() if m.words(text) not in kin)
                self._add_newcomers(item, others)

    def mean(self, turn: Turn) -> str | None:
        """Return the words by which a turn's tag or beat names an outsider, None if it does not."""
        if not turn.tags:
            return self._meant_by_beats(turn.beats)
        tag = turn.tags[0]
        if self._is_named_by(tag):
            return tag.quote(self.text)
        return self._meant_by_pronoun(turn, tag)

    def _meant_by_beats(self, beats: Sequence[tuple[Narration, int]]) -> str | None:
        for narration, sentence in beats:
            if noun := self._outsider_in(narration, sentence):
                return noun
        return "I" if self.tells_outsider and _acts_as_first_person(beats) else None

    def _is_named_by(self, tag: DialogueTag) -> bool:
        """Return whether a tag by itself names an outsider."""
        if is_outsider(self.text, tag, self.cast_nouns):
            return True
        if tag.speaker is None and self._all_are_he_or_she and _is_said_by_it(self.text, tag):
            return True
        if tag.speaker is not None and self._unnamed.is_acted_on(tag.speaker):
            return True
        place = tag.speaker.end if tag.speaker and tag.sure else tag.verb.start
        return self._is_in(head_noun(self.text, tag), place)

    def _meant_by_pronoun(self, turn: Turn, tag: DialogueTag) -> str | None:
        """Return whom `she` means in `The waitress nodded. "Two soups," she said.`, if nobody else.

        The sentence before the speech has her for its subject, and names nobody of the cast.
        """
        speaker = tag.speaker
        if speaker is None or speaker.nominal or not turn.before:
            return None
        narration = turn.before[-1]
        subject = next(iter(narration.subjects(narration.sentences - 1)), None)
        gender = MENTION_GENDERS.get(speaker.kind)
        if subject is None or not subject.nominal or subject.possessor or gender is None:
            return None
        if MENTION_GENDERS.get(subject.kind, gender) is not gender:
            return None
        if speaker.start < narration.end or any(m.characters for m in narration.mentions):
            return None
        own = replace(tag, speaker=subject)
        return own.quote(self.text) if is_outsider(self.text, own, self.cast_nouns) else None

    def _outsider_in(self, narration: Narration, sentence: int) -> str | None:
        """Return the noun of an outsider who acts in the sentence of a beat nearest to a speech."""
        match = _opening_phrase(self.text, narration, sentence)
        for word in match[1].split() if match else ():
            if self._is_in(word.lower(), narration.start):
                return word if word[0].isupper() else f"the {word}"
        first = narration.opening(sentence)
        if first is None or not first.is_noun_alone or first.role is not GrammaticalRole.SUBJECT:
            return None
        if not _NEAR_START.search(self.text[narration.start : first.start]):
            return None
        noun = first.words(self.text)
        meant = self._is_in(noun, narration.start) or self._unnamed.is_acted_on(first)
        return f"the {noun}" if meant else None

    def _is_in(self, noun: str | None, offset: int) -> bool:
        return noun is not None and self._since.get(noun, offset + 1) <= offset

    def _add_from(self, turn: Turn) -> None:
        for tag in turn.tags[:1]:
            noun = head_noun(self.text, tag)
            if tag.speaker and tag.speaker.kind is MentionKind.OUTSIDER:
                noun = tag.speaker.words(self.text).split()[-1]
            if noun and is_outsider(self.text, tag, self.cast_nouns):
                self._since[noun] = 0  # `the policeman` is the same before he is named in a tag
            elif noun and tag.speaker and self._unnamed.is_new(tag.speaker):
                self._since.setdefault(noun, tag.speaker.start)
        for narration, sentence in turn.beats:
            self._add_newcomers(narration, narration.subjects(sentence)[:1])

    def _add_newcomers(self, narration: Narration, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            if self._unnamed.is_new(mention):
                self._since.setdefault(mention.words(self.text), narration.start)


def _is_said_by_it(text: str, tag: DialogueTag) -> bool:
    """Return whether a tag without a speaker is a thing's: `it said`."""
    before = text[max(0, tag.verb.start - 4) : tag.verb.start]
    return before.split()[-1:] in (["it"], ["It"])


def _acts_as_first_person(beats: Sequence[tuple[Narration, int]]) -> bool:
    """Return whether `I` is the only one who acts beside a speech."""
    actors = [m.kind for narration, sentence in beats for m in narration.subjects(sentence)[:1]]
    return bool(actors) and set(actors) == {MentionKind.I}


def _opening_phrase(text: str, narration: Narration, sentence: int) -> re.Match[str] | None:
    """Return the first words of the sentence nearest to a speech, if an article begins it."""
    matches = [*_PHRASE.finditer(text[narration.start : narration.end])]
    if not sentence:
        matches = [match for match in matches[:1] if match.start() == 0]
    return matches[-1] if matches else None
