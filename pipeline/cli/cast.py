"""`fullcast cast`."""

from pathlib import Path

import click

from pipeline import engines
from pipeline.cast import HERE, load
from pipeline.cli import options
from pipeline.discovery import add_found
from pipeline.production import read_source


@click.command()
@options.source
@click.option(
    "--voices",
    type=options.FILE,
    default=HERE,
    show_default="./voices.yaml",
    help="The cast to add to; it is made if it is not there.",
)
def cast(source: Path, voices: Path) -> None:
    """Find the characters of a book or script and add those that are missing to the cast."""
    known = load(voices, engines.names()) if voices.exists() else None
    click.echo(add_found(read_source(source), voices, known).told(voices), err=True)
    click.echo(voices)
