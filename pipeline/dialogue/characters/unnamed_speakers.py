"""Find speakers without a name: `said the old priest`, `the waiter asked`.

`The old man` and `the girl` more often refer to a named character, and are left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.dialogue import word_lists
from pipeline.dialogue.attribution.tokens import FEMALE_NOUNS, MALE_NOUNS
from pipeline.dialogue.characters.vocabulary import NON_SPEAKER_NOUNS, VAGUE_NOUNS
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.characters import Character, Gender

_MIN_TAGS = 3  # dialogue tags that make a noun a character
_WORD = r"[^\W\d_A-Z][^\W\d_]*(?:-[^\W\d_]+)*"
_NOUN_PHRASE = rf"(?:the|The)\s+(?P<phrase>(?:{_WORD}\s+){{0,2}}{_WORD})"
_INVERTED_TAG = re.compile(
    rf"(?P<verb>{_WORD})\s+{_NOUN_PHRASE}"
    r"(?=\s*[,.;:!?—–-]|\s+(?:in|with|as|to|and|at|who|from|on|when|after|again|of|for|by)\b|\s*$)"
)
_TAG = re.compile(rf"{_NOUN_PHRASE}\s+(?P<verb>{_WORD})\b")
_TAG_REACH = 60  # characters of narration after a speech in which its tag stands


def find_unnamed_speakers(
    text: str, spans: Sequence[Span], named: Sequence[Character]
) -> list[tuple[Character, int]]:
    """Return the frequent unnamed speakers with their numbers of tags, most talkative first.

    Nouns that already name one of the `named` characters are left out.
    """
    taken = {name.casefold() for c in named for name in (c.name, *c.aliases)}
    by_noun: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, count in Counter(_tag_subjects(text, spans)).items():
        by_noun[phrase.split()[-1]][phrase] = count
    speakers = [
        (_character(noun, phrases), phrases.total())
        for noun, phrases in by_noun.items()
        if phrases.total() >= _MIN_TAGS
        and noun not in NON_SPEAKER_NOUNS | VAGUE_NOUNS
        and taken.isdisjoint((noun, f"the {noun}"))
    ]
    return sorted(speakers, key=lambda speaker: (-speaker[1], speaker[0].name))


def _character(noun: str, phrases: Counter[str]) -> Character:
    """Return the character named by a noun, with its repeated noun phrases as aliases."""
    repeated = [phrase for phrase, count in phrases.most_common() if count > 1]
    name, *aliases = [f"the {phrase}" for phrase in dict.fromkeys((noun, *repeated))]
    gender = None
    if noun in FEMALE_NOUNS:
        gender = Gender.FEMALE
    elif noun in MALE_NOUNS:
        gender = Gender.MALE
    return Character(name, tuple(aliases), gender)


def _tag_subjects(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Yield the noun phrase of each tag right after a speech of the same paragraph."""
    for previous, span in pairwise(spans):
        if span.speech or not previous.speech or previous.place != span.place:
            continue
        end = min(span.end, span.start + _TAG_REACH)
        for pattern in (_INVERTED_TAG, _TAG):
            tag = pattern.match(text, span.start, end)
            if tag and tag["verb"].lower() in word_lists.SPEECH_VERBS:
                yield " ".join(tag["phrase"].lower().split())
                break
