"""The whole flow: a book in, one mastered, chaptered and tagged file (or a folder) out."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.app.cast_report import CastReport, measured_report
from pipeline.app.forecast import RenderForecast, line_seconds
from pipeline.app.narrators import narrators
from pipeline.app.order import RenderListener, RenderOrder
from pipeline.app.plan import RenderPlan, planned_files
from pipeline.app.preparation import prepare, read_book, select_chapters
from pipeline.app.session import Session, open_session
from pipeline.app.timelines import TimelineCache, sound_key
from pipeline.casting.speaker_names import uncast_speakers
from pipeline.casting.unused_lexicon import unused_entries
from pipeline.core import memory
from pipeline.core.errors import EncodeError, Problem, StoreError
from pipeline.export import cover
from pipeline.export.contents import AudiobookContents
from pipeline.export.cover import Cover
from pipeline.export.file_recorder import RecordedFile
from pipeline.export.folder import write_folder
from pipeline.export.sections import estimated_sample, with_credits
from pipeline.export.single_file import write_single_file
from pipeline.ingest.notices import notices
from pipeline.ingest.selection import left_out
from pipeline.model import authors
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast
from pipeline.model.chapter_marks import ChapterMark, concatenated
from pipeline.model.cues import Cue, timeline
from pipeline.model.delivery_spec import SAMPLE_LENGTH
from pipeline.model.script import Kind, Script
from pipeline.synthesis.voice_queries import (
    descriptions,
    licence_restrictions,
    limited_pitches,
    voices_by_speaker,
)

_LONG = 10_000
"""Lines, of some thirty hours, from which compacting the memory of a script is worth its time."""


@dataclass(frozen=True, slots=True)
class RenderJob:
    """What is to be heard: a script, its cast, the book it belongs to, and perhaps a cover."""

    book: Book
    cast: Cast
    script: Script
    art: Cover | None = None


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was made: `rate` in Hz, `spoken` clips and `encoded` parts that were not cached.

    `gaps` are the lines that could not be spoken. Several files (`files` are their names) stand one
    after another on one timeline. `roles` is what each role of the cast speaks.
    """

    out: Path
    rate: int
    cues: tuple[Cue, ...]
    marks: tuple[ChapterMark, ...]
    spoken: int
    metadata: Metadata
    encoded: int
    roles: CastReport
    files: tuple[str, ...] = ()
    gaps: tuple[Problem, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of the audio in seconds."""
        return self.marks[-1].end / self.rate


def render(order: RenderOrder, listener: RenderListener) -> RenderResult:
    """Render a book; raises PipelineError, and leaves no half-written output behind."""
    book = read_book(order.source, order.metadata, order.sections)
    art = _cover(order, book, listener)
    with open_session(order, listener.warning) as session:
        cast, script = prepare(
            book,
            order.voices,
            session.workers,
            order.cache,
            notify=listener.warning,
            write_cast=True,
            engine=order.engine,
        )
        script = select_chapters(script, book, order.chapters)
        _warn_of_oversights(order, RenderJob(book, cast, script), listener)
        shown = book if order.reads_along else book.without_text()
        book, repack = shown, _compacted(script)
        del script  # repacking needs the scattered original to be gone
        plan, recorded, metadata = _record(
            order, RenderJob(book, cast, repack(), art), session, listener
        )
        _remember_timelines(plan, recorded)
        return _result(plan, recorded, metadata)


def render_script(order: RenderOrder, job: RenderJob, listener: RenderListener) -> RenderResult:
    """Render a script made by the program itself; raises PipelineError as `render` does."""
    with open_session(order, listener.warning) as session:
        return _result(*_record(order, job, session, listener))


def _record(
    order: RenderOrder, job: RenderJob, session: Session, listener: RenderListener
) -> tuple[RenderPlan, Sequence[RecordedFile], Metadata]:
    """Plan the recording, check that it fits on the disks, and carry it out.

    Returns the plan, what was recorded, and the metadata in the tags.
    """
    files = planned_files(order, job.script, job.book.metadata)
    script = with_credits(job.script, files)
    listener.started(script, _forecast(order, job.cast, script))
    art = job.art or cover.draw(job.book.metadata.title, job.book.metadata.author)
    plan = RenderPlan.of(
        order,
        job.book,
        job.cast,
        files,
        script,
        session.workers,
        cover_bytes=len(art.data),
        on_clip=listener.clip_spoken,
        on_metered=listener.line_metered,
    )
    restrictions = licence_restrictions(session.workers, job.cast, script)
    pitches = limited_pitches(session.workers, job.cast, script)
    for problem in (*restrictions, *pitches, *plan.voices.lookalikes()):
        listener.warning(problem)
    plan.check_disk_space()
    metadata = _with_narrators(job.book.metadata, job.cast, script, session)
    recorded = _record_files(plan, replace(job.book, metadata=metadata), art, session, listener)
    return plan, recorded, metadata


def _forecast(order: RenderOrder, cast: Cast, script: Script) -> RenderForecast:
    """Forecast a render, with the sample and the read-along that are recorded after the book."""
    target = order.spec.target
    seconds = sum(line_seconds(line, cast) for line in script)
    more = estimated_sample(seconds, SAMPLE_LENGTH) if order.split and target.sample else 0.0
    if order.reads_along and not order.format.joins_parts:
        more += seconds
    return RenderForecast.of(
        script,
        cast,
        order.jobs,
        metered=target.loudness_range is not None,
        recorded_afterwards=more,
    )


def _record_files(
    plan: RenderPlan,
    book: Book,
    art: Cover,
    session: Session,
    listener: RenderListener,
) -> Sequence[RecordedFile]:
    """Record and tag a single file, or all files of a folder, and what goes beside it."""
    titles = plan.script.chapters
    order = plan.order
    contents = AudiobookContents(
        plan.files, titles, book.metadata, art, order.captions, order.id3_version
    )
    write = write_folder if order.split else write_single_file
    recorded = write(session.work, contents, plan.recorder, session.threads, listener.line_finished)
    if order.companions:
        from pipeline.app.companions import write_companions  # noqa: PLC0415 - it brings Jinja2

        write_companions(plan, session, contents, book)
    return recorded


def _remember_timelines(plan: RenderPlan, recorded: Sequence[RecordedFile]) -> None:
    """Record where each line stands in the files, so that the proof page can play it from them."""
    out = plan.order.out
    with suppress(StoreError):  # the book is finished, and worth more than this
        timelines = TimelineCache(plan.order.cache)
        for file in recorded:
            lines = {sound_key(cue.line, plan.cast, plan.clips): cue for cue in file.cues}
            path = out / file.path.name if plan.order.split else out
            timelines.remember(file.path, path, plan.recorder.rate, lines)


def _result(plan: RenderPlan, recorded: Sequence[RecordedFile], metadata: Metadata) -> RenderResult:
    """Put the files on one timeline."""
    cues = tuple(timeline(file.cues for file in recorded))
    return RenderResult(
        out=plan.order.out,
        rate=plan.recorder.rate,
        cues=cues,
        marks=tuple(concatenated([file.marks for file in recorded])),
        spoken=plan.clips.spoken,
        metadata=metadata,
        encoded=sum(file.encoded for file in recorded),
        roles=_roles(plan, cues),
        files=tuple(file.path.name for file in recorded),
        gaps=tuple(dict.fromkeys(plan.clips.gaps)),  # a chapter may be recorded twice
    )


def _roles(plan: RenderPlan, cues: Sequence[Cue]) -> CastReport:
    """Return what each role speaks in the book, without credits and sample."""
    frames = {id(cue.line): cue.end - cue.start + cue.pause for cue in cues}
    lines = (line for section in plan.files if not section.is_credits for line in section.lines)
    rate = plan.recorder.rate
    return measured_report(((line, frames.get(id(line), 0) / rate) for line in lines), plan.cast)


def _cover(order: RenderOrder, book: Book, listener: RenderListener) -> Cover | None:
    """Return the producer's cover, else the book's; None if it has none that is usable."""
    if order.cover:
        return cover.read(order.cover)
    try:
        return cover.from_bytes(book.cover, book.path) if book.cover else None
    except EncodeError as error:
        for problem in error.problems:
            listener.warning(replace(problem, remedy="name another with --cover; one is drawn now"))
        return None


def _warn_of_oversights(order: RenderOrder, job: RenderJob, listener: RenderListener) -> None:
    """Warn of what is not read, doubtful authors, cues outside the cast, unused lexicon entries."""
    unused = unused_entries(job.cast, job.script) if order.chapters is None else ()
    for problem in (
        *left_out(job.book),
        *notices(job.book),
        *authors.ambiguities(job.book.metadata, job.book.path),
        *uncast_speakers(job.script, job.cast, job.book.path),
        *unused,
    ):
        listener.warning(problem)


def _compacted(script: Script) -> Callable[[], Script]:
    """Drop the reasons, which recording does not need; return what gives the script back.

    A long script comes back in compact memory, once its original is gone.
    """
    bare = (
        replace(line, why=(), candidates={}) if line.kind is Kind.SPEECH else line
        for line in script
    )
    compact = replace(script, lines=tuple(bare))
    return memory.rebuilder(compact) if len(compact.lines) > _LONG else lambda: compact


def _with_narrators(metadata: Metadata, cast: Cast, script: Script, session: Session) -> Metadata:
    """Name the voices that speak as narrators where nobody is named, the narrator's first."""
    if metadata.narrator:
        return metadata
    own = cast.narrator.voice
    voices = sorted(voices_by_speaker(cast, script).values(), key=lambda voice: voice != own)
    return replace(
        metadata, narrator=narrators(voices, descriptions(session.workers, voices)) or None
    )
