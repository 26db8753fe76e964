"""Dynamic time warping of the frames of a clip with those of its words, which may be skipped.

H. Sakoe and S. Chiba, "Dynamic programming algorithm optimization for spoken word recognition",
IEEE Transactions on Acoustics, Speech, and Signal Processing 26 (1978); that words may be skipped,
and have silence between them, is added to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

SKIP = 0.5
"""Cost of skipping a word, for each of its frames. Costs and distances are in standard deviations
of the voice's frames (docs/voices.md)."""
SHORT = 3
"""Letters of a word, at most, for which that is doubled: `of` and `to` by themselves are spoken
otherwise than in a sentence."""
STRETCH = 0.3
"""Cost of a frame of the clip or of a word that has none of the other."""
STRAY = 1.0
"""Distance from silence, at most, of a frame between words: what is not silent is stray."""
_STEPS = (0, 1, 2, 3)
"""Frames of a word from one frame of the clip to the next."""
_ENTRY = len(_STEPS)  # as a step: to the first frame of a word
_LONGEST_PAUSE = 80  # frames: a longer one counts as time that the words take
_FAR = 1e9

Frames = NDArray[np.float64]
Numbers = NDArray[np.intp]
Steps = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Path:
    """What is found on the best path: the words skipped, and the mean cost of a frame, `misfit`.

    `pauses` and `stray` are the frames between words, of silence up to the longest pause, and of
    other sound.
    """

    skipped: tuple[int, ...]
    pauses: int
    stray: int
    misfit: float


@dataclass(frozen=True, slots=True)
class Track:
    """What a path may follow: words, with silence before, between and after them.

    `frames`, (count, coefficients), are those of all items; a silence has one. `first` and `last`
    are the indices of each item's, and `skip` the cost of skipping it. Words are the odd items.
    """

    frames: Frames
    first: Numbers
    last: Numbers
    skip: Frames

    @classmethod
    def of(cls, words: Sequence[str], spoken: Sequence[Frames], silence: Frames) -> Self:
        """Return the track of words, of which the frames are given, as is one of silence."""
        items, skip = [silence], [0.0]
        for word, frames in zip(words, spoken, strict=True):
            items += [frames, silence]
            skip += [SKIP * len(frames) * (2 if len(word) <= SHORT else 1), 0.0]
        ends = np.cumsum([len(item) for item in items])
        first = np.array([0, *ends[:-1]])
        return cls(np.concatenate(items), first, ends - 1, np.array(skip))

    def path(self, clip: Frames) -> Path:
        """Return the best path along the frames of a clip."""
        distances = self._distances(clip)
        steps, origins, cost = self._forward(distances)
        items = self._trace(steps, origins)
        between = items % 2 == 0
        stray = between & (distances[np.arange(len(clip)), self.first[items]] >= STRAY)
        words = np.flatnonzero(~between)
        inner = slice(words[0], words[-1]) if len(words) else slice(0)
        pauses = items[inner][(between & ~stray)[inner]]
        return Path(
            tuple(n for n in range(len(self.skip) // 2) if 2 * n + 1 not in items),
            int(np.minimum(np.bincount(pauses), _LONGEST_PAUSE).sum()),
            int(stray.sum()),
            cost / len(clip),
        )

    def _distances(self, clip: Frames) -> Frames:
        """Return the distance of each frame of a clip from each frame of the track."""
        products = clip @ self.frames.T
        squares = np.square(clip).sum(axis=1)[:, None] + np.square(self.frames).sum(axis=1)
        distances = np.sqrt(np.maximum(squares - 2 * products, 0.0) / clip.shape[1])
        silence = self.first[::2]
        distances[:, silence] = np.minimum(distances[:, silence], STRAY)
        return np.asarray(distances)

    def _forward(self, distances: Frames) -> tuple[Steps, Numbers, float]:
        """Find the best path to each frame of the track at each frame of the clip.

        Return the last step of each, (clip, track); the item by whose end each item was reached
        before each frame of the clip, 0 for the beginning and else its number plus 1; and the cost
        of the path through all.
        """
        reach = [_offset(self.first, len(self.frames), step) for step in _STEPS]
        skipped = np.concatenate([[0.0], np.cumsum(self.skip)])
        costs = np.full(len(self.frames), _FAR)
        steps = np.zeros(distances.shape, np.int8)
        origins = np.zeros((len(distances) + 1, len(skipped)), np.intp)
        ended = np.full(len(skipped), _FAR)
        ended[0] = 0.0
        for time, near in enumerate(distances):
            entries, origins[time] = _with_skips(ended, skipped)
            steps[time], costs = self._step(costs, entries, reach)
            costs += near
            ended[0] = _FAR
            ended[1:] = costs[self.last]
        entries, origins[-1] = _with_skips(ended, skipped)
        return steps, origins, float(entries[-1])

    def _step(
        self, costs: Frames, entries: Frames, reach: Sequence[Frames]
    ) -> tuple[Steps, Frames]:
        """Return the best last step to each frame of the track, and what it costs to be there."""
        choices = np.full((_ENTRY + 1, len(costs)), _FAR)
        for step, blocked in zip(_STEPS, reach, strict=True):
            choices[step, step:] = costs[: len(costs) - step]
            choices[step] += blocked
        choices[_ENTRY, self.first] = entries[:-1]
        best = choices.argmin(axis=0)
        return best.astype(np.int8), choices[best, np.arange(len(costs))]

    def _trace(self, steps: Steps, origins: Numbers) -> Numbers:
        """Return the item that each frame of the clip belongs to on the path through all."""
        items = np.zeros(len(steps), np.intp)
        item = int(origins[-1, -1]) - 1
        place = int(self.last[item])
        for time in range(len(steps) - 1, -1, -1):
            items[time] = item
            step = int(steps[time, place])
            if step != _ENTRY:
                place -= step
            elif time:
                item = int(origins[time, item]) - 1
                place = int(self.last[item])
        return items


def _offset(first: Numbers, count: int, step: int) -> Frames:
    """Return what a step costs to each frame of a track; it may not begin before the item."""
    extra = np.full(count, STRETCH * abs(step - 1))
    if step == 0:
        extra[first[::2]] = 0.0  # silence lasts as long as it likes
    for frame in range(step):
        inside = first + frame
        extra[inside[inside < count]] = _FAR
    return extra


def _with_skips(ended: Frames, skipped: Frames) -> tuple[Frames, Numbers]:
    """Return the least cost to reach the start of each item, and the item that was ended before.

    `ended` are the costs of paths to the end of each item, after that of the beginning, and
    `skipped` those of skipping all items before each.
    """
    reached = ended - skipped
    least = np.minimum.accumulate(reached)
    origins = np.maximum.accumulate(np.where(reached <= least, np.arange(len(ended)), 0))
    return least + skipped, origins
