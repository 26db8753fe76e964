"""Where in a chapter each character is mentioned, and how, once its pronouns are understood."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.dialogue.attribution.narration import GrammaticalRole, Narration
from pipeline.dialogue.attribution.turns import Item, Turn

_MEANT = 0.5  # the share of a pronoun's meaning that counts as a mention
_CALLED = 0.5  # how surely somebody must be spoken to


@dataclass(slots=True)
class MentionPlaces:
    """Offsets into the text, in order: where one character is mentioned in each way."""

    named: list[int] = field(default_factory=list)
    acting: list[int] = field(default_factory=list)
    meant: list[int] = field(default_factory=list)
    spoken_of: list[int] = field(default_factory=list)
    called: list[int] = field(default_factory=list)


def collect(
    items: Sequence[Item], known: Mapping[int, Mapping[int, float]]
) -> dict[int, MentionPlaces]:
    """The places of all characters of a chapter; `known` tells whom each expression means."""
    found: dict[int, MentionPlaces] = {}
    for item in items:
        if isinstance(item, Turn):
            _hear(item, found)
        else:
            _read(item, known, found)
    for places in found.values():
        for offsets in (places.spoken_of, places.called):
            offsets.sort()  # a turn's later speeches may follow narration already read
    return found


def _hear(turn: Turn, found: dict[int, MentionPlaces]) -> None:
    for speech in turn.speeches:
        for address in speech.named:
            for who in address.who:
                places = found.setdefault(who, MentionPlaces())
                called = address.vocative > _CALLED
                (places.called if called else places.spoken_of).append(address.start)


def _read(
    narration: Narration, known: Mapping[int, Mapping[int, float]], found: dict[int, MentionPlaces]
) -> None:
    for ref in narration.refs:
        for who, share in known.get(ref.start, {}).items():
            if share < _MEANT:
                continue
            places = found.setdefault(who, MentionPlaces())
            (places.named if ref.who else places.meant).append(ref.start)
            if ref.role is GrammaticalRole.SUBJECT:
                places.acting.append(ref.start)


def since(offsets: Sequence[int], at: int, most: int) -> int:
    """Characters from the last of `offsets` before `at`, or `most`."""
    place = bisect_left(offsets, at)
    return min(most, at - offsets[place - 1]) if place else most


def until(offsets: Sequence[int], at: int, most: int) -> int:
    """Characters from `at` to the first of `offsets` from there on, or `most`."""
    place = bisect_left(offsets, at)
    return min(most, offsets[place] - at) if place < len(offsets) else most


def count(offsets: Sequence[int], start: int, end: int) -> int:
    """How many of `offsets` lie in `[start, end)`."""
    return bisect_left(offsets, end) - bisect_left(offsets, start)
