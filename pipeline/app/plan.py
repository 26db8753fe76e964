"""What a render is going to do: a dry run prints the totals, a render carries the plan out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from pipeline.app.cast_report import CastReport, cast_report
from pipeline.app.forecast import line_seconds
from pipeline.app.order import RenderOrder
from pipeline.app.preparation import prepare, read_book, select_chapters
from pipeline.app.session import start_workers
from pipeline.core import disk
from pipeline.core.errors import Problem
from pipeline.core.messages import count, duration, listed, size
from pipeline.core.workers import Workers
from pipeline.export import mastering
from pipeline.export.encoding.formats import Format
from pipeline.export.file_recorder import FileRecorder
from pipeline.export.readalong import chapter_audio
from pipeline.export.sections import Section, estimated_sample, sections, with_credits
from pipeline.ingest.notices import notices
from pipeline.ingest.selection import left_out
from pipeline.mix.mixer import Mixer
from pipeline.mix.parts import Part
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast
from pipeline.model.delivery_spec import SAMPLE_LENGTH
from pipeline.model.script import Line, Script
from pipeline.model.server import ENGINE as SERVER_ENGINE
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_requests import OnClip
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.engine_speeds import seconds_to_synthesise
from pipeline.synthesis.levels import LineLevels
from pipeline.synthesis.takes import estimated_seconds
from pipeline.synthesis.voice_measurements import VoiceMeasurements

ASSUMED_RATE = 22_050
"""Frames a second of clips that are still to be spoken, while no voice has been measured."""
_NAMED = 3  # chapters that a dry run names


@dataclass(slots=True)
class RenderTotals:
    """The totals of a plan.

    Seconds are measured for clips in the cache and estimated for the others. `to_speak` maps the
    keys of missing clips to seconds: a text that one voice says twice is spoken once; `engines` has
    the seconds that each engine has to speak. Each of `parts` is a `unit`. `output_bytes` is the
    size of the book, `companion_bytes` that of what is written beside it; `clip_bytes` and
    `part_bytes` are what the cache grows by. `to_send` maps the keys of missing clips that the
    speech server at `server` is asked for to their characters, and `measuring` those that measure
    its voices. A dry run reports what each of the `roles` speaks, and how many passages are in
    other `languages` than the book.
    """

    lines: int = 0
    lines_to_speak: int = 0
    clips: int = 0
    to_speak: dict[str, float] = field(default_factory=dict)
    engines: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    seconds_to_encode: float = 0.0
    parts: int = 0
    parts_to_encode: int = 0
    chapters_to_encode: tuple[str, ...] = ()
    to_send: dict[str, int] = field(default_factory=dict)
    measuring: dict[str, int] = field(default_factory=dict)
    lines_to_send: int = 0
    server: str = ""
    unit: str = "part"
    output_bytes: float = 0.0
    companion_bytes: float = 0.0
    clip_bytes: float = 0.0
    part_bytes: float = 0.0
    roles: CastReport | None = None
    languages: Mapping[str, int] = field(default_factory=dict)

    @property
    def clips_to_speak(self) -> int:
        """Number of clips that are not in the cache."""
        return len(self.to_speak)

    @property
    def seconds_to_speak(self) -> float:
        """Estimated length in seconds of the clips that are not in the cache."""
        return sum(self.to_speak.values())


@dataclass(frozen=True)
class RenderPlan:
    """The files, voices and encoder of a render, and which of its parts are cached.

    `files` holds a section for each file of a folder, or one for a book in a single file;
    `script` has the lines of all of them. A plan made without measuring the voices (some are
    missing in `levels`) can be counted, but not recorded.
    """

    order: RenderOrder
    cast: Cast
    files: tuple[Section, ...]
    script: Script
    cache: ClipCache
    clips: ClipSource
    voices: VoiceMeasurements
    levels: LineLevels
    recorder: FileRecorder

    @classmethod
    def of(
        cls,
        order: RenderOrder,
        book: Book,
        cast: Cast,
        files: tuple[Section, ...],
        script: Script,
        workers: Workers,
        *,
        measure: bool = True,
        cover_bytes: int = 0,
        on_clip: OnClip | None = None,
        on_metered: Callable[[Line], None] | None = None,
    ) -> Self:
        """Plan the recording of `files`; with `measure`, unknown voices speak to be measured."""
        cache = ClipCache(order.cache)
        clips = ClipSource(
            book, cast, script, cache, workers, keep_going=order.keep_going, on_clip=on_clip
        )
        target = order.spec.target.lufs
        voices = VoiceMeasurements(cast, script, clips)
        levels = voices.levels(target) if measure else voices.cached_levels(target)
        recorder = _recorder(order, cast, clips, levels, cover_bytes)
        recorder = replace(recorder, on_metered=on_metered or recorder.on_metered)
        return cls(order, cast, files, script, cache, clips, voices, levels, recorder)

    def parts(self) -> Iterator[tuple[Part, bool]]:
        """Yield the parts of all files, and of each whether it is cached."""
        for section in self.files:
            yield from self.recorder.forecast(section.lines, self.levels.has)

    @cached_property
    def totals(self) -> RenderTotals:
        """Count lines, clips, parts, seconds and bytes, part by part."""
        totals = RenderTotals(unit="part" if self._format.joins_parts else "file")
        chapters: dict[int, None] = {}
        for part, is_cached in self.parts():
            seconds = sum(self._count_line(line, totals, is_cached) for line in part.lines)
            totals.seconds += seconds
            totals.parts += 1
            if not is_cached:
                totals.parts_to_encode += 1
                totals.seconds_to_encode += seconds
                chapters |= dict.fromkeys(line.chapter for line in part.lines)
        titles = self.script.chapters
        totals.chapters_to_encode = tuple(titles.get(number, "credits") for number in chapters)
        totals.lines = sum(len(section.lines) for section in self.files if not section.is_credits)
        totals.measuring = {
            take.key: len(take.text)
            for take in self.voices.missing_passages()
            if take.voice.engine == SERVER_ENGINE and take.key not in totals.to_send
        }
        totals.server = self.cast.server.url if self.cast.server else ""
        self._count_bytes(totals)
        return totals

    def check_disk_space(self) -> None:
        """Raise EncodeError when the output, or what the cache grows by, cannot fit on its disk.

        What is cached is looked up only when the disk of the cache could be too small for all of
        it: on a disk with room to spare nothing is counted clip by clip.
        """
        order = self.order
        seconds = sum(line_seconds(line, self.cast) for line in self.script)
        bytes_a_second = self._bytes_a_second
        output = bytes_a_second * (seconds + self._sample_seconds(seconds))
        needs = [disk.DiskNeed(order.out.parent, output + self._companion_bytes(seconds, output))]
        most = 2 * (bytes_a_second + 2 * self._rate) * seconds
        if disk.free_bytes(order.cache) < most:
            needs.append(disk.DiskNeed(order.cache, self.totals.clip_bytes))
            needs.append(disk.DiskNeed(order.cache, self.totals.part_bytes))
        disk.check_disk_space(needs)

    def _count_line(self, line: Line, totals: RenderTotals, is_cached: bool) -> float:
        """Count a line; return its seconds. Nothing is spoken for a part that is cached."""
        seconds = self.cast.seconds_after(line)
        missing, sent = False, False
        for take in self.clips.takes(line):
            known = self.cache.seconds(take.key)
            length = estimated_seconds(take.text, take.voice) if known is None else known
            if known is None and not is_cached:
                missing = True
                if take.key not in totals.to_speak:
                    engine = take.voice.engine
                    totals.engines[engine] = totals.engines.get(engine, 0.0) + length
                totals.to_speak[take.key] = length
                if take.voice.engine == SERVER_ENGINE and take.key not in totals.to_send:
                    sent = True
                    totals.to_send[take.key] = len(take.text)
            totals.clips += 1
            seconds += length
        totals.lines_to_speak += missing
        totals.lines_to_send += sent
        return seconds

    def _count_bytes(self, totals: RenderTotals) -> None:
        sample = self._sample_seconds(totals.seconds)
        totals.output_bytes = self._bytes_a_second * (totals.seconds + sample)
        totals.companion_bytes = self._companion_bytes(totals.seconds, totals.output_bytes)
        totals.clip_bytes = 2.0 * self._rate * totals.seconds_to_speak
        if self._format.cached and totals.parts_to_encode:
            totals.part_bytes = self._bytes_a_second * (totals.seconds_to_encode + sample)

    def _companion_bytes(self, seconds: float, output: float) -> float:
        """Estimate the size of the companions of an output of so many seconds and bytes."""
        of_chapters = chapter_audio.bytes_per_second(self.recorder, self._rate) * seconds
        copies = len({"epub", "web"}.intersection(self.order.companions))
        if copies == 1 and "epub" in self.order.companions:
            copies = 2  # its chapters are recorded first, and packed then
        return copies * of_chapters + ("lpf" in self.order.companions) * output

    def _sample_seconds(self, seconds: float) -> float:
        has_sample = self.order.split and self.order.spec.target.sample
        return estimated_sample(seconds, SAMPLE_LENGTH) if has_sample else 0.0

    @property
    def _bytes_a_second(self) -> float:
        return self._format.bytes_per_second(self.recorder.rate or ASSUMED_RATE)

    @property
    def _format(self) -> Format:
        return self.recorder.audio_format

    @property
    def _rate(self) -> int:
        return self.levels.rate or ASSUMED_RATE


def planned_files(order: RenderOrder, script: Script, metadata: Metadata) -> tuple[Section, ...]:
    """Return a section for each file of a folder, or one for a book in a single file."""
    return sections(script, metadata) if order.split else (Section("", script.lines),)


def plan_dry_run(
    order: RenderOrder, notify: Callable[[Problem], None] | None = None
) -> RenderTotals:
    """Count what a render of this order would speak and encode; nothing is spoken or written.

    `notify` is called as by `prepare`.
    """
    book = read_book(order.source, order.metadata, order.sections)
    if notify is not None:
        for problem in (*left_out(book), *notices(book)):
            notify(problem)
    with start_workers(replace(order, jobs=1)) as workers:
        cast, script = prepare(
            book,
            order.voices,
            workers,
            order.cache,
            notify=notify,
            save=False,
            engine=order.engine,
        )
        script = select_chapters(script, book, order.chapters)
        files = planned_files(order, script, book.metadata)
        whole = with_credits(script, files)
        plan = RenderPlan.of(order, book, cast, files, whole, workers, measure=False)
        languages = Counter(s.language for line in script for s in line.spans if s.language)
        return replace(plan.totals, roles=cast_report(script, cast), languages=languages)


def described(totals: RenderTotals, order: RenderOrder) -> str:
    """Describe the totals as a dry run prints them."""
    out_free, cache_free = map(disk.free_bytes, (order.out.parent, order.cache))
    return (
        f"{order.out}: about {duration(totals.seconds)} in {count(totals.lines, 'line')}\n"
        f"to speak: {count(totals.lines_to_speak, 'line')}, {totals.clips_to_speak:,} of "
        f"{count(totals.clips, 'clip')}, about {duration(totals.seconds_to_speak)}"
        f"{_described_time(totals, order.jobs)}\n"
        f"to encode: {_described_parts(totals)}\n"
        f"{_described_companions(totals, order)}"
        f"disk space: about {size(totals.output_bytes)} for the book ({size(out_free)} free), "
        f"{size(totals.clip_bytes + totals.part_bytes)} more in the cache "
        f"({size(cache_free)} free)"
        f"{_described_requests(totals)}{_described_languages(totals)}"
    )


def _described_time(totals: RenderTotals, jobs: int) -> str:
    """Describe how long the engines will speak, on a machine like the one they were measured on."""
    times = seconds_to_synthesise(totals.engines, jobs)
    times = {engine: seconds for engine, seconds in times.items() if seconds >= 1}
    if not times:
        return ""
    total = f"; that takes about {duration(sum(times.values()))} on {count(jobs, 'core')}"
    shares = ", ".join(f"{engine} {duration(seconds)}" for engine, seconds in times.items())
    return f"{total}: {shares}"


def _described_requests(totals: RenderTotals) -> str:
    """Describe the characters that a speech server is asked for, by which hosted ones are paid."""
    if not totals.to_send and not totals.measuring:
        return ""
    characters = sum(totals.to_send.values())
    text = f"{count(characters, 'character')} in {count(totals.lines_to_send, 'line')}"
    if totals.measuring:
        more = count(sum(totals.measuring.values()), "character")
        text += f", and {more} to measure its voices"
    return f"\nto send to {totals.server}: {text}"


def _described_languages(totals: RenderTotals) -> str:
    """Describe the passages in other languages, which the voice of their line reads as its own."""
    found = ", ".join(f"{tag} ({count(n, 'passage')})" for tag, n in totals.languages.items())
    return f"\nin other languages: {found}" if found else ""


def _described_parts(totals: RenderTotals) -> str:
    if not totals.chapters_to_encode:
        return "nothing"
    first = ", ".join(map(repr, totals.chapters_to_encode[:_NAMED]))
    more = len(totals.chapters_to_encode) - _NAMED
    named = f"{first} and {count(more, 'other chapter')}" if more > 0 else first
    return f"{totals.parts_to_encode:,} of {count(totals.parts, totals.unit)}, in {named}"


def _described_companions(totals: RenderTotals, order: RenderOrder) -> str:
    """Describe what else is written, and the disk space of the larger of it."""
    written = [*map(str, order.companion_paths.values())]
    if order.captions:
        kinds = listed([*order.captions], len(order.captions))
        written.append(f"captions of each file ({kinds})" if order.split else f"captions ({kinds})")
    if not written:
        return ""
    space = f", about {size(totals.companion_bytes)} more" if totals.companion_bytes else ""
    return f"to write beside it: {', '.join(written)}{space}\n"


def _recorder(
    order: RenderOrder, cast: Cast, clips: ClipSource, levels: LineLevels, cover_bytes: int
) -> FileRecorder:
    """Return the recorder of the order's format, at the rate that the spec asks for."""
    target = order.spec.target
    mixer = Mixer(
        clips.clips,
        levels.of,
        cast.pauses,
        target.rate or levels.rate,
        mastering.file_padding(target),
    )
    audio_format = mastering.mastered_format(order.format, target)
    if not (audio_format.joins_parts or order.split):
        audio_format = replace(audio_format, cached=False)  # each edit would leave a whole book
    return FileRecorder(
        audio_format=audio_format,
        target=target,
        mixer=mixer,
        speech=clips,
        cache=order.cache,
        cover_bytes=cover_bytes,
        keep_silences=bool(order.captions),
    )
