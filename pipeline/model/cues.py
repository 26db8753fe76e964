"""When each line sounds, in frames, and the chapter marks that follow from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.script import Line


@dataclass(frozen=True, slots=True)
class Cue:
    """When a line sounds: `[start, end)` in frames, with a pause of `pause` frames after it.

    `rests` are the frames from `start` at which the voice begins and ends each of its rests.
    """

    line: Line
    start: int
    end: int
    pause: int
    rests: Sequence[int] = ()

    def later(self, frames: int) -> "Cue":
        """Give the same cue `frames` later."""
        return Cue(self.line, self.start + frames, self.end + frames, self.pause, self.rests)


def timeline(parts_cues: Iterable[Iterable[Cue]]) -> Iterator[Cue]:
    """Give the cues of a whole book from those of its parts, each counted from its part's start."""
    start = 0
    for cues in parts_cues:
        length = 0
        for cue in cues:
            yield cue.later(start)
            length = cue.end + cue.pause
        start += length


def chapter_marks(cues: Sequence[Cue], titles: Mapping[int, str]) -> tuple[ChapterMark, ...]:
    """Give the chapter marks: each where its first line begins, the first at 0, without gaps."""
    firsts: dict[int, int] = {}
    for cue in cues:
        firsts.setdefault(cue.line.chapter, cue.start)
    starts = [0, *list(firsts.values())[1:]]
    ends = [*starts[1:], cues[-1].end + cues[-1].pause]
    return tuple(map(ChapterMark, (titles[number] for number in firsts), starts, ends))
