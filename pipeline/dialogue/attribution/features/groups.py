"""What a group of features is."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.narration import MentionKind

Row = list[float]
"""The values of one candidate."""


@dataclass(frozen=True, slots=True)
class FeatureGroup:
    """Features computed together: `values` returns a row for each candidate of a turn."""

    name: str
    features: tuple[str, ...]
    values: Callable[[TurnView], list[Row]]


KIND_CODES = {kind: code for code, kind in enumerate(MentionKind, 1)}
"""The number by which the trees know a kind of mention."""
