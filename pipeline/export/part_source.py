"""The PCM of parts: clips are requested, mixed, and identified by a key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.core.fingerprint import cache_key, code_fingerprint
from pipeline.mix.mixer import Mixer
from pipeline.mix.parts import Part
from pipeline.model.cues import Cue
from pipeline.model.script import Line


class SpeechSource(Protocol):
    """What recording needs from the synthesis of the clips that the mixer mixes."""

    def request(self, line: Line) -> None:
        """Request the clips of a line ahead of time."""
        ...

    def recipe(self, line: Line) -> Sequence[object]:
        """Return everything that decides how a line is spoken, as JSON values."""
        ...


@dataclass(frozen=True, slots=True)
class PartSource:
    """The PCM of parts."""

    speech: SpeechSource
    mixer: Mixer

    def key(self, part: Part) -> str:
        """Return the cache key of a part: a hash of everything that decides its PCM."""
        recipes = [self.speech.recipe(line) for line in part.lines]
        return cache_key([code_fingerprint("audio"), self.mixer.recipe(part), recipes])

    def pcm(self, part: Part, on_cue: Callable[[Cue], None]) -> Iterator[bytes]:
        """Yield the PCM of a part block by block; `on_cue` receives each line's cue."""
        return self.mixer.mix(part, on_cue)
