"""A run of lines into one audio file: mixed, encoded, with its chapters in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import mastering, tags
from pipeline.assemble import Cue, Mixer, Part, chapter_marks, parts
from pipeline.encode import Encoder, Format, encoder
from pipeline.identity import key_of
from pipeline.marks import Mark
from pipeline.recording import Recipe, Recording, part_key
from pipeline.script import Line
from pipeline.specs import Aim
from pipeline.store import Notes

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

    def parts(self, lines: Iterable[Line]) -> Iterator[Part]:
        """Cut a file's lines into what is encoded at once: parts that are joined, or all of it."""
        return parts(lines) if self.form.grain else iter([Part(0, tuple(lines), last=True)])

    def forecast(
        self, lines: Sequence[Line], knows: Callable[[Line], bool] = lambda _: True
    ) -> Iterator[tuple[Part, bool]]:
        """Give the parts of a file, and of each whether it is kept from when it was encoded before.

        `knows` tells whether the voice of a line has been measured.
        """
        lands = self.aim.between is None or all(map(knows, lines))
        gain = self._noted(lines) if lands else None
        raised = self._raised(gain or 0.0)
        with raised.encoder(self.cache) as recorder:
            for part in self.parts(lines):
                known = gain is not None and all(map(knows, part.lines))
                yield part, known and recorder.has(self._key(part))

    def tape(
        self,
        lines: Iterable[Line],
        out: Path,
        titles: Mapping[int, str],
        threads: Executor,
        laid: Laid,
        going: Callable[[], None] = lambda: None,
    ) -> Tape:
        """Record lines to a file; `titles` are those of its chapters, by number.

        `going` is called for each line, and raises what is to end it.
        """
        lines = tuple(lines)
        gain = self._noted(lines)
        raised = self._raised(self._heard(lines, going) if gain is None else gain)

        def told(line: Line, seconds: float) -> None:
            going()
            laid(line, seconds)

        with raised.encoder(out) as recorder:
            grain = self.form.grain or 1
            recording = Recording(self.mixer, recorder, grain, self.recipe, told, self.captioned)
            cues = recording.record(self.parts(lines), self.order, threads)
            marks = chapter_marks(cues, titles)
            recorder.finish(tags.titled(marks), self.art + TAGS)
        return Tape(out, cues, marks, recording.encoded)

    def encoder(self, out: Path) -> Encoder:
        """Give what encodes to a file."""
        return encoder(self.form, self.rate, out, self.cache)

    def _key(self, part: Part) -> str:
        return part_key(part, self.mixer, self.recipe, self.form.grain or 1)

    def _raised(self, gain: float) -> "Desk":
        """Give the same desk for a file that is `gain` dB louder."""
        return replace(self, form=mastering.form(self.form, self.aim, gain)) if gain else self

    def _noted(self, lines: Sequence[Line]) -> float | None:
        """Give the dB by which a file lands where it should; None if it was never heard."""
        if self.aim.between is None:
            return 0.0
        gain: float | None = Notes(self.cache).read(self._landing_key(lines))
        return gain

    def _heard(self, lines: Sequence[Line], going: Callable[[], None]) -> float:
        """Hear the whole file once before it is made; give the dB by which it lands."""
        heard = mastering.Rehearsal(self.rate, self.aim)
        for part in parts(lines):
            for line in part.lines:
                self.order(line)
            for pcm in self.mixer.mix(part, lambda _: going()):
                heard.add(pcm)
        gain = heard.landing()
        Notes(self.cache).write(self._landing_key(lines), gain)
        return gain

    def _landing_key(self, lines: Sequence[Line]) -> str:
        said = [self._key(part) for part in parts(lines)]
        return key_of(["landing", said, repr(self.aim)])
