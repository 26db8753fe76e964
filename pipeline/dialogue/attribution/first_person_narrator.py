"""The character who tells a book as `I`, where the cast does not name one.

The narrator of such a book says `I` where others would stand as he or she, is addressed by name,
and hardly ever names himself.
"""

from collections import Counter
from collections.abc import Iterable

from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import MentionKind, Narration
from pipeline.dialogue.attribution.turns import Item, Turn

_MIN_SHARE = 0.12  # of the subjects in the narration, how many are `I`
_MIN_ADDRESSED = 3  # times
_MIN_RATIO = 4  # of how often speeches address the narrator to how often the narration names him
_MAX_CANDIDATES = 8  # the characters addressed most often


def identify(items: Iterable[Item]) -> int | None:
    """Return the first-person narrator, None if the book has none or it cannot be told who."""
    subjects: Counter[MentionKind] = Counter()
    named: Counter[int] = Counter()
    addressed: Counter[int] = Counter()
    for item in items:
        if isinstance(item, Turn):
            _count_addressed(item, addressed)
        else:
            _count_narration(item, subjects, named)
    if subjects[MentionKind.I] < _MIN_SHARE * subjects.total():
        return None
    for character, times in addressed.most_common(_MAX_CANDIDATES):
        if times >= _MIN_ADDRESSED and times > _MIN_RATIO * named[character]:
            return character
    return None


def _count_addressed(turn: Turn, addressed: "Counter[int]") -> None:
    for speech in turn.speeches:
        for mention in speech.mentions:
            if len(mention.characters) == 1 and mention.vocative > 0.5:
                addressed[mention.characters[0]] += 1


def _count_narration(
    narration: Narration, subjects: "Counter[MentionKind]", named: "Counter[int]"
) -> None:
    for mention in narration.mentions:
        if mention.role is GrammaticalRole.SUBJECT:
            subjects[mention.kind] += 1
        for character in mention.characters:
            named[character] += 1
