"""Features of the turn itself, the same for all its candidates."""

import math
import re

from pipeline.dialogue.attribution.features.exchange import FAR
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView, bounds

_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself)\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)


def _turn_values(view: TurnView) -> list[Row]:
    return [_row(view)] * len(view.candidates)


def _row(view: TurnView) -> Row:
    chapter, turn, index = view.chapter, view.turn, view.index
    text = chapter.book.text
    speech = text[view.start : view.end]
    previous, following = chapter.turn_at(index - 1), chapter.turn_at(index + 1)
    return [
        turn.gap,
        following.gap if following else -2,
        turn.opens_scene,
        following.opens_scene if following else 1,
        turn.continues,
        following.continues if following else 0,
        turn.resumes,
        turn.two_present,
        len(chapter.salience[index]),
        math.log1p(sum(part.length for part in turn.speeches)),
        len(turn.speeches),
        speech.rstrip().endswith("?"),
        _FIRST_PERSON.search(speech) is not None,
        _SECOND_PERSON.search(speech) is not None,
        text[bounds(previous)[1] - 1] == "?" if previous else -1,
        bool(previous.tags) if previous else -1,
        bool(following.tags) if following else -1,
        not (turn.before or turn.after),
        min(index, FAR),
        min(len(chapter.turns) - index, FAR),
        chapter.book.first_person is not None,
        len(turn.before),
        len(turn.after),
        math.log1p(len(chapter.names.genders)),
        chapter.book.tagged_share,
        chapter.book.described_share,
        chapter.book.beat_share,
    ]


TURN = FeatureGroup(
    "turn",
    (
        "gap", "next gap", "scene", "next scene", "continues", "next continues", "resumes", "pair",
        "present", "length", "parts", "asks", "says I", "says you", "was asked", "tagged before",
        "tagged after", "alone", "place", "turns left", "told by I", "before", "after", "cast",
        "tagged share", "described cast", "beat share",
    ),
    _turn_values,
)  # fmt: skip
