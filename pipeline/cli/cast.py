"""`fullcast cast`."""

from pathlib import Path

import click

from pipeline import engines
from pipeline.cli import options
from pipeline.discovery import Additions, add_found
from pipeline.readers import read


@click.command()
@options.source
@click.option(
    "--voices",
    type=options.FILE,
    default=Path("voices.yaml"),
    show_default="./voices.yaml",
    help="The cast to add to; it is made if it is not there.",
)
def cast(source: Path, voices: Path) -> None:
    """Find the characters of a book and add those that are missing to the cast."""
    additions = add_found(read(source), voices, engines.names())
    click.echo(told(additions, voices), err=True)
    click.echo(voices)


def told(additions: Additions, voices: Path) -> str:
    """What was found and written, in words."""
    found, new = additions.found, len(additions.names)
    characters = f"found {found:,} character{'' if found == 1 else 's'}"
    if not new and additions.teller is None:
        return f"{characters}; all are in {voices} already" if found else characters
    known = f", {found - new:,} of them there already" if new < found else ""
    teller = f"; {additions.teller} tells the book" if additions.teller else ""
    return f"{characters}{known}{teller}; wrote {voices}"
