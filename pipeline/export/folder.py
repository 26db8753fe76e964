"""A book as a folder ready for delivery: a file for each chapter, credits, a sample, the cover.

Files are recorded under numbers. They get their names and tags at the end, when their total is
known: a chapter that turns out too long is recorded again as several files.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from pipeline.core.workers import until_one_fails
from pipeline.export import captions, cover
from pipeline.export.contents import AudiobookContents
from pipeline.export.file_recorder import FileRecorder, RecordedFile
from pipeline.export.part_recorder import OnLine
from pipeline.export.readalong.publication import AudioTrack, write_publication
from pipeline.export.sections import SAMPLE, Section, file_name, sample_lines, split_long
from pipeline.export.tags import tagging
from pipeline.export.tags.values import TagValues, TrackNumber
from pipeline.model.delivery_spec import SAMPLE_LENGTH, DeliveryTarget
from pipeline.model.script import Line

COVER_FILE = "cover.jpg"


@dataclass(frozen=True, slots=True)
class _RecordedSection:
    section: Section
    file: RecordedFile


def write_folder(
    folder: Path,
    contents: AudiobookContents,
    recorder: FileRecorder,
    threads: Executor,
    on_line: OnLine,
) -> tuple[RecordedFile, ...]:
    """Record, name and tag all files of a book in an empty folder; return them in reading order.

    The sample comes last, without a number, if the target asks for one and the book is long enough.
    Raises PipelineError, or OSError.
    """
    section_recorder = _SectionRecorder(folder, contents, recorder, threads)
    recorded = section_recorder.record(contents.sections, on_line)
    max_frames = _max_frames(recorder.target, recorder.rate)
    tracks = list(_within_length(recorded, max_frames, section_recorder))
    chapters = [track.file.cues for track in tracks if not track.section.is_credits]
    numbers = list(range(1, len(tracks) + 1))
    lines = sample_lines(chapters, recorder.rate, SAMPLE_LENGTH) if recorder.target.sample else ()
    if lines:
        tracks += section_recorder.record([Section(SAMPLE, lines)], _already_reported)
        numbers.append(0)  # outside the numbering: a library would play its chapters once more
    (folder / COVER_FILE).write_bytes(cover.square(contents.cover).data)
    labelled = tuple(
        _labelled(track, number, max(numbers), contents, recorder.rate)
        for number, track in zip(numbers, tracks, strict=True)
    )
    listed = [
        AudioTrack(file.path.name, track.section.title, file.marks[-1].end / recorder.rate)
        for number, track, file in zip(numbers, tracks, labelled, strict=True)
        if number
    ]
    write_publication(folder, listed, contents.metadata, COVER_FILE)
    return labelled


def _max_frames(target: DeliveryTarget, rate: int) -> int:
    """Return how long a file may be without the room tone at its ends."""
    return round((target.max_length - target.head - (target.tail or 0.0)) * rate)


def _within_length(
    recorded: Iterable[_RecordedSection], max_frames: int, recorder: "_SectionRecorder"
) -> Iterator[_RecordedSection]:
    """Yield the files; those that are too long are recorded again as several."""
    for track in recorded:
        pieces = split_long(track.section, track.file.cues, max_frames)
        if len(pieces) == 1:
            yield track
        else:
            track.file.path.unlink()
            yield from recorder.record(pieces, _already_reported)


def _labelled(
    recorded: _RecordedSection, number: int, total: int, contents: AudiobookContents, rate: int
) -> RecordedFile:
    """Tag a file, give it its name, and write its captions."""
    file, metadata = recorded.file, contents.metadata
    track = TrackNumber(number, total, recorded.section.title)
    tags = TagValues.of(
        metadata,
        file.marks,
        rate,
        cover=contents.cover,
        track=track,
        id3_version=contents.id3_version,
    )
    tagging.write(file.path, tags)
    name = file_name(track.title, file.path.suffix[1:], number, total)
    path = file.path.with_name(name)
    os.replace(file.path, path)
    captions.write(path, contents.captions, file.cues, rate, metadata)
    return replace(file, path=path)


class _SectionRecorder:
    """Records sections to numbered files in a folder.

    Files are recorded in parallel in formats whose parts cannot be.
    """

    def __init__(
        self, folder: Path, contents: AudiobookContents, recorder: FileRecorder, threads: Executor
    ):
        self._folder = folder
        self._contents = contents
        self._recorder = recorder
        self._threads = threads
        self._numbers = count()

    def record(self, sections: Sequence[Section], on_line: OnLine) -> list[_RecordedSection]:
        """Record sections; once one has failed, the others stop at their next line."""
        paths = [self._next_path() for _ in sections]
        if self._recorder.audio_format.joins_parts:
            return [
                self._record(section, path, self._threads, on_line)
                for section, path in zip(sections, paths, strict=True)
            ]
        stop = threading.Event()

        def record_alone(section: Section, path: Path) -> _RecordedSection:
            with ThreadPoolExecutor(1, thread_name_prefix="file") as thread:
                return self._record(section, path, thread, on_line, stop)

        recordings = [
            self._threads.submit(record_alone, section, path)
            for section, path in zip(sections, paths, strict=True)
        ]
        try:
            until_one_fails(recordings)
            return [recording.result() for recording in recordings if recording.done()]
        finally:
            stop.set()

    def _record(
        self,
        section: Section,
        path: Path,
        threads: Executor,
        on_line: OnLine,
        stop: threading.Event | None = None,
    ) -> _RecordedSection:
        chapters = {line.chapter for line in section.lines}
        own_title = dict.fromkeys(chapters, section.title)
        titles = own_title if len(chapters) == 1 else self._contents.titles
        file = self._recorder.record(section.lines, path, titles, threads, on_line, stop)
        return _RecordedSection(section, file)

    def _next_path(self) -> Path:
        return self._folder / f"{next(self._numbers):06}.{self._recorder.audio_format.name}"


def _already_reported(line: Line, seconds: float) -> None:
    """Report nothing: the line was reported when it was first recorded."""
