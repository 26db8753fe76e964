"""Open a book for proofing: as a local site, or as one page in a file."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.app import script_file
from pipeline.app.order import RenderListener, RenderOrder
from pipeline.app.preparation import prepare
from pipeline.app.proof.doubts import queue
from pipeline.app.proof.page import PageSound, proof_page
from pipeline.app.proof.session import Notify, ProofSession, ProofSource
from pipeline.app.proof.site import ProofSite
from pipeline.app.render import RenderJob, render_script
from pipeline.app.workers import local_workers
from pipeline.core.errors import SourceError
from pipeline.core.output import atomic_file
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest import fountain
from pipeline.ingest.source import Source
from pipeline.model.book import Book
from pipeline.model.script import Line, Script
from pipeline.pages.server import LocalServer

_SPEAKERS = 2
"""Processes that speak for the page: the line that is heard, and the one after it."""
_CONTEXT = 1  # lines before a doubt that are heard with it


@dataclass(frozen=True, slots=True)
class ProofOrder:
    """What to proof: a render of the book, and the script that corrections are saved to."""

    render: RenderOrder
    script: Path


def default_script(book: Book, source: Source) -> Path:
    """Return where the corrections of a book go: into it, if it is a script, else beside us."""
    return book.path if book.script is not None else script_file.default_path(source)


@contextmanager
def serving(order: ProofOrder, book: Book, notify: Notify, port: int = 0) -> Iterator[LocalServer]:
    """Yield a server with the proof page of a book; raises PipelineError."""
    _require_own(book, order.script)
    render = order.render
    with local_workers(_SPEAKERS, render.voices) as workers:
        source = ProofSource(book, render.voices, order.script, render.cache, render.engine)
        session = ProofSession(source, workers, notify)
        # The script says it all: what it was made from is not read again.
        render = replace(render, source=order.script)
        site = ProofSite(session, workers, render)
        with closing(site), LocalServer(site.get, site.post, port) as server:
            yield server


def write_proof(
    order: ProofOrder, book: Book, listener: RenderListener, sound: str
) -> tuple[Path, Script]:
    """Write the proof page of a book into one file, at `order.render.out`.

    `sound` is what can be heard in it: `none`, the `doubts`, or `all` lines.
    """
    render = order.render
    with local_workers(1, render.voices) as workers:
        cast, found = prepare(
            book,
            render.voices,
            workers,
            render.cache,
            notify=listener.warning,
            write_cast=True,
            engine=render.engine,
        )
    teach = script_file.teach_with(book, cast, render.cache)
    merged = script_file.merged_with_file(book, found, cast, order.script, teach)
    chosen = _heard(merged.script, sound)
    job = RenderJob(book, cast, replace(merged.script, lines=tuple(chosen.values())))
    heard = _record(job, list(chosen), render, listener) if chosen else PageSound()
    html = proof_page(merged.script, cast, merged.metadata, order.script.name, heard)
    with atomic_file(render.out) as out:
        out.write_text(html, encoding="utf-8", newline="\n", errors="replace")
    return render.out, merged.script


def _heard(script: Script, sound: str) -> dict[int, Line]:
    """Return the lines to be heard, by their indices."""
    lines = script.lines
    if sound == "all":
        return dict(enumerate(lines))
    if sound == "none":
        return {}
    near = {
        index
        for doubt in queue(lines)
        for index in range(max(0, doubt.lines[0] - _CONTEXT), doubt.lines[-1] + 1)
    }
    return {index: lines[index] for index in sorted(near)}


def _record(
    job: RenderJob, indices: list[int], order: RenderOrder, listener: RenderListener
) -> PageSound:
    from mutagen.id3 import delete as delete_tags  # noqa: PLC0415 - an audio file keeps them

    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        audio = Path(folder) / "proof.mp3"
        result = render_script(replace(order, out=audio, format=FORMATS["mp3"]), job, listener)
        delete_tags(audio)  # the cover would be most of it, and nobody sees it
        cues = zip(indices, result.cues, strict=True)
        spans = {i: (cue.start / result.rate, cue.end / result.rate) for i, cue in cues}
        return PageSound(audio.read_bytes(), spans)


def _require_own(book: Book, script: Path) -> None:
    """Raise SourceError if the script to save to is one that fullcast has not written."""
    if book.script is None or book.path != script:
        return
    if book.script.lines and book.script.lines[0].row is None:
        raise SourceError.of(
            "is a text with speakers, not a script", file=script, remedy="name one with --script"
        )
    if not fountain.read_edits(book).generated:
        raise SourceError.of(
            "was not written by fullcast, so it is left alone",
            file=script,
            remedy="name another script for the corrections with --script",
        )
