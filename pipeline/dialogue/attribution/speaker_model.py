"""The model of who speaks: a forest that ranks the candidates, and networks that correct it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution.boosted_trees import Forest
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.conversation_cells import EXTRA_FEATURES, Conversation, Values
from pipeline.dialogue.attribution.conversation_network import ConversationNetwork
from pipeline.dialogue.attribution.features.table import NAMES

PASSES = 2
"""How many passes over a book there are; each uses the guesses of the one before."""
_FEATURES = (*NAMES, *EXTRA_FEATURES)
_SHIPPED = ("data", "speakers.json")

Scorer = Callable[[Values], NDArray[np.float64]]
"""Returns a score for each row of features, as a logarithm of odds, comparable within a turn."""
Corrector = Callable[[Conversation], Sequence[Probabilities]]
"""Returns the probabilities of each turn's candidates, from all turns of a chapter."""


@dataclass(frozen=True, slots=True)
class SpeakerModel:
    """The scorer of each pass, and what corrects the probabilities after each, if anything."""

    passes: Sequence[Scorer]
    corrector: Corrector | None = None


LOG_LINEAR_ALONE = SpeakerModel(())
"""A model without passes, which leaves the guesses of the log-linear model as they are."""


def dumps(forest: Forest, network: ConversationNetwork) -> str:
    """Return the text of a model file: the names of the features, the forest and the network."""
    data = {"features": _FEATURES, "forest": forest.to_json(), "network": network.to_json()}
    return json.dumps(data, separators=(",", ":"))


def loads(text: str) -> SpeakerModel:
    """Return the model of a file.

    Raises ValueError if it was trained on other features than those of `features.table` and
    `conversation_cells`.
    """
    data = json.loads(text)
    if tuple(data["features"]) != _FEATURES:
        raise ValueError(
            "the model was trained on other features than this version computes; train it again"
        )
    forest, network = data["forest"], data["network"]
    return SpeakerModel(
        (Forest.from_json(forest),) * PASSES, ConversationNetwork.from_json(network)
    )


@cache
def shipped() -> SpeakerModel:
    """Return the package's own model."""
    return loads(files("pipeline").joinpath(*_SHIPPED).read_text(encoding="utf-8"))
