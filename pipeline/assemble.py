"""From clips to one PCM stream and its cues, in bounded memory.

The book is cut into parts, each encoded by itself and joined again without a second encoding. A
part ends at the end of a chapter, or of a paragraph once it is long, so always in a pause.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import audio
from pipeline.engines.base import Clip
from pipeline.marks import Mark
from pipeline.script import Line, Pause

PART = 4_000
"""Characters after which a part ends with its paragraph: four to five minutes of speech."""


@dataclass(frozen=True, slots=True)
class Cue:
    """When a line sounds: `[start, end)` in frames, with `pause` frames of silence after it."""

    line: Line
    start: int
    end: int
    pause: int

    def later(self, frames: int) -> "Cue":
        """Give the same cue `frames` later."""
        return Cue(self.line, self.start + frames, self.end + frames, self.pause)


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one chapter that is encoded at once; `number` counts from 0."""

    number: int
    lines: tuple[Line, ...]


def parts(lines: Iterable[Line]) -> Iterator[Part]:
    """Cut lines into parts of about `PART` characters that end where a paragraph ends."""
    number = 0
    pending: list[Line] = []
    size = 0
    for line in lines:
        pending.append(line)
        size += len(line.text)
        in_paragraph = line.pause in (Pause.SENTENCE, Pause.SPEAKER)
        if line.pause is Pause.CHAPTER or (size >= PART and not in_paragraph):
            yield Part(number, tuple(pending))
            number, pending, size = number + 1, [], 0
    if pending:
        yield Part(number, tuple(pending))


class Mixer:
    """Lays clips and pauses one after another at one rate; the cues tell where.

    `takes` gives the clips of a line, `gain` the decibels by which it is raised, `pauses`
    the seconds of each pause.
    """

    def __init__(
        self,
        takes: Callable[[Line], Iterator[Clip]],
        gain: Callable[[Line], float],
        pauses: Mapping[Pause, float],
        rate: int,
    ):
        self.rate = rate
        self._takes = takes
        self._gain = gain
        self._pauses = {pause: round(seconds * rate) for pause, seconds in pauses.items()}

    def mix(
        self, part: Part, laid: Callable[[Cue], None], grain: int = 1, head: int = 0
    ) -> Iterator[bytes]:
        """Give the PCM of a part, piece by piece; `laid` is told its cues, counted from its start.

        `head` frames of silence come first. The last pause is stretched to fill a whole number of
        `grain` frames (a codec's frame), so that parts join without a seam; the cues know it.
        """
        position = head
        yield audio.silence(head)
        for line in part.lines:
            start = position
            for pcm in self._line(line):
                position += len(pcm) // 2
                yield pcm
            pause = self._pauses[line.pause]
            if line is part.lines[-1]:
                pause += -(position + pause) % grain
            laid(Cue(line, start, position, pause))
            position += pause
            yield audio.silence(pause)

    def _line(self, line: Line) -> Iterator[bytes]:
        gain = self._gain(line)
        clips = (audio.at_rate(audio.trimmed(clip), self.rate) for clip in self._takes(line))
        for number, clip in enumerate(clip for clip in clips if clip.frames):
            if number:
                yield audio.silence(self._pauses[Pause.SENTENCE])
            yield audio.faded(clip, gain).pcm


def timeline(parts_cues: Iterable[Iterable[Cue]]) -> Iterator[Cue]:
    """Give the cues of a whole book from those of its parts, each counted from its part's start."""
    start = 0
    for cues in parts_cues:
        length = 0
        for cue in cues:
            yield cue.later(start)
            length = cue.end + cue.pause
        start += length


def chapter_marks(cues: Sequence[Cue], titles: Mapping[int, str]) -> tuple[Mark, ...]:
    """Give the chapter marks: each where its first line begins, the first at 0, without gaps."""
    firsts: dict[int, int] = {}
    for cue in cues:
        firsts.setdefault(cue.line.chapter, cue.start)
    starts = [0, *list(firsts.values())[1:]]
    ends = [*starts[1:], cues[-1].end + cues[-1].pause]
    return tuple(map(Mark, (titles[number] for number in firsts), starts, ends))
