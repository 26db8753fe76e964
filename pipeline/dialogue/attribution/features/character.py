"""Features of the candidate as a character of the book, whatever the turn."""

import math

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.model.characters import Gender

_GENDER_CODES = {None: 0, Gender.MALE: 1, Gender.FEMALE: 2, Gender.NEUTRAL: 3}


def _character_values(view: TurnView) -> list[Row]:
    return [_row(view, candidate) for candidate in view.candidates]


def _row(view: TurnView, candidate: int) -> Row:
    book, rivals = view.chapter.book, view.candidates
    share = book.speech_shares.get(candidate, 0.0)
    if candidate == NOBODY:
        return [1, -1, -1, -1, -1, -1, share, len(rivals)]
    genders, character = book.names.genders, book.names.characters[candidate]
    others = [other for other in rivals if other not in (candidate, NOBODY)]
    return [
        0,
        _GENDER_CODES[genders[candidate]],
        sum(genders[other] is genders[candidate] for other in others),
        character.name.lower().startswith(("the ", "a ", "an ")),
        candidate == book.first_person,
        math.log1p(book.name_counts.get(candidate, 0)),
        share,
        len(rivals),
    ]


CHARACTER = FeatureGroup(
    "character",
    (
        "nobody", "gender", "like", "described", "tells", "log named", "share of book", "rivals",
    ),
    _character_values,
)  # fmt: skip
