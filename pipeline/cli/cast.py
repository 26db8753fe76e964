"""`fullcast cast`."""

from pathlib import Path

import click

from pipeline.app.cast import find_lookalikes
from pipeline.casting.discovery import add_missing_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import LOCAL_CAST
from pipeline.cli import options
from pipeline.cli.stderr import warn
from pipeline.core.errors import PipelineError
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.tts.engines import registry


@click.command()
@options.source
@click.option(
    "--voices",
    type=options.FILE,
    default=LOCAL_CAST,
    show_default="./voices.yaml",
    help="The cast to add to; created if it does not exist.",
)
@options.cache
def cast(source: Path, voices: Path, cache: Path) -> None:
    """Find the characters of a book or script and add the missing ones to the cast.

    A warning is shown when two main roles sound alike.
    """
    known = load(voices, registry.names()) if voices.exists() else None
    book = read(source)
    click.echo(add_missing_characters(book, voices, known).summary(voices), err=True)
    if voices.exists():
        _warn_of_lookalikes(book, voices, cache)
    click.echo(voices)


def _warn_of_lookalikes(book: Book, voices: Path, cache: Path) -> None:
    try:
        for problem in find_lookalikes(book, voices, cache):
            warn(problem)
    except PipelineError as error:  # the cast is written: a voice that is missing is no failure
        warn(f"cannot compare the voices of the main roles: {error}")
