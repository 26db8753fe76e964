"""Each role saying its own words, so that a cast is chosen by ear before a book is rendered."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.app.audition.lines import telling
from pipeline.app.audition.page import PageRow, PageSample, PageSection, page
from pipeline.app.order import RenderListener, RenderOrder
from pipeline.app.render import (
    Performance,
    RenderResult,
    offered_by,
    read_out,
    read_source,
    rehearse,
)
from pipeline.casting.casting_cache import with_voices
from pipeline.casting.voices_file.loading import load
from pipeline.core.errors import CastError
from pipeline.core.messages import count, quoted
from pipeline.core.output import atomic_file
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.suggestions import suggestion
from pipeline.core.workers import Workers
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.book import Book, Metadata
from pipeline.model.cast import Cast, Role
from pipeline.model.characters import NARRATOR
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.synthesis.levels import PASSAGE
from pipeline.tts.engines import registry
from pipeline.tts.engines.missing_voice import absent

PAGE = "html"
"""The ending of an output that is a page."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """What is to be heard: roles by name (all when there are none), and how many lines of each.

    `voices` are to be tried on the one role that is named, as `ENGINE:VOICE` or as a voice of the
    role's own engine. `most` is how many roles there are at most, those with most lines first.
    """

    names: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    lines: int = 3
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AuditionTurn:
    """A role before the microphone: its lines, how many it has in the book, its voices to try."""

    role: Role
    lines: tuple[Line, ...]
    of: int
    trials: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Audition:
    """Who is heard, in order, with the cast they are of."""

    book: Book
    cast: Cast
    turns: tuple[AuditionTurn, ...]


def audition(source: Path | None, voices: Path, wish: VoiceChoice, cache: Path) -> Audition:
    """Choose who is heard and with which lines; raises PipelineError.

    Without a `source` each role says a fixed passage. Nothing is written to the cast; the voices
    that roles are cast with are kept under `cache` for the render.
    """
    with LocalWorkers(1) as workers:
        if source is None:
            offered = offered_by(workers)
            metadata = Metadata(f"Audition of {voices.stem}")
            book, script = Book(voices, "", (), metadata), Script((), {})
            cast = load(voices, registry.names(), offered)
            cast = with_voices(cast, script, offered, cache, keep=False)
        else:
            book = read_source(source)
            cast, script = rehearse(book, voices, workers, cache)
            title = f"Audition for {book.metadata.title}"
            book = replace(book, metadata=replace(book.metadata, title=title))
        turns = [_turn(role, script, wish) for role in _roles(cast, script, wish)]
        if wish.voices:
            turns = [_trying(turn, wish.voices, workers) for turn in turns]
    roles = {role.name: role for turn in turns for role in turn.trials}
    return Audition(book, replace(cast, roles={**cast.roles, **roles}), tuple(turns))


def record(
    heard: Audition, order: RenderOrder, listener: RenderListener, announced: bool = True
) -> RenderResult:
    """Have all of it said into one audio file, a chapter a voice; raises PipelineError.

    `announced` has the narrator say before each who it is.
    """
    script = _script(heard, announced)
    return read_out(order, Performance(heard.book, heard.cast, script), listener)


def write_page(heard: Audition, order: RenderOrder, listener: RenderListener) -> RenderResult:
    """Have all of it said into one HTML page at `order.out`, which holds the audio too."""
    from mutagen.id3 import delete as drop_tags  # noqa: PLC0415 - an audio file keeps them

    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        sound = Path(folder) / "audition.mp3"
        inner = replace(order, out=sound, format=FORMATS["mp3"])
        made = record(heard, inner, listener, announced=False)
        drop_tags(sound)  # the cover would be most of the page, and nobody sees it
        parts = list(_parts(heard, made))
        html = page(heard.book.metadata.title, parts, sound.read_bytes(), "audio/mpeg")
    with atomic_file(order.out) as out:
        out.write_text(html, encoding="utf-8", newline="\n")
    return replace(made, out=order.out)


def _roles(cast: Cast, script: Script, wish: VoiceChoice) -> list[Role]:
    """Give who is heard: those named, else all who speak, the narrator and most lines first."""
    if wish.names:
        called = [_called(cast, name) for name in wish.names]
        return list({role.name: role for role in called}.values())
    everyone = [cast.narrator, *cast.roles.values()]
    if script.lines:
        spoken = Counter(line.speaker for line in script)
        everyone = [role for role in everyone if role.name in spoken]
        everyone.sort(key=lambda role: (role.name != NARRATOR, -spoken[role.name]))
    return everyone[: wish.most]


def _called(cast: Cast, name: str) -> Role:
    role = cast.find(name)
    if role is None:
        remedy = suggestion(name, [NARRATOR, *cast.roles])
        raise CastError.of(f"{quoted(name)} is not in the cast", file=cast.path, remedy=remedy)
    return role


def _turn(role: Role, script: Script, wish: VoiceChoice) -> AuditionTurn:
    own = [line for line in script if line.speaker == role.name and line.kind is not Kind.HEADING]
    lines = telling(own, wish.lines) or list(_passage())
    return AuditionTurn(role, tuple(lines), len(own), (role,))


def _passage() -> Iterator[Line]:
    for text in PASSAGE:
        yield Line(text, NARRATOR, Kind.NARRATION, 1)


def _trying(turn: AuditionTurn, voices: Sequence[str], workers: Workers) -> AuditionTurn:
    """Give the turn with each of the voices in its place; CastError for one that is not there."""
    tried = [_trial(turn.role, wanted, workers) for wanted in dict.fromkeys(voices)]
    return replace(turn, trials=tuple(tried))


def _trial(role: Role, wanted: str, workers: Workers) -> Role:
    known = registry.names()
    engine, _, voice = wanted.partition(":")
    if engine not in known:
        if voice:
            raise CastError.of(
                f"there is no engine {quoted(engine)}", remedy=suggestion(engine, known)
            )
        engine, voice = role.voice.engine, wanted
    offered = offered_by(workers)(engine)
    found = registry.described(offered, voice or None)
    if found is None:
        told, remedy = absent(engine, voice, offered)
        raise CastError.of(told, remedy=remedy)
    tried = replace(role.voice, engine=engine, id=voice or found.id)
    return replace(role, name=f"{role.name} as {tried.label}", voice=tried, rates=found.rates)


def _script(heard: Audition, announced: bool) -> Script:
    lines: list[Line] = []
    titles: dict[int, str] = {}
    for turn in heard.turns:
        for number, trial in enumerate(turn.trials, 1):
            chapter = len(titles) + 1
            titles[chapter] = trial.name
            if announced:
                told = turn.role.name if len(turn.trials) == 1 else f"Voice {number}"
                lines.append(Line(f"{told}.", NARRATOR, Kind.NARRATION, chapter))
            said = [_said(line, trial.name, chapter) for line in turn.lines]
            lines += [*said[:-1], replace(said[-1], pause=Pause.CHAPTER)]
    return Script(tuple(lines), titles)


def _said(line: Line, speaker: str, chapter: int) -> Line:
    return replace(line, speaker=speaker, chapter=chapter, pause=Pause.PARAGRAPH)


def _parts(heard: Audition, made: RenderResult) -> Iterator[PageSection]:
    """Give what the page shows; cues come in the order in which `_script` has the lines."""
    cues = iter(made.cues)
    for turn in heard.turns:
        columns = [
            [_sample(cue, made.rate) for cue in islice(cues, len(turn.lines))] for _ in turn.trials
        ]
        rows = [
            PageRow(line.text, _place(line, heard.book) if turn.of else "", samples)
            for line, samples in zip(turn.lines, zip(*columns, strict=True), strict=True)
        ]
        told = f"{count(turn.of, 'line')} in the book" if turn.of else "says a fixed passage"
        names = tuple(trial.voice.settings for trial in turn.trials)
        yield PageSection(turn.role.name, told, names, tuple(rows))


def _sample(cue: Cue, rate: int) -> PageSample:
    return PageSample(cue.start / rate, cue.end / rate)


def _place(line: Line, book: Book) -> str:
    titles = {chapter.number: chapter.title for chapter in book.chapters}
    delivery = f", {line.delivery}" if line.delivery else ""
    return f"{titles[line.chapter]}{delivery}" if line.chapter in titles else ""
