"""A run of lines into one audio file: mixed, encoded, with its chapters in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key, code_fingerprint
from pipeline.export import mastering
from pipeline.export.encoding.encoder import Encoder
from pipeline.export.encoding.factory import encoder
from pipeline.export.encoding.formats import Format
from pipeline.export.part_recorder import PartRecorder
from pipeline.export.tags.chapters import titled
from pipeline.mix.mixer import Mixer
from pipeline.mix.parts import Part, split_into_parts
from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.cues import Cue, chapter_marks
from pipeline.model.delivery_spec import DeliveryTarget
from pipeline.model.script import Line

TAGS = 1 << 16
"""Bytes that tags may take beside the cover before an M4B has to be moved to make room."""

Recipe = Callable[[Line], Sequence[object]]
"""Gives all that decides how a line is spoken, as JSON can hold it."""

Laid = Callable[[Line, float], None]
"""Is told each line once it is in a file, and its seconds, pause included."""


def go_on() -> None:
    """Let it go on."""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file that was recorded: its cues, its chapter marks, and how many parts were encoded."""

    path: Path
    cues: tuple[Cue, ...]
    marks: tuple[ChapterMark, ...]
    encoded: int

    @property
    def frames(self) -> int:
        """Length of the file in frames."""
        return self.marks[-1].end


@dataclass(frozen=True, slots=True)
class FileRecorder:
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
    aim: DeliveryTarget
    captioned: bool = False

    @property
    def rate(self) -> int:
        """Frames a second."""
        return self.mixer.rate

    @property
    def grain(self) -> int:
        """Frames of which a part is a whole number."""
        return self.form.grain or 1

    def _parts(self, lines: Iterable[Line]) -> Iterator[Part]:
        """Cut a file's lines into what is encoded at once: parts that are joined, or all of it."""
        return (
            split_into_parts(lines) if self.form.grain else iter([Part(0, tuple(lines), last=True)])
        )

    def forecast(
        self, lines: Sequence[Line], knows: Callable[[Line], bool] = lambda _: True
    ) -> Iterator[tuple[Part, bool]]:
        """Give the parts of a file, and of each whether it is kept from when it was encoded before.

        `knows` tells whether the voice of a line has been measured.
        """
        lands = self.aim.loudness_range is None or all(map(knows, lines))
        gain = self._noted_landing(lines) if lands else None
        with self._encoder(self.cache, gain or 0.0) as recorder:
            for part in self._parts(lines):
                known = gain is not None and all(map(knows, part.lines))
                yield part, known and recorder.has(self._key(part))

    def tape(
        self,
        lines: Iterable[Line],
        out: Path,
        titles: Mapping[int, str],
        threads: Executor,
        laid: Laid,
        going: Callable[[], None] = go_on,
    ) -> RecordedFile:
        """Record lines to a file; `titles` are those of its chapters, by number.

        `going` is called for each line, and raises what is to end it.
        """
        lines = tuple(lines)

        def told(line: Line, seconds: float) -> None:
            going()
            laid(line, seconds)

        with self._encoder(out, self._landing(lines, going)) as recorder:
            recording = PartRecorder(
                self.mixer, recorder, self.grain, self._key, told, self.captioned
            )
            cues = recording.record(self._parts(lines), self.order, threads)
            marks = chapter_marks(cues, titles)
            recorder.finish(titled(marks), self.art + TAGS)
        return RecordedFile(out, cues, marks, recording.encoded)

    def _encoder(self, out: Path, raised: float) -> Encoder:
        """Give what encodes to a file that is `raised` by so many dB."""
        form = mastering.form(self.form, self.aim, raised)
        return encoder(form, self.rate, out, self.cache)

    def _key(self, part: Part) -> str:
        """Give the key of a part, 64 hexadecimal digits: all that decides its PCM."""
        said = [self.recipe(line) for line in part.lines]
        return cache_key([code_fingerprint("audio"), self.grain, self.mixer.recipe(part), said])

    def _landing(self, lines: Sequence[Line], going: Callable[[], None]) -> float:
        """Give the dB by which a file lands where it should; it is heard if it never was."""
        if self.aim.loudness_range is None:
            return 0.0
        found = JsonCache(self.cache).get_or_compute(
            self._landing_key(lines), lambda: self._heard(lines, going)
        )
        return float(found)

    def _noted_landing(self, lines: Sequence[Line]) -> float | None:
        """Give the dB by which a file lands where it should; None if it was never heard."""
        if self.aim.loudness_range is None:
            return 0.0
        gain: float | None = JsonCache(self.cache).read(self._landing_key(lines))
        return gain

    def _heard(self, lines: Iterable[Line], going: Callable[[], None]) -> float:
        """Hear the whole file before it is made; give the dB by which it lands."""
        heard = mastering.LoudnessPass(self.rate, self.aim)
        for part in split_into_parts(lines):
            for line in part.lines:
                self.order(line)
            for pcm in self.mixer.mix(part, lambda _: going()):
                heard.add(pcm)
        return heard.landing()

    def _landing_key(self, lines: Iterable[Line]) -> str:
        said = [self._key(part) for part in split_into_parts(lines)]
        return cache_key(["landing", said, repr(self.aim)])
