"""Features of the words spoken: names and titles in the turns around, and the speaker's style."""

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.turns import Turn
from pipeline.model.characters import Gender

_OFFSETS = (-2, -1, 0, 1, 2)


def _naming_values(view: TurnView) -> list[Row]:
    around = [view.chapter.turn_at(view.index + offset) for offset in _OFFSETS]
    return [
        [value for other in around for value in _called_and_spoken_of(other, candidate)]
        for candidate in view.candidates
    ]


def _called_and_spoken_of(turn: Turn | None, candidate: int) -> tuple[float, float]:
    """Return how surely a turn addresses a candidate, and how often it speaks of them."""
    called = spoken_of = 0.0
    for speech in turn.speeches if turn else ():
        for mention in speech.mentions:
            if candidate in mention.characters:
                called = max(called, mention.vocative / len(mention.characters))
                spoken_of += mention.vocative == 0
    return called, spoken_of


NAMING = FeatureGroup(
    "naming",
    tuple(f"{how} {offset:+d}" for offset in _OFFSETS for how in ("called", "spoken of")),
    _naming_values,
)


def _style_values(view: TurnView) -> list[Row]:
    style, genders = view.chapter.book.style, view.chapter.names.genders
    fits = {candidate: style.log_ratio(view.turn, candidate) for candidate in view.candidates}
    around = [view.chapter.turn_at(view.index + offset) for offset in _OFFSETS]
    addressed = [other.addressed_gender if other else None for other in around]
    rows: list[Row] = []
    for candidate, fit in fits.items():
        others = (value for c, value in fits.items() if c not in (candidate, NOBODY))
        gender = genders[candidate] if candidate != NOBODY else None
        titles = [_agreement(gender, other) for other in addressed]
        rows.append([fit, fit - max(others, default=0.0), *titles])
    return rows


def _agreement(gender: Gender | None, addressed: Gender | None) -> float:
    """Return 1 for the gender that a title addresses, -1 for another, 0 if one is unknown."""
    if gender is None or addressed is None:
        return 0.0
    return 1.0 if gender is addressed else -1.0


STYLE = FeatureGroup(
    "style",
    ("words", "words behind", *(f"title {offset:+d}" for offset in _OFFSETS)),
    _style_values,
)
