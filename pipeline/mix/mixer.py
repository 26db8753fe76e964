"""From clips to one PCM stream and its cues, in bounded memory.

The book is cut into parts, each encoded by itself and joined again without a second encoding. A
part ends with a chapter, or with a paragraph once it is long enough, so always in a pause.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.audio import editing
from pipeline.mix import room_tone
from pipeline.mix.parts import Part
from pipeline.mix.silences import SilenceDetector
from pipeline.model.clip import Clip
from pipeline.model.cues import Cue
from pipeline.model.script import Line, Pause
from pipeline.synthesis.levels import VoiceLevel


@dataclass(frozen=True, slots=True)
class Ends:
    """Seconds of room tone before a file's first sound and after its last.

    `close` is None where the last line's own pause ends the file.
    """

    lead: float = 0.5
    close: float | None = None


class Mixer:
    """Lays clips and pauses one after another at one rate, room tone under all; cues tell where.

    `takes` gives the clips of a line, `level` how its voice is levelled, `pauses` the seconds of
    each pause, `ends` those at the ends of a file.
    """

    def __init__(
        self,
        takes: Callable[[Line], Iterator[Clip]],
        level: Callable[[Line], VoiceLevel],
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
        yield room_tone.pause(0, position, self.rate)
        for line in part.lines:
            start, rests = position, SilenceDetector(self.rate)
            for pcm in self._line(line, start):
                rests.add(pcm)
                position += len(pcm) // 2
                yield pcm
            pause = self._pause(line, part)
            if line is part.lines[-1]:
                pause += -(position + pause) % grain
            laid(Cue(line, start, position, pause, rests.found()))
            yield room_tone.pause(position, pause, self.rate)
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
        trimmed = (editing.trimmed(clip) for clip in self._takes(line))
        for number, clip in enumerate(clip for clip in trimmed if clip.frames):
            if number:
                pause = self._pauses[Pause.SENTENCE]
                yield room_tone.pause(position, pause, self.rate)
                position += pause
            heard = editing.at_rate(clip, self.rate)
            under = room_tone.tone(position, heard.frames, self.rate)
            yield editing.faded(heard, level.of(clip), under).pcm
            position += heard.frames
