"""The timeline: when each line sounds, in frames, and the chapter marks that follow from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.script import Line


@dataclass(frozen=True, slots=True)
class Cue:
    """When a line sounds: `[start, end)` in frames, with a pause of `pause` frames after it.

    `silences` are frames relative to `start`: alternately the beginning and the end of each short
    silence within the line.
    """

    line: Line
    start: int
    end: int
    pause: int
    silences: Sequence[int] = ()

    def shifted(self, frames: int) -> "Cue":
        """Return the same cue, `frames` later."""
        return Cue(self.line, self.start + frames, self.end + frames, self.pause, self.silences)


def timeline(parts_cues: Iterable[Iterable[Cue]]) -> Iterator[Cue]:
    """Yield the cues of a whole book, given each part's cues relative to that part's start."""
    start = 0
    for cues in parts_cues:
        length = 0
        for cue in cues:
            yield cue.shifted(start)
            length = cue.end + cue.pause
        start += length


def chapter_marks(cues: Sequence[Cue], titles: Mapping[int, str]) -> tuple[ChapterMark, ...]:
    """Return gapless chapter marks: each begins with its first line, the first one at frame 0."""
    firsts: dict[int, int] = {}
    for cue in cues:
        firsts.setdefault(cue.line.chapter, cue.start)
    starts = [0, *list(firsts.values())[1:]]
    ends = [*starts[1:], cues[-1].end + cues[-1].pause]
    return tuple(map(ChapterMark, (titles[number] for number in firsts), starts, ends))
