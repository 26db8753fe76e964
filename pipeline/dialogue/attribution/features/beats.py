"""Features of action beats: who acts, owns and is acted on beside a speech, in its paragraph.

A beat (`"No." He spat over the side. "Better ones."`) says who speaks as a tag does, but for the
beats that show how a listener takes it.
"""

from collections.abc import Iterable, Sequence

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.groups import KIND_CODES, FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import (
    MENTION_GENDERS,
    Mention,
    MentionKind,
    Narration,
)

_ABSENT = -1.0


def _beat_values(view: TurnView) -> list[Row]:
    own = [*view.before, *view.after]
    subjects = [
        _opening(view.before[:1], last=False),
        _opening(view.before[-1:], last=True),
        _opening(view.after[:1], last=False),
        _opening(view.after[-1:], last=True) if len(view.after) > 1 else None,
    ]
    kinds = [KIND_CODES[mention.kind] if mention else _ABSENT for mention in subjects[1:3]]
    objects = [
        mention
        for part in own
        for mention in part.mentions
        if mention.role is GrammaticalRole.OBJECT
    ]
    acting = [mention for part in own for mention in part.subjects()]
    fits = {candidate: _fits(view, candidate, acting) for candidate in view.candidates}
    return [
        [
            *(view.chapter.share(mention, candidate) for mention in subjects),
            *kinds,
            _most(view, acting, candidate),
            _most(view, objects, candidate),
            len(acting),
            fits[candidate],
            sum(fit > 0 for other, fit in fits.items() if other != candidate),
        ]
        for candidate in view.candidates
    ]


def _opening(parts: Sequence[Narration], *, last: bool) -> Mention | None:
    """Return whoever acts or owns at the head of a beat's first sentence, or of its last."""
    openings = (part.opening(part.sentences - 1 if last else 0) for part in parts)
    return next(filter(None, openings), None)


def _most(view: TurnView, mentions: Iterable[Mention], candidate: int) -> float:
    shares = (view.chapter.share(mention, candidate) for mention in mentions)
    return max(shares, default=_ABSENT)


def _fits(view: TurnView, candidate: int, acting: Sequence[Mention]) -> float:
    """Return whether the first who acts may be the candidate by name, gender or as `I`."""
    if not acting:
        return _ABSENT
    mention = acting[0]
    if mention.characters:
        return float(candidate in mention.characters)
    is_first_person = candidate == view.chapter.book.first_person
    if candidate == NOBODY or is_first_person or mention.kind is MentionKind.I:
        return float(is_first_person and mention.kind is MentionKind.I)
    gender = view.chapter.names.genders[candidate]
    if mention.kind not in MENTION_GENDERS or gender is None:
        return 0.5
    return float(MENTION_GENDERS[mention.kind] is gender)


BEATS = FeatureGroup(
    "beats",
    (
        "beat first before", "beat last before", "beat first after", "beat last after",
        "beat kind before", "beat kind after", "beat actor", "beat object", "beat actors",
        "beat fits", "beat fits others",
    ),
    _beat_values,
)  # fmt: skip
