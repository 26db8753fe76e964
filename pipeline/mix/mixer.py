"""Clips and pauses to one PCM stream with its cues, in bounded memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from pipeline.audio import editing
from pipeline.mix import room_tone
from pipeline.mix.parts import PACKET_FRAMES, SEAM_FRAMES, Part, split_into_parts
from pipeline.mix.silences import SilenceDetector
from pipeline.model.clip import Clip
from pipeline.model.cues import Cue
from pipeline.model.script import Line, Pause
from pipeline.synthesis.levels import VoiceLevel


@dataclass(frozen=True, slots=True)
class FilePadding:
    """Seconds of room tone before the first sound of a file and after its last.

    With a `tail` of None the pause of the last line ends the file.
    """

    head: float = 0.5
    tail: float | None = None


class Mixer:
    """Mix clips and pauses into one stream at `rate` Hz, over continuous room tone.

    `clips` returns the clips of a line, `level` how its voice is levelled; `pauses` are in seconds.
    """

    def __init__(
        self,
        clips: Callable[[Line], Iterator[Clip]],
        level: Callable[[Line], VoiceLevel],
        pauses: Mapping[Pause, float],
        rate: int,
        padding: FilePadding = FilePadding(),
    ):
        self.rate = rate
        self._clips = clips
        self._level = level
        self._pauses = {pause: round(seconds * rate) for pause, seconds in pauses.items()}
        self._set_padding(padding)

    def padded(self, padding: FilePadding) -> "Mixer":
        """Return the same mixer for files with another padding."""
        other = copy(self)
        other._set_padding(padding)
        return other

    def _set_padding(self, padding: FilePadding) -> None:
        self._head = round(padding.head * self.rate)
        self._tail = None if padding.tail is None else round(padding.tail * self.rate)

    def mix(self, part: Part, on_cue: Callable[[Cue], None]) -> Iterator[bytes]:
        """Yield the PCM of a part piece by piece; call `on_cue` after each line.

        Cues count frames from the start of the part. A part that is a whole file is mixed as the
        parts that it would be split into.
        """
        origin = 0
        for piece in split_into_parts(part.lines):
            mixed = Part(part.number + piece.number, piece.lines, part.last and piece.last)
            for pcm in self._mix_piece(mixed, origin, on_cue):
                origin += len(pcm) // 2
                yield pcm

    def _mix_piece(self, part: Part, origin: int, on_cue: Callable[[Cue], None]) -> Iterator[bytes]:
        """Yield the PCM of a part that starts at frame `origin` of what is mixed.

        The last pause is stretched to a whole number of packets, and ends in the seam.
        """
        position = 0 if part.number else self._head
        yield room_tone.pcm(0, position, self.rate)
        for line in part.lines:
            start, silences = position, SilenceDetector(self.rate)
            for pcm in self._mix_line(line, start):
                silences.add(pcm)
                position += len(pcm) // 2
                yield pcm
            pause, seam = self._pause(line, part), 0
            if line is part.lines[-1]:
                pause, seam = max(pause, SEAM_FRAMES), SEAM_FRAMES
                pause += -(position + pause) % PACKET_FRAMES
            on_cue(Cue(line, origin + start, origin + position, pause, silences.bounds()))
            yield room_tone.pcm(position, pause - seam, self.rate)
            yield room_tone.pcm(-seam, seam, self.rate)
            position += pause

    def recipe(self, part: Part) -> Sequence[object]:
        """Return everything besides the clips that determines the PCM of a part, as JSON values."""
        head = 0 if part.number else self._head
        levels = [(level.gain, level.loudness) for level in map(self._level, part.lines)]
        pauses = [self._pause(line, part) for line in part.lines]
        return [self.rate, head, levels, pauses, self._pauses[Pause.SENTENCE]]

    def _pause(self, line: Line, part: Part) -> int:
        if part.last and line is part.lines[-1] and self._tail is not None:
            return self._tail
        return max(self._pauses[line.pause], round(line.silence * self.rate))

    def _mix_line(self, line: Line, position: int) -> Iterator[bytes]:
        level = self._level(line)
        trimmed = (editing.trim(clip) for clip in self._clips(line))
        for number, clip in enumerate(clip for clip in trimmed if clip.frames):
            if number:
                pause = self._pauses[Pause.SENTENCE]
                yield room_tone.pcm(position, pause, self.rate)
                position += pause
            resampled = editing.resample(clip, self.rate)
            background = room_tone.samples(position, resampled.frames, self.rate)
            yield editing.fade(resampled, level.clip_gain(clip), background).pcm
            position += resampled.frames
