"""The table of feature groups, and the rows of features made from it."""

from itertools import chain

from pipeline.dialogue.attribution.features.beats import BEATS
from pipeline.dialogue.attribution.features.candidates import candidates_of
from pipeline.dialogue.attribution.features.character import CHARACTER
from pipeline.dialogue.attribution.features.exchange import ANCHORS, NEIGHBOURS, PARITY
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.mentions import DISTANCES, NARRATION
from pipeline.dialogue.attribution.features.model import EVIDENCE, MODEL
from pipeline.dialogue.attribution.features.speech import NAMING, STYLE
from pipeline.dialogue.attribution.features.states import STATE
from pipeline.dialogue.attribution.features.tags import TAG, TAG_NAME, TAG_SALIENCE
from pipeline.dialogue.attribution.features.turn import TURN
from pipeline.dialogue.attribution.features.views import ChapterView, TurnView

GROUPS: tuple[FeatureGroup, ...] = (
    EVIDENCE,
    MODEL,
    TAG,
    TAG_SALIENCE,
    TAG_NAME,
    DISTANCES,
    NEIGHBOURS,
    NAMING,
    ANCHORS,
    PARITY,
    STYLE,
    NARRATION,
    BEATS,
    STATE,
    CHARACTER,
    TURN,
)
NAMES = tuple(name for group in GROUPS for name in group.features)
"""The names of all features, in the order of a row."""


def feature_rows(chapter: ChapterView, index: int) -> tuple[list[int], list[Row]]:
    """Return the candidates of a turn and the features of each."""
    candidates = candidates_of(chapter, index)
    turn = TurnView(chapter, index, candidates)
    by_group = [group.values(turn) for group in GROUPS]
    return candidates, [list(chain(*parts)) for parts in zip(*by_group, strict=True)]
