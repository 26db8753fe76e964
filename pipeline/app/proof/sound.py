"""The sound of single lines, as a render has them: cached, out of a finished file, or spoken."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.app.audition.audition import find_trial
from pipeline.app.audition.line_selection import representative_lines
from pipeline.app.plan import ASSUMED_RATE
from pipeline.app.proof.finished_sound import FinishedSounds
from pipeline.app.timelines import sound_key
from pipeline.audio import wav
from pipeline.core.workers import Workers
from pipeline.mix.mixer import FilePadding, Mixer
from pipeline.mix.parts import Part
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.clip import Clip
from pipeline.model.delivery_spec import DEFAULT_SPEC
from pipeline.model.script import Line, Pause, Script
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.levels import VoiceLevel
from pipeline.synthesis.voice_measurements import VoiceMeasurements

_PADDING = FilePadding(head=0.05, tail=0.1)
_AUDITIONED = 2
"""Lines by which a voice is tried on a role."""


class LineSounds:
    """Speaks single lines of a book with the voices of a cast."""

    def __init__(
        self,
        book: Book,
        cache: ClipCache,
        workers: Workers,
        finished: FinishedSounds | None = None,
    ):
        self._book, self._cache, self._workers = book.without_text(), cache, workers
        self._finished = finished

    def line(self, line: Line, cast: Cast) -> bytes:
        """Return a line as a WAV file; raises EngineError.

        Without its clips it is cut out of a finished file, if it would sound there as it does now.
        """
        clips = self._clips((line,), cast)
        if self._finished is not None and not clips.requests.has(clips.takes(line)):
            clip = self._finished.clip(sound_key(line, cast, clips))
            if clip is not None:
                return wav.encode(clip)
        return self._spoken((line,), cast, clips)

    def wav(self, lines: Iterable[Line], cast: Cast) -> bytes:
        """Return some lines, one after another, as a WAV file; raises EngineError.

        A voice that a render has measured has the loudness that it has there; to measure another
        would take longer than to speak the line.
        """
        chosen = tuple(lines)
        return self._spoken(chosen, cast, self._clips(chosen, cast))

    def _spoken(self, lines: tuple[Line, ...], cast: Cast, clips: ClipSource) -> bytes:
        part = Part(0, lines, last=True)
        measurements = VoiceMeasurements(cast, Script(part.lines, {}), clips)
        levels = measurements.cached_levels(DEFAULT_SPEC.target.lufs)
        rate = levels.rate or ASSUMED_RATE

        def level(line: Line) -> VoiceLevel:
            return levels.of(line) if levels.has(line) else VoiceLevel(0.0)

        mixer = Mixer(clips.clips, level, cast.pauses, rate, _PADDING)
        pcm = b"".join(mixer.mix(part, lambda cue: None))
        return wav.encode(Clip(pcm, rate))

    def _clips(self, lines: tuple[Line, ...], cast: Cast) -> ClipSource:
        return ClipSource(self._book, cast, Script(lines, {}), self._cache, self._workers)

    def audition(self, script: Script, cast: Cast, name: str, voice: str) -> bytes:
        """Return lines of a role with another voice, `ENGINE:VOICE`; raises CastError."""
        role = cast.role(name)
        trial = replace(find_trial(role, voice, self._workers), name=role.name)
        own = [line for line in script if line.speaker == name]
        lines = representative_lines(own, _AUDITIONED)
        spoken = (replace(line, pause=Pause.PARAGRAPH) for line in lines)
        if name == cast.narrator.name:
            return self.wav(spoken, replace(cast, narrator=trial))
        return self.wav(spoken, replace(cast, roles={**cast.roles, role.name: trial}))
