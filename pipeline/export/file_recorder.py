"""Records lines into one audio file: parts mixed, encoded and joined, with chapters."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key
from pipeline.export import mastering
from pipeline.export.encoding.encoder import Encoder, open_encoder
from pipeline.export.encoding.formats import Format
from pipeline.export.part_recorder import OnLine, PartRecorder
from pipeline.export.part_source import PartSource, SpeechSource
from pipeline.export.tags.chapters import with_container_titles
from pipeline.mix.mixer import Mixer
from pipeline.mix.parts import Part, split_into_parts
from pipeline.model.chapter_marks import ChapterMark
from pipeline.model.cues import Cue, chapter_marks
from pipeline.model.delivery_spec import DeliveryTarget
from pipeline.model.script import Line

TAG_BYTES = 1 << 16
"""Bytes left free in an M4B for tags other than the cover, so that writing them moves no audio."""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A recorded file: its cues and chapter marks, and how many parts had to be encoded."""

    path: Path
    cues: tuple[Cue, ...]
    marks: tuple[ChapterMark, ...]
    encoded: int


@dataclass(frozen=True, slots=True)
class FileRecorder:
    """Records the files of one book.

    `mixer` mixes the clips of `speech`; `target` is what each file has to meet; `cache` is the
    cache folder; `cover_bytes` is the size of the cover that will be embedded; with `keep_silences`
    cues keep the silences that captions need. `on_metered` hears of each line that was mixed to
    measure the loudness of its file.
    """

    audio_format: Format
    target: DeliveryTarget
    mixer: Mixer
    speech: SpeechSource
    cache: Path
    cover_bytes: int = 0
    keep_silences: bool = False
    on_metered: Callable[[Line], None] = lambda line: None

    @property
    def rate(self) -> int:
        """Frames per second."""
        return self.mixer.rate

    def forecast(
        self, lines: Sequence[Line], is_measured: Callable[[Line], bool] = lambda _: True
    ) -> Iterator[tuple[Part, bool]]:
        """Yield the parts of a file, each with whether its encoded audio is cached.

        `is_measured` returns whether the loudness of a line's voice is known; without it, a part
        has no key and counts as not cached.
        """
        gain_is_known = self.target.loudness_range is None or all(map(is_measured, lines))
        gain = self._cached_gain(lines) if gain_is_known else None
        with self._encoder(self.cache, gain or 0.0) as encoder:  # only for its cache
            for part in self._parts(lines):
                key_is_known = gain is not None and all(map(is_measured, part.lines))
                yield part, key_is_known and encoder.has(self._source.key(part))

    def record(
        self,
        lines: Iterable[Line],
        out: Path,
        titles: Mapping[int, str],
        threads: Executor,
        on_line: OnLine,
        stop: threading.Event | None = None,
    ) -> RecordedFile:
        """Record lines to the file `out`; `titles` are those of its chapters, by number.

        Once `stop` is set, CancelledError is raised at the next line.
        """
        lines = tuple(lines)
        stop = stop or threading.Event()

        def report(line: Line, seconds: float) -> None:
            _raise_if_set(stop)
            on_line(line, seconds)

        with self._encoder(out, self._gain(lines, stop)) as encoder:
            recorder = PartRecorder(self._source, encoder, report, keep_silences=self.keep_silences)
            recorded = recorder.record(self._parts(lines), threads)
            marks = chapter_marks(recorded.cues, titles)
            encoder.finish(with_container_titles(marks), padding=self.cover_bytes + TAG_BYTES)
        return RecordedFile(out, recorded.cues, marks, recorded.encoded)

    @property
    def _source(self) -> PartSource:
        return PartSource(self.speech, self.mixer)

    def _parts(self, lines: Iterable[Line]) -> Iterator[Part]:
        """Yield the parts that are encoded one by one: the whole file if they cannot be joined."""
        if self.audio_format.joins_parts:
            return split_into_parts(lines)
        return iter([Part(0, tuple(lines), last=True)])

    def _encoder(self, out: Path, gain: float) -> Encoder:
        """Return the encoder of a file that is to be `gain` dB louder than its mix."""
        audio_format = mastering.mastered_format(self.audio_format, self.target, gain)
        return open_encoder(audio_format, self.rate, out, self.cache)

    def _gain(self, lines: Sequence[Line], stop: threading.Event) -> float:
        """Return the gain in dB by which a file meets its target; measured unless it is cached."""
        if self.target.loudness_range is None:
            return 0.0
        gain = JsonCache(self.cache).get_or_compute(
            self._gain_key(lines), lambda: self._measure_gain(lines, stop)
        )
        return float(gain)

    def _cached_gain(self, lines: Sequence[Line]) -> float | None:
        """Return the gain in dB by which a file meets its target; None if it is not cached."""
        if self.target.loudness_range is None:
            return 0.0
        gain: float | None = JsonCache(self.cache).read(self._gain_key(lines))
        return gain

    def _measure_gain(self, lines: Iterable[Line], stop: threading.Event) -> float:
        """Mix the whole file once, and measure the gain in dB by which it meets its target."""

        def on_cue(cue: Cue) -> None:
            _raise_if_set(stop)
            self.on_metered(cue.line)

        loudness = mastering.LoudnessPass(self.rate, self.target)
        for part in split_into_parts(lines):
            for line in part.lines:
                self.speech.request(line)
            for pcm in self.mixer.mix(part, on_cue):
                loudness.add(pcm)
        return loudness.gain()

    def _gain_key(self, lines: Iterable[Line]) -> str:
        keys = [self._source.key(part) for part in split_into_parts(lines)]
        return cache_key(["gain", keys, repr(self.target)])


def _raise_if_set(stop: threading.Event) -> None:
    if stop.is_set():
        raise CancelledError
