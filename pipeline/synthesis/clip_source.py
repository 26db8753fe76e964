"""The cast of one book before the microphone: from lines to clips, and how loud each voice is."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from pipeline.casting.lookalikes import lookalikes
from pipeline.casting.similarity import Voiceprint, known_voiceprint
from pipeline.casting.voiceprint import measure
from pipeline.core.cache import JsonCache
from pipeline.core.errors import Problem
from pipeline.core.fingerprint import cache_key, program
from pipeline.core.workers import Workers, agreed
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.clip import Clip
from pipeline.model.script import Line, Script
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_requests import ClipRequests, naming
from pipeline.synthesis.delivery_effect import effect
from pipeline.synthesis.levels import PASSAGE, VoiceLevel, VoiceLevels, VoiceLoudness, level
from pipeline.synthesis.retakes import Retakes
from pipeline.synthesis.takes import Take, TakeMaker, spoken_in
from pipeline.tts.engines import registry

AHEAD = 3_000
"""Lines whose takes are remembered from when they are ordered until they are mixed."""

Answer = TypeVar("Answer")


class ClipSource:
    """Gives the clips of lines, spoken by the workers where the store does not have them."""

    def __init__(self, book: Book, cast: Cast, script: Script, store: ClipCache, workers: Workers):
        self._book = book
        self._cast = cast
        self._script = script
        self._booth = ClipRequests(store, workers)
        self._notes = JsonCache(store.root)
        self._mended = Retakes(self._notes)
        self._ordered: dict[int, tuple[Line, tuple[Take, ...]]] = {}
        self._voices = {name: cast.role(name).voice for name in script.speakers}
        self._workers = workers
        fingerprints = self._ask_of_each(registry.voice_fingerprint)
        self._casting = TakeMaker(cast, fingerprints, book.metadata.language or "en")

    @property
    def spoken(self) -> int:
        """How many clips were not in the store."""
        return self._booth.spoken

    def restrictions(self) -> Iterator[Problem]:
        """Tell of voices that may not be used commercially, all of them at once."""
        licences = self._ask_of_each(registry.restriction)
        told = [
            f"{voice} ({engine}, {found})" for (engine, voice), found in licences.items() if found
        ]
        if told:
            what = f"not for commercial use, by the licence of the voice: {', '.join(told)}"
            yield Problem(what, self._cast.path)

    def _ask_of_each(
        self, question: Callable[[str, str | None], Answer]
    ) -> dict[tuple[str, str | None], Answer]:
        """Ask a worker about each voice, by engine and id."""
        used = {(voice.engine, voice.id) for voice in self._voices.values()}
        asked = {each: self._workers.ask(question, *each) for each in sorted(used, key=str)}
        return {
            (engine, voice): agreed(told, f"{voice or 'the default voice'} of {engine}")
            for (engine, voice), told in asked.items()
        }

    def doubles(self) -> Iterator[Problem]:
        """Tell of main roles that sound alike; voices that are not known yet say the passage."""
        return lookalikes(self._cast, self._script, self._sounds)

    def _sounds(self, voice: Voice) -> Voiceprint:
        bent = voice.shift or voice.pitch not in (None, 50)
        found = None if bent else known_voiceprint(voice)
        if found is None:
            noted = self._noted("print", voice, lambda clips: asdict(measure(clips)))
            found = Voiceprint(noted["pitch"], tuple(noted["spectrum"]), noted["seconds"])
        return found

    def takes(self, line: Line) -> Iterator[Take]:
        """Give the takes that make up a line."""
        return self._casting.of(line)

    def recipe(self, line: Line) -> Sequence[object]:
        """Give all that decides how a line is spoken, as JSON can hold it."""
        return self._mended.recipe(self._casting.recipe(line))

    def mend(self, keys: Collection[str]) -> None:
        """Know that the clips of these keys are going to be replaced: no line keeps its recipe."""
        held = (line for line in self._script if any(t.key in keys for t in self.takes(line)))
        self._mended.add(map(self._casting.recipe, held))

    def order(self, line: Line) -> None:
        """Have a line spoken ahead of time."""
        takes = tuple(self.takes(line))
        if len(self._ordered) < AHEAD:  # speaking may be many hours ahead of mixing
            self._ordered[id(line)] = line, takes
        self._booth.order(takes)

    def unspoken(self, line: Line) -> float:
        """Estimate the seconds of a line's clips that are not in the store."""
        missing = (take for take in self.takes(line) if not self._booth.has([take]))
        return sum(spoken_in(take.text, take.voice) for take in missing)

    def clips(self, line: Line) -> Iterator[Clip]:
        """Give the clips of a line; EngineError names the line when it cannot be spoken."""
        _, takes = self._ordered.pop(id(line), (line, None))
        clips = self._booth.clips(self.takes(line) if takes is None else takes)
        return naming(line, self._place, clips)

    def _place(self, line: Line) -> Problem:
        row = line.row or self._book.line_number(line.start or 0)
        return Problem("", self._book.path, row)

    def levels(self, target: float) -> VoiceLevels:
        """Measure the voices of all who speak; `target` is in LUFS."""
        for voice in self._voices.values():
            self._booth.order(self._passages(voice))
        return level(self._voices.values(), self._own, target)

    def known_levels(self, target: float) -> VoiceLevels:
        """Measure those voices alone whose passage is in the store: nothing is spoken."""
        known = [v for v in self._voices.values() if self._booth.has(self._passages(v))]
        return level(known, self._own, target)

    def knows(self, line: Line, levels: VoiceLevels) -> bool:
        """Whether the voice of a line is among those that were measured."""
        return self._voices[line.speaker] in levels.voices

    def level(self, levels: VoiceLevels) -> Callable[[Line], VoiceLevel]:
        """Give the function that tells how a line is levelled: as its voice, and its delivery."""

        def level(line: Line) -> VoiceLevel:
            said = line.delivery if self._cast.delivery else None
            return levels.voices[self._voices[line.speaker]].raised(effect(said).gain)

        return level

    def _own(self, voice: Voice) -> VoiceLoudness:
        return VoiceLoudness(*self._noted("loudness", voice, VoiceLoudness.heard))

    def _passages(self, voice: Voice) -> Iterator[Take]:
        return self._casting.takes(PASSAGE, voice)

    def _noted(self, what: str, voice: Voice, measure: Callable[[Sequence[Clip]], Any]) -> Any:
        """Measure how a voice says the passage, or give what was found when it was measured."""
        takes = tuple(self._passages(voice))
        key = cache_key([program(), what, *(take.key for take in takes)])
        return self._notes.known(key, lambda: measure([*self._booth.clips(takes)]))
