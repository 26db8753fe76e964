"""A run of lines into one audio file: mixed, encoded, with its chapters in it."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from pipeline import mastering, tags
from pipeline.assemble import Cue, Mixer, Part, chapter_marks, parts
from pipeline.encode import Format, encoder
from pipeline.marks import Mark
from pipeline.meter import Meter
from pipeline.recording import Recipe, Recording, part_key
from pipeline.script import Line
from pipeline.specs import Aim

TAGS = 1 << 16
"""Bytes that tags may take beside the cover before an M4B has to be moved to make room."""

Laid = Callable[[Line, float], None]
"""Is told each line once it is in a file, and its seconds, pause included."""


@dataclass(frozen=True, slots=True)
class Tape:
    """A file that was recorded: its cues, its chapter marks, and how many parts were encoded."""

    path: Path
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]
    encoded: int

    @property
    def frames(self) -> int:
        """Length of the file in frames."""
        return self.marks[-1].end


@dataclass(frozen=True, slots=True)
class Desk:
    """All that recording takes but the lines.

    `order` asks for a line's clips ahead of time; `recipe` is all that decides how a line is
    spoken; `cache` is a folder for what can be used again; `art` is the size of the cover in
    bytes; `aim` is where the files have to land; `captioned` has the cues tell their rests.
    """

    form: Format
    mixer: Mixer
    order: Callable[[Line], None]
    recipe: Recipe
    cache: Path
    art: int
    aim: Aim
    captioned: bool = False

    @property
    def rate(self) -> int:
        """Frames a second."""
        return self.mixer.rate

    def kept(self, part: Part) -> bool:
        """Whether a part has been encoded before, and is kept."""
        if self.form.grain is None:
            return False
        key = part_key(part, self.mixer, self.recipe, self.form.grain)
        return encoder(self.form, self.rate, self.cache, self.cache).has(key)

    def tape(
        self,
        lines: Iterable[Line],
        out: Path,
        titles: Mapping[int, str],
        threads: Executor,
        laid: Laid,
    ) -> Tape:
        """Record lines to a file; `titles` are those of its chapters, by number."""
        lines = tuple(lines)
        mixer = self.mixer.raised(self._landing(lines)) if self.aim.between else self.mixer
        with encoder(self.form, self.rate, out, self.cache) as recorder:
            grain = self.form.grain or 1
            recording = Recording(mixer, recorder, grain, self.recipe, laid, self.captioned)
            cues = recording.record(lines, self.order, threads)
            marks = chapter_marks(cues, titles)
            recorder.finish(tags.titled(marks), self.art + TAGS)
        return Tape(out, cues, marks, recording.encoded)

    def _landing(self, lines: Iterable[Line]) -> float:
        """Hear the whole file once before it is made; give the dB that it has to be raised."""
        heard = Meter(self.rate)
        for part in parts(lines):
            for line in part.lines:
                self.order(line)
            for pcm in self.mixer.mix(part, lambda _: None):
                heard.add(pcm)
        return mastering.landing(heard, self.aim)
