"""Which marks open and which close: the cheapest reading of a whole scene at once.

A scene's marks are read as a walk through three states for each group of marks: outside a speech,
inside one, inside a quotation within one. Each step costs what `pipeline.quotes.marks` says, and a
few more things cost: a speech without its closing mark, one without its opening mark, a speech
that goes on in a paragraph without a mark. The cheapest walk (the Viterbi algorithm) looks as far
ahead as the text needs, in time linear in the number of marks: a missing mark is paid once, where
it is missing, instead of turning every later mark round.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dialogue.quotations.marks import QuoteMark
from pipeline.dialogue.quotations.style import Group

_NEST, _UNNEST = 0.7, 0.2
_REOPEN = 1.5  # the speech before lacks its closing mark, in the same paragraph
_UNCLOSED = 1.9  # a speech ends with its paragraph, without a mark
_UNCLOSED_BEFORE_OPENING = 0.5  # so does every paragraph but the last of a long speech
_RUN_ON = 0.25  # a paragraph inside a speech that does not begin with a mark
_RUN_ON_BEFORE_OPENING = 2.2
_NO_OPENING = 1.6  # the speech that begins the paragraph lacks its opening mark
_FAR = 1e9


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph's marks, and whether it begins with an opening one."""

    marks: Sequence[QuoteMark]
    begins: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """How a paragraph's marks are read.

    `opens` and `closes` are places of marks in the text, in order and alternating, but that a
    speech may lack its first opening (`inside`: the paragraph begins within a speech) or its last
    closing (`open_end`). `run_on` says that the paragraph begins within the speech of the one
    before, rather than lacking a mark; `continued` that the next one goes on with its speech.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    inside: bool
    open_end: bool
    run_on: bool
    continued: bool


class _Walk:
    """The cheapest way to each state, and the steps that led there.

    State 0 is outside; 2k-1 is inside a speech of the k-th group, 2k in a quotation within it.
    """

    def __init__(self, groups: Sequence[Group]):
        self.inside = {group: 2 * k + 1 for k, group in enumerate(groups)}
        self.size = 2 * len(groups) + 1
        self.cost = [0.0] + [_FAR] * (self.size - 1)
        self.steps: list[tuple[int, ...]] = []

    def _take(self, edges: Sequence[tuple[int, int, float]]) -> None:
        cost, came = [_FAR] * self.size, [0] * self.size
        for source, target, price in edges:
            total = self.cost[source] + price
            if total < cost[target]:
                cost[target], came[target] = total, source
        self.cost = cost
        self.steps.append(tuple(came))

    def mark(self, mark: QuoteMark) -> None:
        """Read one mark."""
        speech = self.inside[mark.group]
        edges = [(state, state, 0.0) for state in range(1, self.size)]
        del edges[speech - 1 : speech + 1]
        edges += (
            (0, 0, mark.neither),
            (0, speech, mark.opening),
            (speech, 0, mark.closing),
            (speech, speech, mark.neither),
            (speech, speech + 1, mark.opening + _NEST),
            (speech + 1, speech, mark.closing + _UNNEST),
            (speech + 1, speech + 1, mark.neither),
        )
        self._take(edges)

    def boundary(self, marked: bool, begins: bool) -> None:
        """Pass from a paragraph with or without marks to one that does or does not begin with one.

        A long speech has an opening mark on each paragraph or on the first alone, not now and then.
        """
        stop = _UNCLOSED_BEFORE_OPENING if marked and begins else _UNCLOSED
        stay = _RUN_ON_BEFORE_OPENING if begins else _RUN_ON
        edges = [(0, 0, 0.0)]
        for speech in self.inside.values():
            edges += ((speech, 0, stop), (speech + 1, 0, stop + 1), (speech, speech, stay))
            edges += ((speech + 1, speech + 1, stay + 1),)
        self._take(edges)

    def entrance(self) -> None:
        """Stand at the first word of a paragraph, where an opening mark may be missing."""
        edges = [(state, state, 0.0) for state in range(self.size)]
        edges += ((0, speech, _NO_OPENING) for speech in self.inside.values())
        self._take(edges)

    def reopening(self, mark: QuoteMark) -> None:
        """Stand before a mark that may open a new speech though the last is not closed."""
        speech = self.inside[mark.group]
        edges = [(state, state, 0.0) for state in range(self.size)]
        edges.append((speech, 0, _REOPEN))
        self._take(edges)

    def states(self) -> list[int]:
        """The states of the cheapest walk that ends outside, one more than there are steps."""
        state = 0
        path = [state]
        for came in reversed(self.steps):
            state = came[state]
            path.append(state)
        path.reverse()
        return path


def read(scene: Sequence[MarkedParagraph]) -> list[Pairing]:
    """Read the marks of a scene's paragraphs; a speech never runs out of its scene."""
    groups = sorted({mark.group for paragraph in scene for mark in paragraph.marks})
    walk = _Walk(groups)
    for index, paragraph in enumerate(scene):
        walk.entrance()
        for mark in paragraph.marks:
            walk.reopening(mark)
            walk.mark(mark)
        following = scene[index + 1].begins if index + 1 < len(scene) else False
        walk.boundary(bool(paragraph.marks), following)
    return _readings(scene, walk.states())


def _readings(scene: Sequence[MarkedParagraph], states: list[int]) -> list[Pairing]:
    readings, step = [], 0
    for index, paragraph in enumerate(scene):
        run_on = states[step] != 0
        inside = states[step + 1] != 0
        step += 1
        opens: list[int] = []
        closes: list[int] = []
        for mark in paragraph.marks:
            before, ready, after = states[step : step + 3]
            step += 2
            if before and not ready:
                closes.append(mark.at)
            if not ready and after:
                opens.append(mark.at)
            elif ready and not after:
                closes.append(mark.at)
        open_end = states[step] != 0
        step += 1
        begins = index + 1 < len(scene) and scene[index + 1].begins
        continued = open_end and (states[step] != 0 or begins)
        readings.append(Pairing(tuple(opens), tuple(closes), inside, open_end, run_on, continued))
    return readings
