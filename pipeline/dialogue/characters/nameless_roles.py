"""People without a name who speak again and again: `said the old priest`, `the waiter asked`.

`The old man` and `the girl` mean somebody with a name more often than not, and are left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.dialogue import word_lists
from pipeline.dialogue.attribution.tokens import FEMALE_NOUNS, MALE_NOUNS
from pipeline.dialogue.characters.vocabulary import NOT_SPEAKERS, VAGUE
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.characters import Character, Gender

_LEAST = 3  # times that a role must be said to speak
_WORD = r"[^\W\d_A-Z][^\W\d_]*(?:-[^\W\d_]+)*"
_AFTER = re.compile(
    rf"(?P<verb>{_WORD})\s+(?:the|The)\s+(?P<noun>(?:{_WORD}\s+){{0,2}}{_WORD})"
    r"(?=\s*[,.;:!?—–-]|\s+(?:in|with|as|to|and|at|who|from|on|when|after|again|of|for|by)\b|\s*$)"
)
_BEFORE = re.compile(rf"(?:the|The)\s+(?P<noun>(?:{_WORD}\s+){{0,2}}{_WORD})\s+(?P<verb>{_WORD})\b")
_REACH = 60  # characters of narration beside a speech in which its tag stands


def speaking_roles(
    text: str, spans: Sequence[Span], named: Sequence[Character]
) -> list[tuple[Character, int]]:
    """The roles that speak often, each with how often, the most talkative first."""
    taken = {name.casefold() for c in named for name in (c.name, *c.aliases)}
    phrases: Counter[str] = Counter(_tagged(text, spans))
    by_noun: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, count in phrases.items():
        by_noun[phrase.split()[-1]][phrase] = count
    found: list[tuple[Character, int]] = []
    for noun, forms in by_noun.items():
        known = f"the {noun}" in taken or noun in taken
        if known or noun in NOT_SPEAKERS or noun in VAGUE or forms.total() < _LEAST:
            continue
        ordered = [noun, *(phrase for phrase, n in forms.most_common() if n > 1)]
        found.append((_role(noun, list(dict.fromkeys(ordered))), forms.total()))
    return sorted(found, key=lambda role: (-role[1], role[0].name))


def _role(noun: str, phrases: Sequence[str]) -> Character:
    names = [f"the {phrase}" for phrase in phrases]
    gender = Gender.MALE if noun in MALE_NOUNS else None
    gender = Gender.FEMALE if noun in FEMALE_NOUNS else gender
    return Character(names[0], tuple(names[1:]), gender)


def _tagged(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Who is said to speak right after a speech of the same paragraph."""
    for before, span in pairwise(spans):
        beside = before.place == span.place
        if span.speech or not before.speech or not beside:
            continue
        end = min(span.end, span.start + _REACH)
        for pattern in (_AFTER, _BEFORE):
            found = pattern.match(text, span.start, end)
            if found and found["verb"].lower() in word_lists.SPEECH_VERBS:
                yield " ".join(found["noun"].lower().split())
                break
