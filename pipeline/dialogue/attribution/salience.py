"""Salience and coreference: which characters are on the reader's mind, and whom a pronoun means.

A character's salience is the time it was last mentioned, counted in sentences, plus a bonus for
acting or speaking. A pronoun means the characters of its gender, the more salient the likelier.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import (
    MENTION_GENDERS,
    Mention,
    MentionKind,
    Narration,
)
from pipeline.model.characters import Gender

_ROLE_BONUS = {
    GrammaticalRole.SUBJECT: 1.5,
    GrammaticalRole.OBJECT: 0.5,
    GrammaticalRole.OWNER: 0.7,
}  # sentences
_SPEAKER_BONUS = 1.5  # sentences
_UNNAMED_PENALTY = 0.3  # sentences, for a mention by anything but a name
_DECAY = 0.8  # natural logarithm of odds a sentence
_PARALLEL = 1.0  # for the last subject, when a pronoun is a subject
_NOT_BESIDE = 2.0  # against those whom the same sentence names as objects of a pronoun's verb
_MIN_POSSESSOR = 0.3  # the probability from which a possessor counts as known
_NOT_POSSESSOR = 4.0  # against a possessor: nobody is their own sister
_KIN = 1.5  # for kin of the same surname
_AS_NAMED = 0.6  # how often `the lad` is the character whom the cast calls so
_PRESENT = 25  # sentences within which a character counts as present
_MEMORY = 60  # sentences after which a character is forgotten
_MIN_RAISED = 0.3  # the probability above which a mention raises the salience
UNSURE_GENDER = 0.5

Shares = dict[int, float]
"""Characters with probabilities."""


class Salience:
    """The salience of each character up to a place in a chapter.

    `clock` counts the sentences so far and `last_seen` holds each character's salience on that
    scale. `resolved` maps the start of each mention read so far to the characters it means.
    `weights` are the prior odds of each character being meant, as natural logarithms.
    """

    def __init__(
        self,
        genders: Sequence[Gender | None],
        first_person: int | None = None,
        weights: Sequence[float] = (),
        surnames: Sequence[frozenset[str]] = (),
    ):
        self.genders, self.first_person = genders, first_person
        self.weights = weights or [0.0] * len(genders)
        self.surnames = surnames or [frozenset()] * len(genders)
        # A pronoun that fits nobody in the cast shows that the cast's genders are not the text's.
        self.absent = frozenset() if None in genders else frozenset(Gender) - frozenset(genders)
        self.clock = 0.0
        self.last_seen: dict[int, float] = {}
        self.subject: Shares = {}
        self.resolved: dict[int, Shares] = {}

    def fit(self, character: int, kind: MentionKind) -> float:
        """Return how well a pronoun fits a character: 1, 0, or UNSURE_GENDER if unknown."""
        gender = MENTION_GENDERS.get(kind)
        own = self.genders[character]
        if gender is None:
            return 1.0
        if own is None or gender in self.absent:
            return UNSURE_GENDER
        return float(own is gender)

    def resolve(self, mention: Mention) -> Shares:
        """Return whom a mention means, with probabilities; empty if it cannot be resolved.

        A mention already read keeps the meaning it had where it stood.
        """
        resolved = self.resolved.get(mention.start)
        return self._resolve(mention, {}, set()) if resolved is None else resolved

    def _resolve(self, mention: Mention, subject: Shares, others: set[int]) -> Shares:
        """Resolve a mention not read yet, after `subject` acted and beside `others`."""
        if mention.characters:
            return self._resolve_name(mention, subject, others)
        if mention.kind is MentionKind.I and self.first_person is not None:
            return {self.first_person: 1.0}
        if mention.kind in (MentionKind.I, MentionKind.SOMEBODY, MentionKind.OUTSIDER):
            return {}
        if mention.kind is MentionKind.THEY and Gender.NEUTRAL not in self.genders:
            return {}
        return self._by_salience(mention, subject, others)

    def _resolve_name(self, mention: Mention, subject: Shares, others: set[int]) -> Shares:
        named = self._among(mention.characters)
        if not mention.nominal or mention.kind not in (MentionKind.HE, MentionKind.SHE):
            return named
        others_meant = self._by_salience(mention, subject, others)  # `the lad` may be any of them
        return {
            character: _AS_NAMED * named.get(character, 0)
            + (1 - _AS_NAMED) * others_meant.get(character, 0)
            for character in named | others_meant
        }

    def _among(self, characters: Sequence[int]) -> Shares:
        """Return whom a name of several characters means: the more salient the likelier."""
        if len(characters) == 1:
            return {characters[0]: 1.0}
        weights = {
            character: 0.05 + math.exp(_DECAY * (self.last_seen.get(character, -99) - self.clock))
            for character in characters
        }
        return _normalised(weights)

    def _by_salience(self, mention: Mention, subject: Shares, others: set[int]) -> Shares:
        """Return whom a pronoun or noun means among the characters of its gender."""
        possessors: set[int] = set()
        if mention.possessor:
            shares = self.resolve(mention.possessor)
            possessors = {
                character for character, share in shares.items() if share > _MIN_POSSESSOR
            }
        weights = {}
        for character, seen in self.last_seen.items():
            fit = self.fit(character, mention.kind)
            if fit and character != self.first_person:  # who tells the book is `I`
                bonus = _PARALLEL * subject.get(character, 0)
                bonus -= _NOT_BESIDE if character in others else 0
                bonus += self.weights[character] - (
                    _NOT_POSSESSOR if character in possessors else 0
                )
                if mention.kinship and self._is_kin(character, possessors):
                    bonus += _KIN
                weights[character] = fit * math.exp(_DECAY * (seen - self.clock) + bonus)
        return _normalised(weights)

    def _is_kin(self, character: int, possessors: set[int]) -> bool:
        return any(self.surnames[character] & self.surnames[other] for other in possessors)

    def add_narration(self, narration: Narration) -> None:
        """Resolve the mentions of a span of narration and raise the salience of whom they mean."""
        objects = _named_objects(narration)
        sentence, subject = 0, self.subject
        acting: dict[MentionKind, Shares] = {}
        for mention in narration.mentions:
            if mention.sentence != sentence:
                self._advance(mention.sentence - sentence)
                sentence, subject, acting = mention.sentence, self.subject, {}
            # A second `he` in a sentence is the first.
            meant = {} if mention.nominal else acting.get(mention.kind, {})
            meant = meant or self._resolve_in(mention, subject, objects[sentence])
            self.resolved[mention.start] = meant
            if mention.role is GrammaticalRole.SUBJECT and meant:
                self.subject = meant
                if not mention.characters and not mention.nominal:
                    acting[mention.kind] = meant
            penalty = 0 if mention.characters else _UNNAMED_PENALTY
            self._raise(meant, _ROLE_BONUS[mention.role] - penalty)
        self._advance(narration.sentences - sentence)

    def _resolve_in(self, mention: Mention, subject: Shares, objects: set[int]) -> Shares:
        """Resolve a mention in a sentence with named `objects`, after one in which `subject` acted.

        A pronoun that acts does not mean one of the objects.
        """
        if mention.role is not GrammaticalRole.SUBJECT:
            return self._resolve(mention, {}, set())
        return self._resolve(mention, subject, set() if mention.characters else objects)

    def add_turn(self, speakers: Shares) -> None:
        """Raise the salience of a turn's speakers, as far as an earlier pass knows them."""
        self._raise(speakers, _SPEAKER_BONUS)
        if speakers:
            self.subject = speakers
        self._advance(1)

    def _raise(self, shares: Mapping[int, float], bonus: float) -> None:
        for character, share in shares.items():
            if share > _MIN_RAISED:
                seen = self.last_seen.get(character, 0)
                self.last_seen[character] = max(seen, self.clock + bonus * share)

    def _advance(self, sentences: int) -> None:
        self.clock += sentences
        if len(self.last_seen) > 40:
            self.last_seen = {
                character: seen
                for character, seen in self.last_seen.items()
                if self.clock - seen < _MEMORY
            }

    def most_salient(self, limit: int) -> list[int]:
        """Return the characters not forgotten yet, the most salient first, at most `limit`."""
        recent = [c for c, seen in self.last_seen.items() if self.clock - seen < _MEMORY]
        return sorted(recent, key=lambda character: -self.last_seen[character])[:limit]

    def count_present(self) -> int:
        """Return how many characters acted, spoke or were mentioned lately."""
        return sum(self.clock - seen < _PRESENT for seen in self.last_seen.values())


def _normalised(weights: Mapping[int, float]) -> Shares:
    total = sum(weights.values())
    return {character: weight / total for character, weight in weights.items()} if total else {}


def _named_objects(narration: Narration) -> defaultdict[int, set[int]]:
    """Return whom each sentence of a narration names as objects."""
    objects: defaultdict[int, set[int]] = defaultdict(set)
    for mention in narration.mentions:
        if mention.role is GrammaticalRole.OBJECT:
            objects[mention.sentence].update(mention.characters)
    return objects
