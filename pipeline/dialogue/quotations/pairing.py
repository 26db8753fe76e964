"""Pair opening and closing quotation marks: the cheapest reading of a whole scene.

Each group of marks has three states: outside a speech, inside one, inside a quotation within one.
A mark read as opening, as closing or as neither costs what `quote_marks` assigns to it; a missing
closing mark, a missing opening mark and a speech that runs on into a paragraph without a mark cost
extra. The Viterbi algorithm finds the cheapest state sequence in time linear in the number of
marks. It looks ahead as far as necessary: a missing mark is paid for once, where it is missing,
instead of inverting every later mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dialogue.quotations.quote_marks import QuoteMark
from pipeline.dialogue.quotations.quote_style import MarkGroup

_NEST, _UNNEST = 0.7, 0.2
_REOPEN = 1.5  # the previous speech lacks its closing mark, in the same paragraph
_REOPEN_AFTER_TAG = 0.5  # the narrator has spoken since, as in `"Stop, said Ann. "You first."`
_UNCLOSED = 1.9  # a speech ends with its paragraph, without a mark
_UNCLOSED_BEFORE_OPENING = 0.5  # as does every paragraph but the last of a long speech
_RUN_ON = 0.25  # a paragraph within a speech does not start with a mark
_RUN_ON_BEFORE_OPENING = 2.2
_NO_OPENING = 1.6  # the speech that starts the paragraph lacks its opening mark
_UNREACHABLE = 1e9

_OUTSIDE = 0


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph's marks, and whether the first of them opens the paragraph."""

    marks: Sequence[QuoteMark]
    opens: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """The reading of a paragraph's marks.

    `opens` and `closes` are offsets of marks in the text, in order and alternating. A speech may
    lack its first opening mark (`starts_inside`: the paragraph starts within a speech) or its last
    closing mark (`ends_inside`). `run_on`: the paragraph starts within the speech of the previous
    one rather than lacking a mark. `continued`: the next paragraph continues its last speech.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    starts_inside: bool
    ends_inside: bool
    run_on: bool
    continued: bool


class _Viterbi:
    """The cost of the cheapest path to each state, and the back pointers of each step.

    State 0 is outside; 2k-1 is inside a speech of the k-th group, 2k in a quotation within it.
    """

    def __init__(self, groups: Sequence[MarkGroup]):
        self._inside = {group: 2 * k + 1 for k, group in enumerate(groups)}
        self._size = 2 * len(groups) + 1
        self._costs = [0.0] + [_UNREACHABLE] * (self._size - 1)
        self._back_pointers: list[tuple[int, ...]] = []

    def enter_paragraph(self) -> None:
        """Allow for a missing opening mark at the first word of a paragraph."""
        edges = [(state, state, 0.0) for state in range(self._size)]
        edges += ((_OUTSIDE, speech, _NO_OPENING) for speech in self._inside.values())
        self._step(edges)

    def reopen(self, mark: QuoteMark) -> None:
        """Allow for a missing closing mark before a mark that may open another speech."""
        edges = [(state, state, 0.0) for state in range(self._size)]
        cost = _REOPEN_AFTER_TAG if mark.after_tag else _REOPEN
        edges.append((self._inside[mark.group], _OUTSIDE, cost))
        self._step(edges)

    def read_mark(self, mark: QuoteMark) -> None:
        """Read a mark as opening, as closing or as neither."""
        speech = self._inside[mark.group]
        nested = speech + 1
        edges = [(s, s, 0.0) for s in range(1, self._size) if s not in (speech, nested)]
        edges += (
            (_OUTSIDE, _OUTSIDE, mark.neither),
            (_OUTSIDE, speech, mark.opening),
            (speech, _OUTSIDE, mark.closing),
            (speech, speech, mark.neither),
            (speech, nested, mark.opening + _NEST),
            (nested, speech, mark.closing + _UNNEST),
            (nested, nested, mark.neither),
        )
        self._step(edges)

    def leave_paragraph(self, has_marks: bool, next_opens: bool) -> None:
        """Pass to the next paragraph, given whether its first mark opens it.

        A long speech has an opening mark on every paragraph or on the first alone, not on some.
        """
        stop = _UNCLOSED_BEFORE_OPENING if has_marks and next_opens else _UNCLOSED
        stay = _RUN_ON_BEFORE_OPENING if next_opens else _RUN_ON
        edges = [(_OUTSIDE, _OUTSIDE, 0.0)]
        for speech in self._inside.values():
            nested = speech + 1
            edges += ((speech, _OUTSIDE, stop), (nested, _OUTSIDE, stop + 1))
            edges += ((speech, speech, stay), (nested, nested, stay + 1))
        self._step(edges)

    def _step(self, edges: Sequence[tuple[int, int, float]]) -> None:
        costs, sources = [_UNREACHABLE] * self._size, [0] * self._size
        for source, target, cost in edges:
            total = self._costs[source] + cost
            if total < costs[target]:
                costs[target], sources[target] = total, source
        self._costs = costs
        self._back_pointers.append(tuple(sources))

    def states(self) -> list[int]:
        """Return the states of the cheapest path that ends outside: one more than the steps."""
        state = _OUTSIDE
        path = [state]
        for sources in reversed(self._back_pointers):
            state = sources[state]
            path.append(state)
        path.reverse()
        return path


def pair_marks(scene: Sequence[MarkedParagraph]) -> list[Pairing]:
    """Pair the marks of a scene's paragraphs; no speech extends beyond the scene."""
    viterbi = _Viterbi(sorted({mark.group for paragraph in scene for mark in paragraph.marks}))
    next_opens = [*(paragraph.opens for paragraph in scene[1:]), False]
    for paragraph, opens in zip(scene, next_opens, strict=True):
        viterbi.enter_paragraph()
        for mark in paragraph.marks:
            viterbi.reopen(mark)
            viterbi.read_mark(mark)
        viterbi.leave_paragraph(bool(paragraph.marks), opens)
    states, step = viterbi.states(), 0
    pairings = []
    for paragraph, opens in zip(scene, next_opens, strict=True):
        steps = 2 + 2 * len(paragraph.marks)
        pairings.append(_pairing(paragraph.marks, states[step : step + steps + 1], opens))
        step += steps
    return pairings


def _pairing(marks: Sequence[QuoteMark], states: Sequence[int], next_opens: bool) -> Pairing:
    """Return the pairing for the states before, between and after a paragraph's steps."""
    opens: list[int] = []
    closes: list[int] = []
    for index, mark in enumerate(marks):
        before, ready, after = states[1 + 2 * index : 4 + 2 * index]
        if before and not ready:
            closes.append(mark.offset)
        if not ready and after:
            opens.append(mark.offset)
        elif ready and not after:
            closes.append(mark.offset)
    ends_inside = states[-2] != _OUTSIDE
    return Pairing(
        opens=tuple(opens),
        closes=tuple(closes),
        starts_inside=states[1] != _OUTSIDE,
        ends_inside=ends_inside,
        run_on=states[0] != _OUTSIDE,
        continued=ends_inside and (states[-1] != _OUTSIDE or next_opens),
    )
