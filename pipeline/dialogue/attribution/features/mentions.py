"""Features of the mentions around a turn: how near, how often, and in what place."""

import math
from collections.abc import Callable, Iterable, Sequence

from pipeline.dialogue.attribution.features.candidates import MAX_CANDIDATES
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import TurnView
from pipeline.dialogue.attribution.mention_offsets import (
    MentionOffsets,
    count_between,
    distance_since,
    distance_until,
)
from pipeline.dialogue.attribution.narration import Mention, Narration

_FAR = 20000  # characters from which on a distance is no longer counted


def _distance_values(view: TurnView) -> list[Row]:
    start, end = view.start, view.end
    rank_named = _ranks(view, lambda offsets: offsets.named)
    rank_acting = _ranks(view, lambda offsets: offsets.acting)
    rows: list[Row] = []
    for candidate in view.candidates:
        at = view.offsets(candidate)
        rows.append([
            *_log_distances_since((at.named, at.acting, at.meant, at.spoken_of, at.called), start),
            *_log_distances_until((at.named, at.acting, at.spoken_of, at.called), end),
            *(count_between(at.named, start - size, start) for size in (300, 1000, 3000, 10000)),
            *(count_between(at.meant, start - size, start) for size in (300, 1000)),
            *(count_between(at.acting, start - size, start) for size in (1000, 3000)),
            *(count_between(at.named, end, end + size) for size in (300, 1000, 3000)),
            count_between(at.spoken_of, start - 3000, end + 3000),
            count_between(at.called, start - 1500, end + 1500),
            len(at.named),
            rank_named[candidate],
            rank_acting[candidate],
        ])  # fmt: skip
    return rows


def _log_distances_since(offsets: Iterable[Sequence[int]], start: int) -> list[float]:
    return [math.log1p(distance_since(own, start, _FAR)) for own in offsets]


def _log_distances_until(offsets: Iterable[Sequence[int]], end: int) -> list[float]:
    return [math.log1p(distance_until(own, end, _FAR)) for own in offsets]


def _ranks(view: TurnView, offsets: Callable[[MentionOffsets], list[int]]) -> dict[int, int]:
    """Return the candidates' places by how lately they were mentioned.

    The place is MAX_CANDIDATES for those not mentioned within _FAR characters.
    """
    distances = {
        candidate: distance_since(offsets(view.offsets(candidate)), view.start, _FAR)
        for candidate in view.candidates
    }
    order = sorted(distances, key=lambda candidate: distances[candidate])
    return {
        candidate: place if distances[candidate] < _FAR else MAX_CANDIDATES
        for place, candidate in enumerate(order)
    }


DISTANCES = FeatureGroup(
    "distances",
    (
        "since named", "since acting", "since meant", "since spoken of", "since called",
        "until named", "until acting", "until spoken of", "until called",
        "named in 300", "named in 1000", "named in 3000", "named in 10000",
        "meant in 300", "meant in 1000", "acting in 1000", "acting in 3000",
        "named in next 300", "named in next 1000", "named in next 3000", "spoken of in 3000",
        "called in 1500", "named in chapter", "rank named", "rank acting",
    ),
    _distance_values,
)  # fmt: skip


def _narration_values(view: TurnView) -> list[Row]:
    turn = view.turn
    places = [
        [mention for part in parts for mention in part.mentions]
        for parts in ([*view.before, *view.after], _existing(turn.lead), _existing(turn.follow))
    ]
    last = view.before[-1] if view.before else turn.lead
    acting = last.subjects(last.sentences - 1) if last else []
    after = view.after[0].subjects(0) if view.after else []
    subjects = (acting[:1], acting[-1:], after[:1])
    return [
        [
            *(value for mentions in places for value in _place_values(view, mentions, candidate)),
            *(view.chapter.share(next(iter(mentions), None), candidate) for mentions in subjects),
        ]
        for candidate in view.candidates
    ]


def _existing(part: Narration | None) -> list[Narration]:
    return [part] if part else []


def _place_values(view: TurnView, mentions: Sequence[Mention], candidate: int) -> Row:
    if not mentions:
        return [-1.0, -1.0, -1.0, -1.0]
    shares = [view.chapter.share(mention, candidate) for mention in mentions]
    named = sum(candidate in mention.characters for mention in mentions)
    return [sum(shares) / len(shares), named, shares[0], shares[-1]]


NARRATION = FeatureGroup(
    "narration",
    (
        *(
            f"{what} in {where}"
            for where in ("own", "lead", "follow")
            for what in ("share", "named", "first", "last")
        ),
        "opens the last sentence",
        "closes the last sentence",
        "acts first after",
    ),
    _narration_values,
)
