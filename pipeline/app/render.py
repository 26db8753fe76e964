"""The whole flow: a book in, one mastered, chaptered and tagged file out."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache as once
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.app.order import RenderListener, RenderOrder
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.discovery import load_or_find
from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.speaker_names import uncast_speakers, with_cast_names
from pipeline.casting.unused_lexicon import unused_entries
from pipeline.core import disk, memory
from pipeline.core.cache import JsonCache
from pipeline.core.errors import Problem, SourceError
from pipeline.core.output import atomic_file, atomic_folder
from pipeline.core.priority import use_batch_priority
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import Workers, answers
from pipeline.dialogue import script_cache
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory
from pipeline.dialogue.delivery import with_delivery
from pipeline.export import cover, mastering
from pipeline.export.file_recorder import FileRecorder, RecordedFile
from pipeline.export.folder import FolderContents, fill
from pipeline.export.sections import sampled, sections, whole
from pipeline.export.tags import tagging
from pipeline.ingest import fountain
from pipeline.ingest.reader import read
from pipeline.mix.mixer import Mixer
from pipeline.model import authors
from pipeline.model.book import Book, Chapter, Metadata
from pipeline.model.cast import Cast
from pipeline.model.chapter_marks import ChapterMark, concatenated
from pipeline.model.cues import Cue, timeline
from pipeline.model.delivery_spec import SAMPLE
from pipeline.model.script import Kind, Line, Script
from pipeline.synthesis.clip_cache import ClipCache
from pipeline.synthesis.clip_source import ClipSource
from pipeline.synthesis.levels import VoiceLevels
from pipeline.synthesis.takes import spoken_in
from pipeline.tts.engines import registry

_LONG = 10_000
"""Lines, of some thirty hours, from which what judging them took is worth the time to give back."""


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was made: its cues, how many clips were spoken and parts encoded anew; rate in Hz.

    Several files (`files` are their names) stand one after another on one timeline.
    """

    out: Path
    rate: int
    cues: tuple[Cue, ...]
    marks: tuple[ChapterMark, ...]
    spoken: int
    metadata: Metadata
    encoded: int
    files: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of the file in seconds."""
        return self.marks[-1].end / self.rate


def render(order: RenderOrder, listener: RenderListener) -> RenderResult:
    """Render a book; raises PipelineError, and leaves no half-written output behind."""
    book = read_book(order)
    art = cover.read(order.cover) if order.cover else None
    with _stage(order) as stage:
        cast, script = rehearse(book, order.voices, stage.workers, order.cache, listener.warns)
        script = chosen(script, book, order.chapters)
        doubts = authors.doubts(book.metadata, book.path)
        hints = unused_entries(cast, script) if order.chapters is None else ()
        for problem in (*doubts, *uncast_speakers(script, cast, book.path), *hints):
            listener.warns(problem)
        # Nobody asks for text and reasons any more: what is yet to come takes their place.
        book, script = book.closed(), _without_reasons(script)
        if len(script.lines) > _LONG:
            left = memory.packed(script)
            del script
            script = left()
        return _record(order, stage, Performance(book, cast, script, art), listener)


def _without_reasons(script: Script) -> Script:
    bare = (
        replace(line, why=(), candidates={}) if line.kind is Kind.SPEECH else line
        for line in script
    )
    return replace(script, lines=tuple(bare))


def read_out(
    order: RenderOrder, performance: "Performance", listener: RenderListener
) -> RenderResult:
    """Render a script of one's own making; raises PipelineError as `produce` does."""
    with _stage(order) as stage:
        return _record(order, stage, performance, listener)


@dataclass(frozen=True, slots=True)
class Performance:
    """What is to be heard: a script, its cast, the book that it is of, and perhaps a cover."""

    book: Book
    cast: Cast
    script: Script
    art: cover.Cover | None = None


@dataclass(frozen=True, slots=True)
class _Stage:
    made: Path
    threads: ThreadPoolExecutor
    workers: Workers


@contextmanager
def _stage(order: RenderOrder) -> Iterator[_Stage]:
    """Give a place to write to, threads that encode, and processes that speak."""
    memory.keep_together()
    use_batch_priority()
    out = atomic_folder(order.out) if order.split else atomic_file(order.out)
    with (
        out as made,
        _threads(order.jobs if order.split else order.format.lanes(order.jobs)) as threads,
        hired(order) as workers,
    ):
        yield _Stage(made, threads, workers)


def hired(order: RenderOrder) -> Workers:
    """Give those who are to speak; raises EngineError if there is no cluster as it should be."""
    if order.scheduler is None:
        workers = LocalWorkers(order.jobs)
        for _ in range(order.jobs):  # they start while we read
            workers.submit(registry.names)
        return workers
    from pipeline.synthesis.cluster.workers import ClusterWorkers  # noqa: PLC0415 - asyncio brings ssl: slow

    return ClusterWorkers(order.scheduler)


def _record(
    order: RenderOrder, stage: _Stage, performance: Performance, listener: RenderListener
) -> RenderResult:
    book, cast, art = performance.book, performance.cast, performance.art
    files = sections(performance.script, book.metadata) if order.split else ()
    script = whole(performance.script, files) if files else performance.script
    listener.begins(script)
    studio = ClipSource(book, cast, script, ClipCache(order.cache), stage.workers)
    levels = studio.levels(order.spec.aim.lufs)
    for problem in (*studio.restrictions(), *studio.doubles()):
        listener.warns(problem)
    art = art or cover.draw(book.metadata.title, book.metadata.author)
    metadata = credited(book.metadata, cast, script)
    desk = at_desk(order, studio, cast, levels, len(art.data))
    taped = [each.lines for each in files] or [script.lines]
    _check_space(order, taped, cast, desk, studio)
    if files:
        handed = FolderContents(files, script.chapters, metadata, art, order.captions)
        tapes = fill(stage.made, handed, desk, stage.threads, listener.laid)
    else:
        tape = desk.tape(script, stage.made, script.chapters, stage.threads, listener.laid)
        tagging.write(stage.made, metadata, tape.marks, desk.rate, art)
        tapes = (tape,)
    return _production(order, tapes, desk.rate, studio.spoken, metadata)


def _production(
    order: RenderOrder, tapes: Sequence[RecordedFile], rate: int, spoken: int, metadata: Metadata
) -> RenderResult:
    """Put what is known of the files on one timeline."""
    marks = tuple(concatenated([tape.marks for tape in tapes]))
    encoded = sum(tape.encoded for tape in tapes)
    cues = tuple(timeline(tape.cues for tape in tapes))
    names = tuple(tape.path.name for tape in tapes)
    return RenderResult(order.out, rate, cues, marks, spoken, metadata, encoded, names)


def at_desk(
    order: RenderOrder, studio: ClipSource, cast: Cast, levels: VoiceLevels, art: int
) -> FileRecorder:
    """Make ready to record at the rate that the spec asks for; `art` is the cover's bytes."""
    aim = order.spec.aim
    rate = aim.rate or levels.rate
    level = studio.level(levels)
    mixer = Mixer(studio.clips, level, cast.pauses, rate, mastering.ends(aim))
    form = mastering.form(order.format, aim)
    if not (form.grain or order.split):
        form = replace(form, kept=False)  # each edit would leave a whole book behind
    captioned = bool(order.captions)
    return FileRecorder(form, mixer, studio.order, studio.recipe, order.cache, art, aim, captioned)


def _check_space(
    order: RenderOrder,
    files: Sequence[Sequence[Line]],
    cast: Cast,
    desk: FileRecorder,
    studio: ClipSource,
) -> None:
    """Raise EncodeError when the output, and what is kept of it, cannot fit on their disks."""
    a_second = desk.form.bytes_a_second(desk.rate)
    book = sum(lasting(line, cast) for lines in files for line in lines)
    sample = a_second * sampled(book, SAMPLE) if order.split else 0.0
    needs = [disk.DiskNeed(order.out.parent, a_second * book + sample)]
    if disk.free_bytes(order.cache) < 2 * (a_second + 2 * desk.rate) * book:  # what is there, then?
        told = chain.from_iterable(map(desk.forecast, files))
        anew = [line for part, kept in told if not kept for line in part.lines]
        needs.append(disk.DiskNeed(order.cache, 2 * desk.rate * sum(map(studio.unspoken, anew))))
        if desk.form.kept and anew:
            encoded = a_second * sum(lasting(line, cast) for line in anew)
            needs.append(disk.DiskNeed(order.cache, encoded + sample))
    disk.check_disk_space(needs)


def lasting(line: Line, cast: Cast) -> float:
    """Estimate how many seconds a line lasts with its pause."""
    return spoken_in(line.text, cast.role(line.speaker).voice) + cast.pauses[line.pause]


def read_book(order: RenderOrder) -> Book:
    """Read the source; what the producer says of it goes before what it says itself."""
    book = read_source(order.source)
    metadata = authors.settled(replace(book.metadata, **order.metadata))
    return replace(book, metadata=metadata, chapters=_titled(book, metadata.title))


def _titled(book: Book, title: str) -> tuple[Chapter, ...]:
    """Give the chapters, with the one that is named after the book under the book's new title."""
    former = book.metadata.title
    return tuple(replace(c, title=title) if c.title == former else c for c in book.chapters)


def read_source(source: Path) -> Book:
    """Read a book, or a script that somebody may have corrected."""
    return fountain.read_book(source) if fountain.is_script(source) else read(source)


def rehearse(
    book: Book,
    voices: Path,
    workers: Workers,
    cache: Path,
    wrote: Callable[[Problem], None] | None = None,
    keep: bool = True,
) -> tuple[Cast, Script]:
    """Give the cast of a book, each role with a voice, and who says what.

    The cast is read or found as `load_or_find` does, its voices checked against those offered;
    what roles are cast with, and who says what, is kept under `cache`, when it is to be.
    """
    offered = offered_by(workers)
    cast = load_or_find(book, voices, registry.names(), offered, wrote)
    script = script_of(book, cast, cache, keep)
    return with_voices(cast, script, offered, cache, keep), script


def sound_alike(book: Book, voices: Path, cache: Path) -> list[Problem]:
    """Tell of the main roles of a book that sound alike, as a render would."""
    with LocalWorkers(1) as workers:
        cast, script = rehearse(book, voices, workers, cache, keep=False)
        return list(ClipSource(book, cast, script, ClipCache(cache), workers).doubles())


def chosen(script: Script, book: Book, chapters: Collection[int] | None = None) -> Script:
    """Give the script of all chapters or of some; SourceError when that leaves nothing to say."""
    if chapters is not None:
        script = script.only(chapters)
    if not script.lines:
        raise SourceError.of(
            "there is nothing to say in this book"
            if chapters is None
            else f"there is no such chapter: the book has {len(book.chapters)}",
            file=book.path,
            remedy=None if chapters is None else "correct --chapters",
        )
    return script


def credited(metadata: Metadata, cast: Cast, script: Script) -> Metadata:
    """Name the narrators, where nobody has: all voices that speak, with their engines."""
    if metadata.narrator:
        return metadata
    voices = (cast.narrator.voice, *(cast.role(speaker).voice for speaker in script.speakers))
    told = dict.fromkeys(f"{voice.id or 'default voice'} ({voice.engine})" for voice in voices)
    return replace(metadata, narrator=", ".join(told))


def script_of(book: Book, cast: Cast, cache: Path, keep: bool = True) -> Script:
    """Give the lines as `who_speaks` does, by what is kept under `cache`; `keep` it there, too."""
    if fountain.is_script(book.path):
        return who_speaks(book, cast)
    return script_cache.kept(
        book, cast, JsonCache(cache, keep), keep, partial(who_speaks, book, cast)
    )


def who_speaks(book: Book, cast: Cast, memory: AttributionMemory | None = None) -> Script:
    """Give the lines of a book, or those that stand in a script, by the names of the cast.

    Chapters of a book that the `memory` recalls are not judged anew.
    """
    if fountain.is_script(book.path):
        return with_cast_names(fountain.read(book), cast)
    judged = attribute(book, cast.characters, cast.first_person, memory=memory)
    return with_delivery(judged)


def offered_by(workers: Workers) -> VoiceLister:
    """Give what tells the voices of an engine.

    All who are to speak are asked, so that nobody lacks the engine; the first one's answer is told.
    """
    return once(lambda engine: next(iter(answers(workers.ask(registry.voices, engine)).values())))


@contextmanager
def _threads(lanes: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads to encode in; what they have not begun when something fails is forgotten."""
    pool = ThreadPoolExecutor(lanes, thread_name_prefix="lane")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
