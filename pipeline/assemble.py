"""From clips to one PCM stream and its cues, in bounded memory.

The book is cut into parts, each encoded by itself and joined again without a second encoding. A
part ends with a chapter, or with a paragraph once it is long enough, so always in a pause.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from zlib import crc32

from pipeline import audio, room
from pipeline.engines.base import Clip
from pipeline.loudness import Level
from pipeline.marks import Mark
from pipeline.rests import Rests
from pipeline.script import Line, Pause

SHORTEST, LONGEST = 1_500, 6_000
"""Characters after which a part may end with its paragraph, and after which it does."""
FURTHER = 1_500
"""Characters beyond the shortest that a part has on the average."""


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


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one chapter that is encoded at once.

    `number` counts from 0; `last` tells that the file ends with it.
    """

    number: int
    lines: tuple[Line, ...]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """Seconds of room tone before a file's first sound and after its last.

    `close` is None where the last line's own pause ends the file.
    """

    lead: float = 0.5
    close: float | None = None


def parts(lines: Iterable[Line]) -> Iterator[Part]:
    """Cut lines into parts that end where a paragraph ends, two to six minutes of speech long.

    A chapter ends a part. Elsewhere the words themselves say where: the longer a paragraph, the
    likelier a part ends with it, by a checksum of its last line. Counting from the start of the
    book instead would move every later cut with the first edit, and with them all parts.
    """
    runs = _runs(lines)
    run = next(runs, None)
    for number in count():
        if run is None:
            return
        following = next(runs, None)
        yield Part(number, run, last=following is None)
        run = following


def _runs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    pending: list[Line] = []
    size = paragraph = 0
    for line in lines:
        pending.append(line)
        size += len(line.text)
        paragraph += len(line.text)
        if line.pause in (Pause.SENTENCE, Pause.SPEAKER):
            continue
        if line.pause is Pause.CHAPTER or _ends_part(line, paragraph, size):
            yield tuple(pending)
            pending, size = [], 0
        paragraph = 0
    if pending:
        yield tuple(pending)


def _ends_part(line: Line, paragraph: int, size: int) -> bool:
    """Whether a part of `size` characters ends with this line, the last of its paragraph."""
    if not SHORTEST <= size < LONGEST:
        return size >= LONGEST
    return crc32(line.text.encode()) * FURTHER < paragraph << 32


class Mixer:
    """Lays clips and pauses one after another at one rate, room tone under all; cues tell where.

    `takes` gives the clips of a line, `level` how its voice is levelled, `pauses` the seconds of
    each pause, `ends` those at the ends of a file.
    """

    def __init__(
        self,
        takes: Callable[[Line], Iterator[Clip]],
        level: Callable[[Line], Level],
        pauses: Mapping[Pause, float],
        rate: int,
        ends: Ends = Ends(),
    ):
        self.rate = rate
        self._takes = takes
        self._level = level
        self._pauses = {pause: round(seconds * rate) for pause, seconds in pauses.items()}
        self._lead = round(ends.lead * rate)
        self._close = None if ends.close is None else round(ends.close * rate)

    def mix(self, part: Part, laid: Callable[[Cue], None], grain: int = 1) -> Iterator[bytes]:
        """Give the PCM of a part, piece by piece; `laid` is told its cues, counted from its start.

        The last pause is stretched to fill a whole number of `grain` frames (a codec's frame), so
        that parts join without a seam; the cues know it.
        """
        position = 0 if part.number else self._lead
        yield room.pause(0, position, self.rate)
        for line in part.lines:
            start, rests = position, Rests(self.rate)
            for pcm in self._line(line, start):
                rests.add(pcm)
                position += len(pcm) // 2
                yield pcm
            pause = self._pause(line, part)
            if line is part.lines[-1]:
                pause += -(position + pause) % grain
            laid(Cue(line, start, position, pause, rests.found()))
            yield room.pause(position, pause, self.rate)
            position += pause

    def recipe(self, part: Part) -> Sequence[object]:
        """Give all that decides what is made of the clips of a part, as JSON can hold it."""
        lead = 0 if part.number else self._lead
        levels = [(level.gain, level.own) for level in map(self._level, part.lines)]
        pauses = [self._pause(line, part) for line in part.lines]
        return [self.rate, lead, levels, pauses, self._pauses[Pause.SENTENCE]]

    def _pause(self, line: Line, part: Part) -> int:
        if part.last and line is part.lines[-1] and self._close is not None:
            return self._close
        return self._pauses[line.pause]

    def _line(self, line: Line, position: int) -> Iterator[bytes]:
        level = self._level(line)
        trimmed = (audio.trimmed(clip) for clip in self._takes(line))
        for number, clip in enumerate(clip for clip in trimmed if clip.frames):
            if number:
                pause = self._pauses[Pause.SENTENCE]
                yield room.pause(position, pause, self.rate)
                position += pause
            heard = audio.at_rate(clip, self.rate)
            under = room.tone(position, heard.frames, self.rate)
            yield audio.faded(heard, level.of(clip), under).pcm
            position += heard.frames


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
