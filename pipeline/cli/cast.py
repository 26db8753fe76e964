"""`fullcast cast`."""

from pathlib import Path

import click

from pipeline.app.render import read_source, sound_alike
from pipeline.casting.discovery import add_missing_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import LOCAL_CAST
from pipeline.cli import options
from pipeline.cli.stderr import tell
from pipeline.core.errors import PipelineError
from pipeline.model.book import Book
from pipeline.tts.engines import registry


@click.command()
@options.source
@click.option(
    "--voices",
    type=options.FILE,
    default=LOCAL_CAST,
    show_default="./voices.yaml",
    help="The cast to add to; it is made if it is not there.",
)
@options.cache
def cast(source: Path, voices: Path, cache: Path) -> None:
    """Find the characters of a book or script and add those that are missing to the cast.

    Main roles that sound alike are told.
    """
    known = load(voices, registry.names()) if voices.exists() else None
    book = read_source(source)
    click.echo(add_missing_characters(book, voices, known).summary(voices), err=True)
    if voices.exists():
        _tell_doubles(book, voices, cache)
    click.echo(voices)


def _tell_doubles(book: Book, voices: Path, cache: Path) -> None:
    try:
        for problem in sound_alike(book, voices, cache):
            tell(problem)
    except PipelineError as error:  # the cast is written: what is wrong with a voice is no failure
        tell(f"who sounds alike could not be told: {error}")
