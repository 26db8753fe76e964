"""Find speakers without a name: `said the old priest`, `the waiter asked`, `a voice called`.

`The old man` and `the girl` more often refer to a named character. They are left out unless a short
text introduces them as `a girl`, no named character is of their gender, or all who are act on them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.core.data import word_set
from pipeline.dialogue.attribution.tag_nouns import role_nouns
from pipeline.dialogue.characters.gender import gender_of_noun
from pipeline.dialogue.characters.noun_phrases import NounPhrase, find_indefinite, find_subjects
from pipeline.dialogue.characters.person_filter import is_short
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.vocabulary import person_nouns, titles, vague_nouns
from pipeline.model.characters import Character, Gender

_MIN_TAGS = 3  # dialogue tags that make a noun a character
_MIN_IN_SHORT_TEXT = 2  # tags and beats that do so in a short text
_MOST = 20  # unnamed speakers in a book
_ACTS_ON = r"[^.!?;:]*\s(?!(?:as|like|was|is|were)\s)[^\W\d_]+,?\s+the\s(?:[\w-]+\s){0,2}"
_PERSON_ENDINGS = {"woman": Gender.FEMALE, "girl": Gender.FEMALE, "man": Gender.MALE}


@dataclass(slots=True)
class _Noun:
    """The phrases that end in a noun, in dialogue tags and in all subjects.

    `has_possessive`: somewhere it acts on something of its own.
    """

    beside_speech: int = 0
    has_possessive: bool = False
    tags: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)


def find_unnamed_speakers(
    text: str, spans: Sequence[Span], named: Sequence[Character]
) -> list[tuple[Character, int]]:
    """Return the frequent unnamed speakers with their numbers of tags, the most talkative first.

    Nouns that already name one of the `named` characters, or that their titles mean, are left out.
    """
    taken = {name.casefold() for c in named for name in (c.name, *c.aliases)}
    taken = taken.union(*map(role_nouns, named))
    short = is_short(len(text))
    nouns = _nouns(find_subjects(text, spans))
    introduced = find_indefinite(text, spans) | _told_apart(nouns) if short else frozenset()
    speakers = [
        (_with_gender(_character(noun, uses, short), text, spans, noun), uses.tags.total())
        for noun, uses in nouns.items()
        if (_is_speaker_in_short_text(noun, uses) if short else uses.tags.total() >= _MIN_TAGS)
        and noun not in word_set("non_speaker_nouns")
        and taken.isdisjoint((noun, f"the {noun}"))
        and (
            noun not in vague_nouns()
            or _is_somebody(noun, uses, introduced)
            or _suits_nobody(noun, named)
            or (short and _is_acted_on(text, spans, noun, named))
        )
    ]
    return sorted(speakers, key=lambda speaker: (-speaker[1], speaker[0].name))[:_MOST]


def _nouns(phrases: Iterable[NounPhrase]) -> dict[str, _Noun]:
    nouns: dict[str, _Noun] = defaultdict(_Noun)
    for phrase in phrases:
        uses = nouns[phrase.noun]
        uses.subjects[phrase.words] += 1
        uses.beside_speech += phrase.beside_speech
        uses.has_possessive |= phrase.has_possessive
        if phrase.tag:
            uses.tags[phrase.words] += 1
    return nouns


def _told_apart(nouns: Mapping[str, _Noun]) -> frozenset[str]:
    """Return the nouns with a complement, which introduces too: `the girl behind the counter`."""
    return frozenset(
        noun
        for noun, uses in nouns.items()
        if any(not words.endswith(noun) for words in uses.subjects)
    )


def _is_speaker_in_short_text(noun: str, uses: _Noun) -> bool:
    """Check whether a noun is a subject twice, and at least once that of somebody who speaks.

    What acts beside speeches is a person if its noun is one for people, or it acts on something of
    its own: `The welder folded her arms.`
    """
    is_person = _is_person(noun) or (uses.has_possessive and uses.beside_speech > 1)
    speaks = uses.tags.total() > 0 or (uses.beside_speech > 0 and is_person)
    return speaks and uses.subjects.total() >= _MIN_IN_SHORT_TEXT


def _is_somebody(noun: str, uses: _Noun, introduced: Collection[str]) -> bool:
    """Check whether a general noun is somebody's: one introduced as new, or a mere voice."""
    is_new = noun in introduced
    speaks = uses.tags.total() + (is_new and uses.beside_speech > 0)
    return speaks > 1 and (is_new or noun == "voice")


def _suits_nobody(noun: str, named: Iterable[Character]) -> bool:
    """Check whether a general noun can mean none of the named: the only woman of a text."""
    return _gender(noun) is not None and not any(_suits(noun, c) for c in named)


def _is_acted_on(text: str, spans: Sequence[Span], noun: str, named: Iterable[Character]) -> bool:
    """Check whether each of the named whom a noun suits acts on it: `Tom showed the boy a coin`."""
    acting = (_acting_on(noun, character) for character in named if _suits(noun, character))
    return all(
        any(pattern.search(text[span.start : span.end]) for span in spans if not span.speech)
        for pattern in acting
    )


def _acting_on(noun: str, character: Character) -> re.Pattern[str]:
    names = "|".join(map(re.escape, (character.name, *character.aliases)))
    return re.compile(rf"(?<!\w)(?:{names})(?!['’\w]){_ACTS_ON}{noun}\b")


def _suits(noun: str, character: Character) -> bool:
    """Check whether a noun may mean a character, by gender."""
    gender = _gender(noun)
    return None in (gender, character.gender) or character.gender is gender


def _is_person(noun: str) -> bool:
    return _gender(noun) is not None or noun in titles() | person_nouns(Gender.NEUTRAL)


def _character(noun: str, uses: _Noun, short: bool) -> Character:
    """Return the character named by a noun, with the noun phrases of the text as aliases."""
    phrases = (uses.subjects if short else uses.tags).most_common()
    aliases = [phrase for phrase, count in phrases if count > 1 or short]
    name, *others = [f"the {phrase}" for phrase in dict.fromkeys((noun, *aliases))]
    return Character(name, tuple(others), _gender(noun))


def _with_gender(character: Character, text: str, spans: Sequence[Span], noun: str) -> Character:
    if character.gender is not None:
        return character
    return replace(character, gender=gender_of_noun(text, spans, noun))


def _gender(noun: str) -> Gender | None:
    for gender in (Gender.FEMALE, Gender.MALE):
        if noun in person_nouns(gender):
            return gender
    return next((g for ending, g in _PERSON_ENDINGS.items() if noun.endswith(ending)), None)
