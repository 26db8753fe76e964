"""Samples of each role with its own words, so that a cast is chosen by ear before a render."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.app.audition.line_selection import representative_lines
from pipeline.app.audition.page import PageRow, PageSample, PageSection, page
from pipeline.app.order import RenderListener, RenderOrder
from pipeline.app.preparation import offered_by, prepare
from pipeline.app.render import RenderJob, RenderResult, render_script
from pipeline.app.workers import local_workers
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.sections import section_choice
from pipeline.core.errors import CastError, Problem
from pipeline.core.messages import count, quoted
from pipeline.core.output import atomic_file
from pipeline.core.suggestions import suggestion
from pipeline.core.workers import Workers
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest.reader import read_chosen
from pipeline.ingest.source import Source
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast, Role
from pipeline.model.characters import NARRATOR
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.tts.calibration import PASSAGE
from pipeline.tts.engines import registry
from pipeline.tts.engines.missing_voice import explain_missing_voice

PAGE = "html"
"""The suffix of an output that is a page."""


@dataclass(frozen=True, slots=True)
class AuditionRequest:
    """What to audition: roles by name (all when empty), and how many lines of each.

    `voices` are tried on the one role that is named, as `ENGINE:VOICE` or as a voice of the role's
    own engine. `most` limits the number of roles, those with most lines first. `engine` speaks
    instead of those of the cast.
    """

    names: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    lines: int = 3
    most: int | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class RoleAudition:
    """A role, the lines it speaks, its number of lines in the book, and the voices to try."""

    role: Role
    lines: tuple[Line, ...]
    line_count: int
    trials: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Audition:
    """The roles that audition, in order, with their book and cast."""

    book: Book
    cast: Cast
    roles: tuple[RoleAudition, ...]


def plan_audition(
    source: Source | None,
    voices: Path,
    request: AuditionRequest,
    cache: Path,
    notify: Callable[[Problem], None] | None = None,
) -> Audition:
    """Choose the roles and their lines; raises PipelineError.

    Without a `source` each role speaks a fixed passage. Nothing is written to the cast; with one,
    the voices that roles are cast with are cached under `cache` for the render, and `notify` is
    called as by `prepare`.
    """
    with local_workers(1, voices) as workers:
        if source is None:
            book, cast, script = _without_book(voices, workers, cache, request.engine)
        else:
            book = read_chosen(source, section_choice(voices))
            cast, script = prepare(
                book, voices, workers, cache, notify=notify, engine=request.engine
            )
            title = f"Audition for {book.metadata.title}"
            book = replace(book, metadata=replace(book.metadata, title=title))
        auditions = [_role_audition(r, script, request) for r in _roles(cast, script, request)]
        if request.voices:
            auditions = [_with_trials(a, request.voices, workers) for a in auditions]
    trials = {role.name: role for audition in auditions for role in audition.trials}
    return Audition(book, replace(cast, roles={**cast.roles, **trials}), tuple(auditions))


def _without_book(
    voices: Path, workers: Workers, cache: Path, engine: str | None
) -> tuple[Book, Cast, Script]:
    offered = offered_by(workers)
    book = Book(voices, "", (), Metadata(f"Audition of {voices.stem}"))
    script = Script((), {})
    cast = load(voices, registry.names(), offered, engine)
    return book, with_voices(cast, script, offered, cache, keep=False), script


def record(
    audition: Audition, order: RenderOrder, listener: RenderListener, announced: bool = True
) -> RenderResult:
    """Render an audition into one audio file, a chapter a voice; raises PipelineError.

    With `announced`, the narrator names each voice before it speaks.
    """
    job = RenderJob(audition.book, audition.cast, _script(audition, announced))
    return render_script(order, job, listener)


def write_page(audition: Audition, order: RenderOrder, listener: RenderListener) -> RenderResult:
    """Render an audition into one HTML page at `order.out`, with the audio inside."""
    from mutagen.id3 import delete as delete_tags  # noqa: PLC0415 - an audio file keeps them

    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        audio = Path(folder) / "audition.mp3"
        audio_order = replace(order, out=audio, format=FORMATS["mp3"])
        result = record(audition, audio_order, listener, announced=False)
        delete_tags(audio)  # the cover would be most of the page, and nobody sees it
        sections = list(_sections(audition, result))
        html = page(audition.book.metadata.title, sections, audio.read_bytes(), "audio/mpeg")
    with atomic_file(order.out) as out:
        out.write_text(html, encoding="utf-8", newline="\n")
    return replace(result, out=order.out)


def _roles(cast: Cast, script: Script, request: AuditionRequest) -> list[Role]:
    """Return the roles that are named, or all who speak: the narrator, then by lines."""
    if request.names:
        named = [_named_role(cast, name) for name in request.names]
        return list({role.name: role for role in named}.values())
    roles = [cast.narrator, *cast.roles.values()]
    if script.lines:
        lines = Counter(line.speaker for line in script)
        roles = [role for role in roles if role.name in lines]
        roles.sort(key=lambda role: (role.name != NARRATOR, -lines[role.name]))
    return roles[: request.most]


def _named_role(cast: Cast, name: str) -> Role:
    role = cast.find(name)
    if role is None:
        remedy = suggestion(name, [NARRATOR, *cast.roles])
        raise CastError.of(f"{quoted(name)} is not in the cast", file=cast.path, remedy=remedy)
    return role


def _role_audition(role: Role, script: Script, request: AuditionRequest) -> RoleAudition:
    own = [line for line in script if line.speaker == role.name and line.kind is not Kind.HEADING]
    lines = representative_lines(own, request.lines)
    if not lines:
        lines = [Line(text, NARRATOR, Kind.NARRATION, 1) for text in PASSAGE]
    return RoleAudition(role, tuple(lines), len(own), (role,))


def _with_trials(audition: RoleAudition, voices: Sequence[str], workers: Workers) -> RoleAudition:
    """Return the audition with each of `voices` as a trial; CastError for one that is missing."""
    trials = [find_trial(audition.role, voice, workers) for voice in dict.fromkeys(voices)]
    return replace(audition, trials=tuple(trials))


def find_trial(role: Role, wanted: str, workers: Workers) -> Role:
    """Return a role with another voice; CastError if there is none of that name."""
    engines = registry.names()
    engine, _, voice = wanted.partition(":")
    if engine not in engines:
        if voice:
            raise CastError.of(
                f"no engine {quoted(engine)} is known", remedy=suggestion(engine, engines)
            )
        engine, voice = role.voice.engine, wanted
    offered = offered_by(workers)(engine)
    info = registry.find_voice(offered, voice or None)
    if info is None:
        what, remedy = explain_missing_voice(engine, voice, offered)
        raise CastError.of(what, remedy=remedy)
    trial = replace(role.voice, engine=engine, id=voice or info.id)
    return replace(role, name=f"{role.name} as {trial.label}", voice=trial, rates=info.rates)


def _script(audition: Audition, announced: bool) -> Script:
    lines: list[Line] = []
    titles: dict[int, str] = {}
    for role_audition in audition.roles:
        for number, trial in enumerate(role_audition.trials, 1):
            chapter = len(titles) + 1
            titles[chapter] = trial.name
            if announced:
                label = (
                    role_audition.role.name if len(role_audition.trials) == 1 else f"Voice {number}"
                )
                lines.append(Line(f"{label}.", NARRATOR, Kind.NARRATION, chapter))
            spoken = [_reassigned(line, trial.name, chapter) for line in role_audition.lines]
            lines += [*spoken[:-1], replace(spoken[-1], pause=Pause.CHAPTER)]
    return Script(tuple(lines), titles)


def _reassigned(line: Line, speaker: str, chapter: int) -> Line:
    return replace(line, speaker=speaker, chapter=chapter, pause=Pause.PARAGRAPH)


def _sections(audition: Audition, result: RenderResult) -> Iterator[PageSection]:
    """Yield the sections of the page; cues come in the order in which `_script` has the lines."""
    cues = iter(result.cues)
    for role_audition in audition.roles:
        columns = [
            [_sample(cue, result.rate) for cue in islice(cues, len(role_audition.lines))]
            for _ in role_audition.trials
        ]
        rows = [
            PageRow(
                line.text, _place(line, audition.book) if role_audition.line_count else "", samples
            )
            for line, samples in zip(role_audition.lines, zip(*columns, strict=True), strict=True)
        ]
        about = (
            f"{count(role_audition.line_count, 'line')} in the book"
            if role_audition.line_count
            else "speaks a fixed passage"
        )
        voices = tuple(trial.voice.settings for trial in role_audition.trials)
        yield PageSection(role_audition.role.name, about, voices, tuple(rows))


def _sample(cue: Cue, rate: int) -> PageSample:
    return PageSample(cue.start / rate, cue.end / rate)


def _place(line: Line, book: Book) -> str:
    titles = {chapter.number: chapter.title for chapter in book.chapters}
    delivery = f", {line.delivery}" if line.delivery else ""
    return f"{titles[line.chapter]}{delivery}" if line.chapter in titles else ""
