"""Features of a turn's best tag: whom it names, and whom its pronoun or noun fits."""

from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution import tag_nouns
from pipeline.dialogue.attribution.dialogue_tags import DialogueTag
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.candidates import MAX_CANDIDATES
from pipeline.dialogue.attribution.features.groups import KIND_CODES, FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.narration import MENTION_GENDERS, MentionKind

_NOMINAL = len(KIND_CODES)  # added to the code where the tag has a common noun
_MIN_SALIENCE = -30.0  # sentences


# --- the tag itself ------------------------------------------------------------------------------


def _tag_values(view: TurnView) -> list[Row]:
    tag = view.best_tag()
    code, sure = _tag_code(tag), tag.sure if tag else -1
    meant = view.chapter.meaning(tag.speaker.start) if tag and tag.speaker else None
    fits = _gender_fits(view, tag)
    return [
        [
            code,
            sure,
            fits[candidate] if tag else -1,
            -1.0 if meant is None else meant.get(candidate, 0.0),
            len(view.turn.tags),
        ]
        for candidate in view.candidates
    ]


def _tag_code(tag: DialogueTag | None) -> float:
    if tag is None:
        return -1
    if tag.speaker is None:
        return 0
    return KIND_CODES[tag.speaker.kind] + (_NOMINAL if tag.speaker.nominal else 0)


def _gender_fits(view: TurnView, tag: DialogueTag | None) -> dict[int, float]:
    """Return how well each candidate's gender fits the tag's `he` or `she`, 0 to 1."""
    kind = tag.speaker.kind if tag and tag.speaker else None
    return {candidate: _gender_fit(view, candidate, kind) for candidate in view.candidates}


def _gender_fit(view: TurnView, candidate: int, kind: MentionKind | None) -> float:
    if candidate == NOBODY:
        return 0.0
    if kind not in (MentionKind.HE, MentionKind.SHE):
        return 0.75
    own = view.chapter.names.genders[candidate]
    return 0.5 if own is None else float(own is MENTION_GENDERS[kind])


TAG = FeatureGroup("tag", ("tag sort", "tag sure", "tag fits", "tag meets", "tags"), _tag_values)


# --- the candidates whom it fits -----------------------------------------------------------------


def _salience_values(view: TurnView) -> list[Row]:
    fits = _gender_fits(view, view.best_tag())
    salience = view.chapter.salience[view.index]
    salient = [c for c in view.candidates if fits[c] > 0 and c in salience]
    salient.sort(key=lambda candidate: -salience[candidate])
    fitting = sum(fit > 0 for fit in fits.values())
    return [
        [
            fitting,
            salient.index(candidate) if candidate in salient else MAX_CANDIDATES,
            _salience_behind(salience, salient, candidate),
        ]
        for candidate in view.candidates
    ]


def _salience_behind(
    salience: Mapping[int, float], salient: Sequence[int], candidate: int
) -> float:
    """Return by how many sentences a candidate is behind the most salient other who fits."""
    if candidate not in salience:
        return _MIN_SALIENCE
    top = next((salience[other] for other in salient if other != candidate), 0.0)
    return max(_MIN_SALIENCE, salience[candidate] - top)


TAG_SALIENCE = FeatureGroup(
    "tag salience", ("fitting", "seen place", "seen behind"), _salience_values
)


# --- its noun or name ----------------------------------------------------------------------------


def _name_values(view: TurnView) -> list[Row]:
    tag = view.best_tag()
    speaker = tag.speaker if tag else None
    noun = tag_nouns.head_noun(view.chapter.book.text, tag) if tag else None
    return [
        [
            *_noun_values(view, noun, candidate),
            1 + speaker.primary if speaker and candidate in speaker.characters else 0,
        ]
        for candidate in view.candidates
    ]


def _noun_values(view: TurnView, noun: str | None, candidate: int) -> Row:
    """Return whether the noun suits a candidate's names, their share of it, and if it exists."""
    book = view.chapter.book
    if noun is None:
        return [-1, -1, 0]
    suits = noun in book.role_nouns[candidate] if candidate != NOBODY else -1
    share = book.noun_shares[noun].get(candidate, 0.0) if noun in book.noun_shares else -1
    return [suits, share, 1]


TAG_NAME = FeatureGroup(
    "tag name", ("noun is office", "noun share", "noun", "named by tag"), _name_values
)
