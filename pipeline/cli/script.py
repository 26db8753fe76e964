"""`fullcast script`."""

import shutil
from dataclasses import replace
from pathlib import Path

import click

from pipeline.app.render import read_source, script_of, who_speaks
from pipeline.casting.discovery import load_or_find
from pipeline.casting.speaker_names import uncast_speakers, with_cast_names
from pipeline.cli import options
from pipeline.cli.stderr import tell
from pipeline.core.errors import SourceError, StoreError
from pipeline.core.output import atomic_file
from pipeline.ingest import fountain
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Script
from pipeline.tts.engines import registry


@click.command()
@options.source
@click.option(
    "-o", "--output", type=options.FILE, help="Write to this file, keeping its corrections."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options.voices
@options.cache
def script(source: Path, output: Path | None, as_json: bool, voices: Path, cache: Path) -> None:
    """Say who says what, as a Fountain script to be corrected in any editor.

    Without -o it is printed. Over a script that was corrected by hand it keeps the corrections.
    """
    book = read_source(source)
    cast = load_or_find(book, voices, registry.names())
    try:
        lines = script_of(book, cast, cache)
    except StoreError:  # a script can be had without a cache
        lines = who_speaks(book, cast)
    for problem in uncast_speakers(lines, cast, source):
        tell(problem)
    if output is None:
        click.echo(_written(book, lines, as_json), nl=False)
    elif as_json:
        _refuse_source(source, output)
        _publish(output, _written(book, lines, as_json))
    else:
        _write_script(book, lines, cast, output)


def _written(book: Book, lines: Script, as_json: bool) -> str:
    if as_json:
        return "".join(f"{line.to_json()}\n" for line in lines)
    return fountain.write(lines, book.metadata)


def _publish(output: Path, text: str) -> None:
    with atomic_file(output) as made:
        made.write_text(text, encoding="utf-8", newline="\n")


def _write_script(book: Book, lines: Script, cast: Cast, output: Path) -> None:
    """Write a script where none is, or over one of ours with what was corrected there."""
    if not output.is_file() or not output.stat().st_size:
        _publish(output, fountain.write(lines, book.metadata))
        return
    _refuse_source(book.path if not fountain.is_script(book.path) else None, output)
    old_book, old = _old(output, cast)
    merged = fountain.merged(lines, old, output)
    for problem in merged.lost:
        tell(problem)
    if merged.lost:
        backup = output.with_name(f"{output.name}.bak")
        with atomic_file(backup) as made:
            shutil.copyfile(output, made)
        tell(f"the script as it was is kept in {backup}")
    # The title page may have been edited by hand, too.
    _publish(output, fountain.write(merged.script, old_book.metadata))
    click.echo(f"corrections kept: {merged.kept:,}", err=True)


def _old(output: Path, cast: Cast) -> tuple[Book, fountain.Compared]:
    """Read the script that is to be written over; SourceError when we have not written it."""
    book = fountain.read_book(output)
    old = fountain.compared(book)
    if not old.ours:
        raise SourceError.of(
            "is there already and is no script that fullcast wrote",
            file=output,
            remedy="name another file with -o, or delete this one",
        )
    return book, replace(old, script=with_cast_names(old.script, cast))


def _refuse_source(source: Path | None, output: Path) -> None:
    if source is not None and output.exists() and output.samefile(source):
        raise SourceError.of("is the book itself", file=output, remedy="name another with -o")
