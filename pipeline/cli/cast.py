"""`fullcast cast`."""

from pathlib import Path

import click

from pipeline.app.cast import review_cast
from pipeline.casting.discovery import add_missing_characters
from pipeline.casting.voices_file.loading import load
from pipeline.casting.voices_file.location import LOCAL_CAST
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import options, path_types
from pipeline.cli.cast_table import cast_table
from pipeline.cli.stderr import warn
from pipeline.core import paths
from pipeline.core.errors import PipelineError
from pipeline.ingest.notices import notices
from pipeline.ingest.reader import read_chosen
from pipeline.ingest.source import Source
from pipeline.model.book import Book
from pipeline.tts.engines import registry


@click.command()
@options.source
@click.option(
    "--voices",
    type=path_types.CAST,
    default=LOCAL_CAST,
    show_default="./voices.yaml",
    help="The cast to add to; created if it does not exist.",
)
@options.engine
@options.sections
@options.cache
def cast(
    source: Source,
    voices: Path,
    engine: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    cache: Path,
) -> None:
    """Find the characters of a book or script and add the missing ones to the cast.

    It ends with a table of the roles: their voices, lines, share of the words, and doubtful lines.
    A warning is shown when two main roles sound alike.
    """
    known = load(voices, registry.names(), wanted=engine) if paths.exists(voices) else None
    book = read_chosen(source, section_choice(voices, include, exclude, heading))
    for problem in notices(book):
        warn(problem)
    if known and known.one_voice:
        summary = f"{voices}: 'cast: narrator' has one voice read it all; no character was added"
    else:
        summary = add_missing_characters(book, voices, known, engine=engine).summary(voices)
    click.echo(summary, err=True)
    if paths.exists(voices):
        _show_review(book, voices, cache, engine)
    click.echo(voices)


def _show_review(book: Book, voices: Path, cache: Path, engine: str | None) -> None:
    try:
        review = review_cast(book, voices, cache, engine)
    except PipelineError as error:  # the cast is written: a voice that is missing is no failure
        warn(f"cannot compare the voices of the main roles: {error}")
        return
    for problem in review.warnings:
        warn(problem)
    for row in cast_table(review.roles):
        click.echo(row, err=True)
