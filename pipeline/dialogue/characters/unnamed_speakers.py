"""Find speakers without a name: `said the old priest`, `the waiter asked`.

`The old man` and `the girl` more often refer to a named character, and are left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_list, word_set
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import speech_verbs
from pipeline.dialogue.vocabulary import person_nouns, vague_nouns
from pipeline.model.characters import Character, Gender

_MIN_TAGS = 3  # dialogue tags that make a noun a character
_WORD = r"[^\W\d_A-Z][^\W\d_]*(?:-[^\W\d_]+)*"
_NOUN_PHRASE = rf"(?:the|The)\s+(?P<phrase>(?:{_WORD}\s+){{0,2}}{_WORD})"
_TAG = re.compile(rf"{_NOUN_PHRASE}\s+(?P<verb>{_WORD})\b")
_TAG_REACH = 60  # characters of narration after a speech in which its tag stands


@cache
def _inverted_tag() -> re.Pattern[str]:
    following = "|".join(word_list("after_tag_nouns"))
    return re.compile(
        rf"(?P<verb>{_WORD})\s+{_NOUN_PHRASE}(?=\s*[,.;:!?—–-]|\s+(?:{following})\b|\s*$)"
    )


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
        and noun not in word_set("non_speaker_nouns") | vague_nouns()
        and taken.isdisjoint((noun, f"the {noun}"))
    ]
    return sorted(speakers, key=lambda speaker: (-speaker[1], speaker[0].name))


def _character(noun: str, phrases: Counter[str]) -> Character:
    """Return the character named by a noun, with its repeated noun phrases as aliases."""
    repeated = [phrase for phrase, count in phrases.most_common() if count > 1]
    name, *aliases = [f"the {phrase}" for phrase in dict.fromkeys((noun, *repeated))]
    genders = (g for g in (Gender.FEMALE, Gender.MALE) if noun in person_nouns(g))
    return Character(name, tuple(aliases), next(genders, None))


def _tag_subjects(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Yield the noun phrase of each tag right after a speech of the same paragraph."""
    for previous, span in pairwise(spans):
        if span.speech or not previous.speech or previous.place != span.place:
            continue
        end = min(span.end, span.start + _TAG_REACH)
        for pattern in (_inverted_tag(), _TAG):
            tag = pattern.match(text, span.start, end)
            if tag and tag["verb"].lower() in speech_verbs():
                yield " ".join(tag["phrase"].lower().split())
                break
