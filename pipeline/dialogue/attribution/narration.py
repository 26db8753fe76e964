"""Analysis of narration: the people it mentions, in what grammatical role, and verbs of speech."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.aliases import CastNames, NameMatch
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole, role_of
from pipeline.dialogue.attribution.tokens import TokenizedText, sentence_ends, tokenize
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import noun_like_verbs, speech_verbs, tag_verbs
from pipeline.dialogue.vocabulary import (
    determiners,
    not_names,
    person_nouns,
    prepositions,
    titles,
)
from pipeline.model.characters import Gender


class MentionKind(StrEnum):
    """The kind of expression that mentions a person; common nouns count as their pronoun."""

    NAME = "name"
    HE = "he"
    SHE = "she"
    THEY = "they"
    I = "I"  # noqa: E741 - the word itself
    SOMEBODY = "somebody"  # the stranger
    OUTSIDER = "outsider"  # a name that is not in the cast; anyone and no one


MENTION_GENDERS = {
    MentionKind.HE: Gender.MALE,
    MentionKind.SHE: Gender.FEMALE,
    MentionKind.THEY: Gender.NEUTRAL,
}
"""The gender that a kind of mention implies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An expression that refers to a person.

    `word` is its index among the words of the span, `sentence` among the sentences. `characters`
    are those whom a name may mean, empty for pronouns and most nouns. `nominal` separates
    `the old lady` from `she`; `primary` a character's name from an alias. `possessor` is whose
    sister `her sister` is, and `kinship` is true where the noun is one of family.
    """

    start: int
    end: int
    word: int
    sentence: int
    kind: MentionKind
    role: GrammaticalRole
    characters: tuple[int, ...] = ()
    nominal: bool = False
    possessor: "Mention | None" = None
    kinship: bool = False
    primary: bool = False

    @property
    def is_noun_alone(self) -> bool:
        """Whether a noun names no character, and is not somebody's: not `her sergeant`."""
        return self.nominal and not self.characters and self.possessor is None

    def words(self, text: str) -> str:
        """Return the words of the mention in lower case."""
        return text[self.start : self.end].lower()


@dataclass(frozen=True, slots=True)
class SpeechVerb:
    """A verb that may introduce a speech.

    `explicit` verbs (`said`) do so wherever they stand, others (`smiled`) only beside a speech.
    """

    start: int
    end: int
    word: int
    sentence: int
    explicit: bool = True
    participle: bool = False


@dataclass(frozen=True, slots=True)
class Narration:
    """A span of narration; `ending` is its last character, `sentences` how many it has."""

    start: int
    end: int
    ending: str
    sentences: int
    mentions: tuple[Mention, ...]
    verbs: tuple[SpeechVerb, ...]

    def subjects(self, sentence: int | None = None) -> list[Mention]:
        """Return the mentions that act as subjects, in the whole span or in one sentence."""
        return [
            mention
            for mention in self.mentions
            if mention.role is GrammaticalRole.SUBJECT and sentence in (None, mention.sentence)
        ]

    def actor(self, sentence: int) -> Mention | None:
        """Return who acts first in a sentence; if nobody does, whose something opens it."""
        subject = next(iter(self.subjects(sentence)), None)
        if subject is not None:
            return subject
        first = next((m for m in self.mentions if m.sentence == sentence), None)
        return first if first and first.role is GrammaticalRole.OWNER else None

    def opening(self, sentence: int) -> Mention | None:
        """Return whoever acts or owns first in a sentence: `She`, or `Her jaw`."""
        mentions = (mention for mention in self.mentions if mention.sentence == sentence)
        return next((m for m in mentions if m.role is not GrammaticalRole.OBJECT), None)

    def without(self, mentions: Collection[Mention]) -> "Narration":
        """Return the narration without some of its mentions."""
        if not mentions:
            return self
        return replace(self, mentions=tuple(m for m in self.mentions if m not in mentions))


_PRONOUNS: Mapping[str, tuple[MentionKind, GrammaticalRole | None]] = {
    "he": (MentionKind.HE, GrammaticalRole.SUBJECT),
    "him": (MentionKind.HE, GrammaticalRole.OBJECT),
    "his": (MentionKind.HE, GrammaticalRole.OWNER),
    "she": (MentionKind.SHE, GrammaticalRole.SUBJECT),
    "her": (MentionKind.SHE, GrammaticalRole.OWNER),
    "hers": (MentionKind.SHE, GrammaticalRole.OWNER),
    "they": (MentionKind.THEY, GrammaticalRole.SUBJECT),
    "them": (MentionKind.THEY, GrammaticalRole.OBJECT),
    "their": (MentionKind.THEY, GrammaticalRole.OWNER),
    "i": (MentionKind.I, GrammaticalRole.SUBJECT),
    "me": (MentionKind.I, GrammaticalRole.OBJECT),
    "my": (MentionKind.I, GrammaticalRole.OWNER),
    **dict.fromkeys(
        ("somebody", "someone", "everybody", "everyone", "nobody", "anybody", "anyone"),
        (MentionKind.OUTSIDER, None),
    ),
    "himself": (MentionKind.HE, GrammaticalRole.OBJECT),
    "herself": (MentionKind.SHE, GrammaticalRole.OBJECT),
    "myself": (MentionKind.I, GrammaticalRole.OBJECT),
}
_POSSESSOR_REACH = 3  # words from a possessive to its noun


@cache
def _kinds_of_nouns() -> dict[str, MentionKind]:
    return (
        dict.fromkeys(person_nouns(Gender.MALE), MentionKind.HE)
        | dict.fromkeys(person_nouns(Gender.FEMALE), MentionKind.SHE)
        | dict.fromkeys(person_nouns(Gender.NEUTRAL), MentionKind.SOMEBODY)
    )


def analyse(text: str, span: Span, names: CastNames) -> Narration:
    """Return the analysis of one span of narration."""
    tokens = tokenize(text, span.start, span.end)
    ends = sentence_ends(text, span.start, span.end)
    sentence_of = _sentence_indices(tokens, ends)
    mentions = _MentionFinder(text, tokens, sentence_of, names).find()
    verbs = _speech_verbs(tokens, sentence_of)
    return Narration(
        span.start, span.end, text[span.end - 1], len(ends), tuple(mentions), tuple(verbs)
    )


def _sentence_indices(tokens: TokenizedText, ends: list[int]) -> list[int]:
    """Return the index of the sentence that each word is in."""
    sentence, indices = 0, []
    for start in tokens.starts:
        while start >= ends[sentence]:
            sentence += 1
        indices.append(sentence)
    return indices


def _speech_verbs(tokens: TokenizedText, sentence_of: list[int]) -> list[SpeechVerb]:
    speech, tags = speech_verbs(), tag_verbs()
    return [
        SpeechVerb(
            tokens.starts[index],
            tokens.ends[index],
            index,
            sentence_of[index],
            explicit=word in speech,
            participle=word.endswith("ing"),
        )
        for index, word in enumerate(tokens.lower)
        if word in tags and not _is_noun(tokens.lower, index)
    ]


def _is_noun(words: list[str], at: int) -> bool:
    """Return whether a word such as `answer` is a noun here: `the answer`."""
    return (
        words[at] in noun_like_verbs()
        and at > 0
        and words[at - 1] not in word_set("before_base_forms")
    )


class _MentionFinder:
    """Finds the people mentioned in a span."""

    def __init__(self, text: str, tokens: TokenizedText, sentence_of: list[int], names: CastNames):
        self.text, self.tokens, self.sentence_of = text, tokens, sentence_of
        self.names = {match.first: match for match in names.find(tokens)}

    def find(self) -> list[Mention]:
        """Return the mentions in reading order."""
        mentions: list[Mention] = []
        index = 0
        while index < len(self.tokens):
            mention, index = self._at(index)
            if mention:
                previous = mentions[-1] if mentions else None
                mentions.append(self._with_possessor(mention, previous))
        return mentions

    def _at(self, index: int) -> tuple[Mention | None, int]:
        """Return the mention that begins at a word, if any, and the index of the word after it."""
        match = self.names.get(index)
        if match:
            return self._name(match), match.last
        mention = self._pronoun_or_noun(index)
        if mention is None and (end := self._outsider_end(index)):
            return self._mention(index, end, MentionKind.OUTSIDER), end
        return mention, index + 1

    def _name(self, match: NameMatch) -> Mention:
        """Return a name; one written as a common noun (`the lad`) may mean others too."""
        common = self.tokens.forms[match.last - 1].islower()
        noun = self.tokens.lower[match.last - 1]
        return self._mention(
            match.first,
            match.last,
            _kinds_of_nouns().get(noun, MentionKind.NAME) if common else MentionKind.NAME,
            characters=match.characters,
            nominal=common,
            primary=match.primary,
        )

    def _pronoun_or_noun(self, at: int) -> Mention | None:
        word = self.tokens.lower[at]
        if word in _PRONOUNS:
            if word == "i" and self.tokens.forms[at] != "I":
                return None
            kind, role = _PRONOUNS[word]
            if word == "they" and self.tokens.lower[at + 1 : at + 2] in (["all"], ["both"]):
                kind = MentionKind.OUTSIDER
            return self._mention(at, at + 1, kind, role)
        if word == "another" and self._stands_for_speaker(at):
            return self._mention(at, at + 1, MentionKind.OUTSIDER)
        noun = _kinds_of_nouns().get(word)
        if noun and not determiners().isdisjoint(self.tokens.lower[max(0, at - 4) : at]):
            return self._mention(at, at + 1, noun, nominal=True)
        return None

    def _stands_for_speaker(self, at: int) -> bool:
        """Return whether a word is the subject of a verb of speech that opens a tag."""
        following = self.tokens.lower[at + 1] if at + 1 < len(self.tokens) else ""
        alone = not following or not self._is_joined(at) or following in prepositions()
        return at == 1 and alone and self.tokens.lower[0] in tag_verbs()

    def _outsider_end(self, first: int) -> int:
        """Return the end of a name outside the cast that begins here beside its verb, 0 if none."""
        last = first
        while last < len(self.tokens) and last not in self.names and self._may_be_name(last):
            last += 1
            if last < len(self.tokens) and not self._is_joined(last - 1):
                break
        if last == first or (last < len(self.tokens) and last in self.names):
            return 0
        before = self.tokens.lower[first - 1] if first and self._is_joined(first - 1) else ""
        after = self.tokens.lower[last] if last < len(self.tokens) else ""
        beside = before in tag_verbs() or (after in tag_verbs() and self._is_joined(last - 1))
        return last if beside else 0

    def _may_be_name(self, at: int) -> bool:
        form, word = self.tokens.forms[at], self.tokens.lower[at]
        return (
            form[0].isupper()
            and len(form) > 1
            and word not in not_names()
            and word not in tag_verbs()
        )

    def _is_joined(self, at: int) -> bool:
        """Return whether only space, or the full stop of a title, parts a word from the next."""
        gap = self.text[self.tokens.ends[at] : self.tokens.starts[at + 1]]
        return gap.isspace() or (gap == ". " and self.tokens.lower[at] in titles())

    def _mention(
        self,
        first: int,
        last: int,
        kind: MentionKind,
        role: GrammaticalRole | None = None,
        *,
        characters: tuple[int, ...] = (),
        nominal: bool = False,
        primary: bool = False,
    ) -> Mention:
        return Mention(
            start=self.tokens.starts[first],
            end=self.tokens.ends[last - 1],
            word=first,
            sentence=self.sentence_of[first],
            kind=kind,
            role=role or role_of(self.text, self.tokens, self.sentence_of, first, last),
            characters=characters,
            nominal=nominal,
            primary=primary,
        )

    def _with_possessor(self, mention: Mention, previous: Mention | None) -> Mention:
        """Return `her elder sister`, `Ann's sister` with whose sister she is."""
        if not mention.nominal or previous is None or previous.role is not GrammaticalRole.OWNER:
            return mention
        if mention.word - previous.word > _POSSESSOR_REACH:
            return mention
        kinship = self.tokens.lower[mention.word] in words_with("kinship", "relation")
        return replace(mention, possessor=previous, kinship=kinship)
