"""Where a chapter mentions each character, by kind of mention, once its pronouns are resolved."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Narration
from pipeline.dialogue.attribution.turns import Item, Turn

_MEANT = 0.5  # the probability from which a character counts as mentioned
_VOCATIVE = 0.5  # the score above which a name in a speech counts as addressed


@dataclass(slots=True)
class MentionOffsets:
    """Sorted offsets into the text at which one character is mentioned.

    `named` and `meant` (by a pronoun or noun) are those in narration, `acting` is the subjects
    among both; `spoken_of` and `called` are those in speeches.
    """

    named: list[int] = field(default_factory=list)
    acting: list[int] = field(default_factory=list)
    meant: list[int] = field(default_factory=list)
    spoken_of: list[int] = field(default_factory=list)
    called: list[int] = field(default_factory=list)


def collect(
    items: Sequence[Item], resolved: Mapping[int, Mapping[int, float]]
) -> dict[int, MentionOffsets]:
    """Return the offsets by character; `resolved` maps a mention's start to whom it means."""
    offsets: dict[int, MentionOffsets] = {}
    for item in items:
        if isinstance(item, Turn):
            _add_turn(item, offsets)
        else:
            _add_narration(item, resolved, offsets)
    for own in offsets.values():
        # A turn's later speeches may follow narration that was added before them.
        own.spoken_of.sort()
        own.called.sort()
    return offsets


def _add_turn(turn: Turn, offsets: dict[int, MentionOffsets]) -> None:
    for speech in turn.speeches:
        for mention in speech.mentions:
            for character in mention.characters:
                own = offsets.setdefault(character, MentionOffsets())
                called = mention.vocative > _VOCATIVE
                (own.called if called else own.spoken_of).append(mention.start)


def _add_narration(
    narration: Narration,
    resolved: Mapping[int, Mapping[int, float]],
    offsets: dict[int, MentionOffsets],
) -> None:
    for mention in narration.mentions:
        for character, probability in resolved.get(mention.start, {}).items():
            if probability < _MEANT:
                continue
            own = offsets.setdefault(character, MentionOffsets())
            (own.named if mention.characters else own.meant).append(mention.start)
            if mention.role is GrammaticalRole.SUBJECT:
                own.acting.append(mention.start)


def distance_since(offsets: Sequence[int], at: int, limit: int) -> int:
    """Return the distance from the last offset before `at`, at most `limit`."""
    place = bisect_left(offsets, at)
    return min(limit, at - offsets[place - 1]) if place else limit


def distance_until(offsets: Sequence[int], at: int, limit: int) -> int:
    """Return the distance from `at` to the first offset from there on, at most `limit`."""
    place = bisect_left(offsets, at)
    return min(limit, offsets[place] - at) if place < len(offsets) else limit


def count_between(offsets: Sequence[int], start: int, end: int) -> int:
    """Return how many offsets lie in `[start, end)`."""
    return bisect_left(offsets, end) - bisect_left(offsets, start)
