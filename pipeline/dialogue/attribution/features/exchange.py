"""Features of the turns around a turn: who is guessed or tagged to speak them, and turn-taking."""

from collections.abc import Sequence

from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.features.groups import FeatureGroup, Row
from pipeline.dialogue.attribution.features.views import ChapterView, TurnView
from pipeline.dialogue.attribution.mention_offsets import (
    count_between,
    distance_since,
    distance_until,
)
from pipeline.dialogue.attribution.turns import Turn

FAR = 12  # turns from which on a distance is no longer counted
_RUN = 10  # turns on either side whose scores are summed
_NEAR = 8  # turns on either side over which a share is taken
_OFFSETS = (-4, -3, -2, -1, 1, 2, 3, 4)
_TWO_BEFORE, _TWO_AFTER = _OFFSETS.index(-2), _OFFSETS.index(2)


# --- guesses -------------------------------------------------------------------------------------


def _guess_values(view: TurnView) -> list[Row]:
    chapter, index = view.chapter, view.index
    guesses, count = chapter.guesses, len(chapter.guesses)
    before = guesses[index - 1] if index else {}
    after = guesses[index + 1] if index + 1 < count else {}
    top_before, top_after = max(before.values(), default=-1.0), max(after.values(), default=-1.0)
    near = [at for at in range(max(0, index - _NEAR), min(count, index + _NEAR + 1)) if at != index]
    rows: list[Row] = []
    for candidate in view.candidates:
        beside = [
            guesses[at].get(candidate, 0.0) if 0 <= (at := index + offset) < count else -1.0
            for offset in _OFFSETS
        ]
        best_turns = chapter.best_turns.get(candidate, [])
        around = [guesses[at].get(candidate, 0.0) for at in near]
        rows.append([
            *beside,
            distance_since(best_turns, index, FAR),
            distance_until(best_turns, index + 1, FAR),
            sum(around) / max(1, len(around)),
            chapter.shares.get(candidate, 0.0),
            count_between(best_turns, 0, index) / max(1, index),
            max(beside[_TWO_BEFORE], beside[_TWO_AFTER]),
            top_before,
            top_after,
        ])  # fmt: skip
    return rows


NEIGHBOURS = FeatureGroup(
    "neighbours",
    (
        *(f"guess {offset:+d}" for offset in _OFFSETS), "turns since", "turns until",
        "share around", "share of chapter", "share before", "speaks beside", "top before",
        "top after",
    ),
    _guess_values,
)  # fmt: skip


# --- anchors -------------------------------------------------------------------------------------


def _anchor_values(view: TurnView) -> list[Row]:
    chapter, index = view.chapter, view.index
    before = chapter.anchors[index - 1] if index else None
    after = chapter.anchors[index + 1] if index + 1 < len(chapter.anchors) else None
    run_before, run_after = _run_length(chapter, index, -1), _run_length(chapter, index + 1, 1)
    rows: list[Row] = []
    for candidate in view.candidates:
        own = chapter.anchored_turns.get(candidate, [])
        since, until = distance_since(own, index, FAR), distance_until(own, index + 1, FAR)
        rows.append([
            since,
            until + (until < FAR),
            since % 2 if since < FAR else -1,
            (until + 1) % 2 if until < FAR else -1,
            before == candidate,
            after == candidate,
            before is not None and before != candidate,
            after is not None and after != candidate,
            run_before if since < FAR else -1,
            run_after if until < FAR else -1,
        ])  # fmt: skip
    return rows


def _run_length(chapter: ChapterView, index: int, step: int) -> int:
    """Return how many turns touch this one without narration between, on one side."""
    size = 0
    while 0 < index < len(chapter.turns) and size < FAR and chapter.turns[index].gap == 0:
        size, index = size + 1, index + step
    return size


ANCHORS = FeatureGroup(
    "anchors",
    (
        "anchor since", "anchor until", "odd since", "odd until", "anchored before",
        "anchored after", "other before", "other after", "run since", "run until",
    ),
    _anchor_values,
)  # fmt: skip


# --- parity --------------------------------------------------------------------------------------


def _parity_values(view: TurnView) -> list[Row]:
    """Return what an unbroken exchange says of each candidate if two people alternate in it."""
    turns, index = view.chapter.turns, view.index
    first = index
    while first and index - first < _RUN and _is_unbroken(turns[first]):
        first -= 1
    end = index + 1
    while end < len(turns) and end - index < _RUN and _is_unbroken(turns[end]):
        end += 1
    rows = {c: _support(view, range(first, end), c) for c in view.candidates}
    return [
        [*row, row[-1] - _best_other_support(rows, candidate), index - first, end - 1 - index]
        for candidate, row in rows.items()
    ]


def _is_unbroken(turn: Turn) -> bool:
    return turn.gap == 0 and not turn.opens_scene and not turn.continues


def _support(view: TurnView, exchange: Sequence[int], candidate: int) -> Row:
    """Return a candidate's scores in the turns of its own parity and in the others."""
    own: list[float] = [0.0]
    other: list[float] = [0.0]
    for at in exchange:
        if at != view.index:
            score = max(-4.0, min(6.0, view.chapter.scores[at].get(candidate, -2.0)))
            (own if (at - view.index) % 2 == 0 else other).append(score)
    return [sum(own), sum(other), max(own), max(other), sum(own) - sum(other)]


def _best_other_support(rows: dict[int, Row], candidate: int) -> float:
    others = (row[-1] for other, row in rows.items() if other not in (candidate, NOBODY))
    return max(others, default=0.0)


PARITY = FeatureGroup(
    "parity",
    (
        "own support", "other support", "own best", "other best", "support", "support behind",
        "run before", "run after",
    ),
    _parity_values,
)  # fmt: skip
