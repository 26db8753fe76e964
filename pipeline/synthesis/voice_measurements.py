"""How the voices of a script sound: levels and voiceprints, measured once per voice.

Every voice is measured on the same passage, and the result is cached.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.casting.lookalikes import lookalike_problems
from pipeline.casting.similarity import Voiceprint, known_voiceprint
from pipeline.casting.voiceprint import measure
from pipeline.core.errors import Problem
from pipeline.core.fingerprint import cache_key, code_fingerprint
from pipeline.model.cast import Cast
from pipeline.model.clip import Clip
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.levels import LineLevels, VoiceLoudness, level_voices
from pipeline.synthesis.takes import Take
from pipeline.synthesis.voice_queries import voices_by_speaker
from pipeline.tts.calibration import PASSAGE


class VoiceMeasurements:
    """Measure the voices of all speakers; `source` provides their clips of the passage."""

    def __init__(self, cast: Cast, script: Script, source: ClipSource):
        self._cast = cast
        self._script = script
        self._source = source
        self._speakers = voices_by_speaker(cast, script)

    def levels(self, target: float) -> LineLevels:
        """Level all voices to `target` in LUFS; those not measured yet are synthesised."""
        for voice in self._speakers.values():
            self._source.requests.request(self._passage(voice))
        return self._level(list(self._speakers.values()), target)

    def cached_levels(self, target: float) -> LineLevels:
        """Level the voices whose clips of the passage are cached; nothing is synthesised."""
        voices = self._speakers.values()
        cached = [v for v in voices if self._source.requests.has(self._passage(v))]
        return self._level(cached, target)

    def missing_passages(self) -> Iterator[Take]:
        """Yield the takes that `levels` would have synthesised."""
        for voice in dict.fromkeys(self._speakers.values()):
            yield from (t for t in self._passage(voice) if not self._source.requests.has([t]))

    def lookalikes(self) -> Iterator[Problem]:
        """Warn of main roles that sound alike; voices not measured yet are synthesised."""
        return lookalike_problems(self._cast, self._script, self._voiceprint)

    def _level(self, voices: Sequence[Voice], target: float) -> LineLevels:
        levels = level_voices(voices, self._loudness, target)
        return LineLevels(levels, self._speakers, self._cast.delivery_of)

    def _loudness(self, voice: Voice) -> VoiceLoudness:
        return VoiceLoudness(*self._measured("loudness", voice, VoiceLoudness.of_clips))

    def _voiceprint(self, voice: Voice) -> Voiceprint:
        altered = voice.shift or voice.pitch not in (None, 50)
        tabulated = known_voiceprint(voice)
        if tabulated is not None and (tabulated.embedding or not altered):
            return tabulated
        cached = self._measured("print", voice, lambda clips: asdict(measure(clips)))
        return Voiceprint(cached["pitch"], tuple(cached["spectrum"]))

    def _passage(self, voice: Voice) -> Iterator[Take]:
        return self._source.take_maker.takes(PASSAGE, voice)

    def _measured(self, what: str, voice: Voice, measure: Callable[[Sequence[Clip]], Any]) -> Any:
        """Return what was measured on a voice's clips of the passage, now or earlier."""
        takes = tuple(self._passage(voice))
        key = cache_key([code_fingerprint("voice"), what, *(take.key for take in takes)])
        clips = self._source.requests.clips
        return self._source.measurements.get_or_compute(key, lambda: measure([*clips(takes)]))
