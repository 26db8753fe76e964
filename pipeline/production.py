"""The whole flow: a book in, one mastered, chaptered and tagged file out."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache as once
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from pipeline import authors, cover, engines, fountain, mastering, memory, scripts, space, tags
from pipeline.assemble import Cue, Mixer, timeline
from pipeline.attribution import Memory, attribute
from pipeline.book import Book, Chapter, Metadata
from pipeline.cast import Cast
from pipeline.cast.hints import unused_entries
from pipeline.casts import with_voices
from pipeline.delivery import with_delivery
from pipeline.discovery import Offered, load_or_find
from pipeline.encode import Format
from pipeline.errors import Problem, SourceError
from pipeline.folder import Handover, fill
from pipeline.loudness import Levels
from pipeline.marks import Mark, following
from pipeline.patience import be_patient
from pipeline.publish import published, published_folder
from pipeline.readers import read
from pipeline.render import spoken_in
from pipeline.script import Kind, Line, Script
from pipeline.specs import HOUSE, SAMPLE, Spec
from pipeline.split import sampled, sections, whole
from pipeline.store import Notes, Store
from pipeline.studio import Studio
from pipeline.taping import Desk, Tape
from pipeline.workers import LocalWorkers, Workers, answers

_LONG = 10_000
"""Lines, of some thirty hours, from which what judging them took is worth the time to give back."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the producer asked for.

    `chapters` is None for all of them. With `split` the output is a folder, with a file for each
    chapter. `captions` are kinds of `pipeline.captions` that are wanted: they are written beside
    each file of a folder, and can be written by the cues of a single file.
    `scheduler` is the address of the dask cluster that speaks; None for `jobs` processes here.
    """

    source: Path
    out: Path
    format: Format
    voices: Path
    cache: Path
    jobs: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    cover: Path | None = None
    chapters: Collection[int] | None = None
    captions: Collection[str] = ()
    spec: Spec = HOUSE
    split: bool = False
    scheduler: str | None = None


@dataclass(frozen=True, slots=True)
class Production:
    """What was made: its cues, how many clips were spoken and parts encoded anew; rate in Hz.

    Several files (`files` are their names) stand one after another on one timeline.
    """

    out: Path
    rate: int
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]
    spoken: int
    metadata: Metadata
    encoded: int
    files: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of the file in seconds."""
        return self.marks[-1].end / self.rate


class Listener(Protocol):
    """Who is told how it goes; `laid` is called from several threads."""

    def begins(self, script: Script) -> None:
        """Hear that these lines are going to be rendered."""

    def laid(self, line: Line, seconds: float) -> None:
        """Hear that a line is in the book, and how long it lasts with its pause."""

    def warns(self, problem: Problem) -> None:
        """Hear of something that stops nothing but should be known."""


def produce(order: Order, listener: Listener) -> Production:
    """Render a book; raises PipelineError, and leaves no half-written output behind."""
    book = read_book(order)
    art = cover.read(order.cover) if order.cover else None
    with _stage(order) as stage:
        cast, script = rehearse(book, order.voices, stage.workers, order.cache, listener.warns)
        script = chosen(script, book, order.chapters)
        doubts = authors.doubts(book.metadata, book.path)
        hints = unused_entries(cast, script) if order.chapters is None else ()
        for problem in (*doubts, *fountain.strangers(script, cast, book.path), *hints):
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


def read_out(order: Order, performance: "Performance", listener: Listener) -> Production:
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
def _stage(order: Order) -> Iterator[_Stage]:
    """Give a place to write to, threads that encode, and processes that speak."""
    memory.keep_together()
    be_patient()
    out = published_folder(order.out) if order.split else published(order.out)
    with (
        out as made,
        _threads(order.jobs if order.split else order.format.lanes(order.jobs)) as threads,
        hired(order) as workers,
    ):
        yield _Stage(made, threads, workers)


def hired(order: Order) -> Workers:
    """Give those who are to speak; raises EngineError if there is no cluster as it should be."""
    if order.scheduler is None:
        workers = LocalWorkers(order.jobs)
        for _ in range(order.jobs):  # they start while we read
            workers.submit(engines.names)
        return workers
    from pipeline.cluster import ClusterWorkers  # noqa: PLC0415 - asyncio brings ssl: slow

    return ClusterWorkers(order.scheduler)


def _record(
    order: Order, stage: _Stage, performance: Performance, listener: Listener
) -> Production:
    book, cast, art = performance.book, performance.cast, performance.art
    files = sections(performance.script, book.metadata) if order.split else ()
    script = whole(performance.script, files) if files else performance.script
    listener.begins(script)
    studio = Studio(book, cast, script, Store(order.cache), stage.workers)
    levels = studio.levels(order.spec.aim.lufs)
    for problem in (*studio.restrictions(), *studio.doubles()):
        listener.warns(problem)
    art = art or cover.draw(book.metadata.title, book.metadata.author)
    metadata = credited(book.metadata, cast, script)
    desk = at_desk(order, studio, cast, levels, len(art.data))
    taped = [each.lines for each in files] or [script.lines]
    _check_space(order, taped, cast, desk, studio)
    if files:
        handed = Handover(files, script.chapters, metadata, art, order.captions)
        tapes = fill(stage.made, handed, desk, stage.threads, listener.laid)
    else:
        tape = desk.tape(script, stage.made, script.chapters, stage.threads, listener.laid)
        tags.write(stage.made, metadata, tape.marks, desk.rate, art)
        tapes = (tape,)
    return _production(order, tapes, desk.rate, studio.spoken, metadata)


def _production(
    order: Order, tapes: Sequence[Tape], rate: int, spoken: int, metadata: Metadata
) -> Production:
    """Put what is known of the files on one timeline."""
    marks = tuple(following([tape.marks for tape in tapes]))
    encoded = sum(tape.encoded for tape in tapes)
    cues = tuple(timeline(tape.cues for tape in tapes))
    names = tuple(tape.path.name for tape in tapes)
    return Production(order.out, rate, cues, marks, spoken, metadata, encoded, names)


def at_desk(order: Order, studio: Studio, cast: Cast, levels: Levels, art: int) -> Desk:
    """Make ready to record at the rate that the spec asks for; `art` is the cover's bytes."""
    aim = order.spec.aim
    rate = aim.rate or levels.rate
    level = studio.level(levels)
    mixer = Mixer(studio.clips, level, cast.pauses, rate, mastering.ends(aim))
    form = mastering.form(order.format, aim)
    if not (form.grain or order.split):
        form = replace(form, kept=False)  # each edit would leave a whole book behind
    captioned = bool(order.captions)
    return Desk(form, mixer, studio.order, studio.recipe, order.cache, art, aim, captioned)


def _check_space(
    order: Order, files: Sequence[Sequence[Line]], cast: Cast, desk: Desk, studio: Studio
) -> None:
    """Raise EncodeError when the output, and what is kept of it, cannot fit on their disks."""
    a_second = desk.form.bytes_a_second(desk.rate)
    book = sum(lasting(line, cast) for lines in files for line in lines)
    sample = a_second * sampled(book, SAMPLE) if order.split else 0.0
    needs = [space.Need(order.out.parent, a_second * book + sample)]
    if space.free(order.cache) < 2 * (a_second + 2 * desk.rate) * book:  # what is there, then?
        told = chain.from_iterable(map(desk.forecast, files))
        anew = [line for part, kept in told if not kept for line in part.lines]
        needs.append(space.Need(order.cache, 2 * desk.rate * sum(map(studio.unspoken, anew))))
        if desk.form.kept and anew:
            encoded = a_second * sum(lasting(line, cast) for line in anew)
            needs.append(space.Need(order.cache, encoded + sample))
    space.check(needs)


def lasting(line: Line, cast: Cast) -> float:
    """Estimate how many seconds a line lasts with its pause."""
    return spoken_in(line.text, cast.role(line.speaker).voice) + cast.pauses[line.pause]


def read_book(order: Order) -> Book:
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
    cast = load_or_find(book, voices, engines.names(), offered, wrote)
    script = script_of(book, cast, cache, keep)
    return with_voices(cast, script, offered, cache, keep), script


def sound_alike(book: Book, voices: Path, cache: Path) -> list[Problem]:
    """Tell of the main roles of a book that sound alike, as a render would."""
    with LocalWorkers(1) as workers:
        cast, script = rehearse(book, voices, workers, cache, keep=False)
        return list(Studio(book, cast, script, Store(cache), workers).doubles())


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
    return scripts.kept(book, cast, Notes(cache, keep), keep, partial(who_speaks, book, cast))


def who_speaks(book: Book, cast: Cast, memory: Memory | None = None) -> Script:
    """Give the lines of a book, or those that stand in a script, by the names of the cast.

    Chapters of a book that the `memory` recalls are not judged anew.
    """
    if fountain.is_script(book.path):
        return fountain.with_cast_names(fountain.read(book), cast)
    judged = attribute(book, cast.characters, cast.first_person, memory=memory)
    return with_delivery(judged)


def offered_by(workers: Workers) -> Offered:
    """Give what tells the voices of an engine.

    All who are to speak are asked, so that nobody lacks the engine; the first one's answer is told.
    """
    return once(lambda engine: next(iter(answers(workers.ask(engines.voices, engine)).values())))


@contextmanager
def _threads(lanes: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads to encode in; what they have not begun when something fails is forgotten."""
    pool = ThreadPoolExecutor(lanes, thread_name_prefix="lane")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
