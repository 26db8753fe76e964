"""Features of the paragraphs of narration that touch a turn: whose state they tell.

A paragraph between two speeches that tells what somebody does (`Ann sat down.`) mostly comes before
Ann's own speech; one that tells how somebody is (`Ann was pale.`) as often comes after it.
"""

from pipeline.core.data import word_set
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Mention, Narration
from pipeline.dialogue.attribution.subjects import words_after
from pipeline.dialogue.verbs import finite_forms

_ABSENT = -1.0
_REACH = 5  # words from whoever is mentioned to the verb
_CONTRACTED = frozenset({"s", "d", "m", "re", "ve", "ll"})


def _state_values(view: TurnView) -> list[Row]:
    parts = view.turn.lead, view.turn.follow
    states = [_mention_in_state(part, view.chapter.book.text) for part in parts]
    return [
        [
            _ABSENT if part is None else view.chapter.share(state, candidate, absent=0.0)
            for part, state in zip(parts, states, strict=True)
        ]
        for candidate in view.candidates
    ]


def _mention_in_state(part: Narration | None, text: str) -> Mention | None:
    """Return whoever opens a paragraph if its first verb tells how they are: `was`, `had gone`."""
    mention = part.opening(0) if part else None
    return mention if mention and _is_in_state(text, mention) else None


def _is_in_state(text: str, mention: Mention) -> bool:
    """Return whether an auxiliary is the verb of a mention: `Ann was pale`, `Her jaw was set`."""
    words = words_after(text, mention, _REACH)
    if mention.role is GrammaticalRole.OWNER:
        words = words[1 + (words[:1] == ["s"]) :]  # what is theirs may look like a verb: `hands`
    elif words and words[0] in _CONTRACTED:
        return True
    auxiliaries, forms = word_set("auxiliaries"), finite_forms()
    verbs = (w for w in words if w in auxiliaries or w in forms or w.endswith("ed"))
    return next(verbs, "") in auxiliaries


STATE = FeatureGroup("state", ("state in lead", "state in follow"), _state_values)
