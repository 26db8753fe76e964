"""A book as a folder that can be handed in: a file a chapter, credits, a sample, the cover.

Files are recorded under numbers and get their names and tags once all of them are there, for only
then is it known how many there are: a chapter that turns out too long is recorded as several.
"""

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from pipeline.core.workers import until_one_fails
from pipeline.export import captions, cover
from pipeline.export.file_recorder import FileRecorder, Laid, RecordedFile, go_on
from pipeline.export.sections import SAMPLE, Section, cut_long, file_name, sample
from pipeline.export.tags import tagging
from pipeline.model.book import Metadata
from pipeline.model.delivery_spec import SAMPLE_LENGTH
from pipeline.model.script import Line

COVER = "cover.jpg"


@dataclass(frozen=True, slots=True)
class FolderContents:
    """What is to be handed in, and what its files say of themselves.

    `titles` are the book's chapters by number, `captions` the kinds that go beside each file.
    """

    files: Sequence[Section]
    titles: Mapping[int, str]
    metadata: Metadata
    art: cover.Cover
    captions: Collection[str] = ()


def fill(
    folder: Path, handed: FolderContents, desk: FileRecorder, threads: Executor, laid: Laid
) -> tuple[RecordedFile, ...]:
    """Record, name and tag all files of a book into an empty folder; give them in reading order.

    The sample comes last, where the book is long enough for one. Raises PipelineError.
    """
    recorder = _Recorder(folder, desk, threads, handed.titles)
    aim = desk.aim
    most = round((aim.max_length - aim.head - (aim.tail or 0.0)) * desk.rate)
    recorded = zip(handed.files, recorder.all(handed.files, laid), strict=True)
    taped = list(_in_time(recorder, recorded, most))
    chapters = [tape.cues for section, tape in taped if not section.credits]
    if lines := sample(chapters, desk.rate, SAMPLE_LENGTH):
        section = Section(SAMPLE, lines)
        taped += zip([section], recorder.all([section], _unheard), strict=True)
    (folder / COVER).write_bytes(cover.square(handed.art).data)
    return tuple(
        _finished(tape, tagging.TrackNumber(number, len(taped), section.title), handed, desk.rate)
        for number, (section, tape) in enumerate(taped, 1)
    )


def _in_time(
    recorder: "_Recorder", taped: Iterable[tuple[Section, RecordedFile]], most: int
) -> Iterable[tuple[Section, RecordedFile]]:
    """Give the files, with those that last longer than `most` frames recorded as several."""
    for section, tape in taped:
        pieces = cut_long(section, tape.cues, most)
        if len(pieces) == 1:
            yield section, tape
        else:
            tape.path.unlink()
            yield from zip(pieces, recorder.all(pieces, _unheard), strict=True)


def _finished(
    tape: RecordedFile, track: tagging.TrackNumber, handed: FolderContents, rate: int
) -> RecordedFile:
    """Tag a file and give it its name."""
    tagging.write(tape.path, handed.metadata, tape.marks, rate, handed.art, track=track)
    name = file_name(track.title, tape.path.suffix[1:], track.number, track.total)
    path = tape.path.with_name(name)
    os.replace(tape.path, path)
    captions.write(path, handed.captions, tape.cues, rate, handed.metadata)
    return replace(tape, path=path)


class _Recorder:
    """Records files: side by side where a codec takes a file's parts one by one only."""

    def __init__(
        self, folder: Path, desk: FileRecorder, threads: Executor, titles: Mapping[int, str]
    ):
        self._folder = folder
        self._desk = desk
        self._threads = threads
        self._titles = titles
        self._numbers = count()

    def all(self, sections: Sequence[Section], laid: Laid) -> list[RecordedFile]:
        """Record sections; when one fails, those that are under way stop at their next line."""
        files = [(section, self._path()) for section in sections]
        if self._desk.form.grain:
            return [self._tape(each, path, self._threads, laid) for each, path in files]
        stopped = threading.Event()

        def alone(section: Section, path: Path) -> RecordedFile:
            with ThreadPoolExecutor(1, thread_name_prefix="file") as lane:
                return self._tape(section, path, lane, laid, going)

        def going() -> None:
            if stopped.is_set():
                raise CancelledError

        recorded = [self._threads.submit(alone, *each) for each in files]
        try:
            until_one_fails(recorded)
            return [future.result() for future in recorded if future.done()]
        finally:
            stopped.set()

    def _tape(
        self,
        section: Section,
        path: Path,
        threads: Executor,
        laid: Laid,
        going: Callable[[], None] = go_on,
    ) -> RecordedFile:
        chapters = {line.chapter for line in section.lines}
        own = dict.fromkeys(chapters, section.title)
        titles = own if len(chapters) == 1 else self._titles
        return self._desk.tape(section.lines, path, titles, threads, laid, going)

    def _path(self) -> Path:
        return self._folder / f"{next(self._numbers):06}.{self._desk.form.name}"


def _unheard(line: Line, seconds: float) -> None:
    """Tell nobody: the line was counted when it was recorded first."""
