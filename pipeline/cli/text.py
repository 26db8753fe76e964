"""`fullcast text`."""

from pathlib import Path

import click

from pipeline.app.preparation import read_book
from pipeline.cli import options, path_types
from pipeline.core.output import atomic_file
from pipeline.ingest.source import Source


@click.command()
@options.source
@click.option(
    "-o", "--output", type=path_types.OUTPUT, help="Write to this file instead of printing."
)
def text(source: Source, output: Path | None) -> None:
    """Show the text of a book, also what is not read aloud, in UTF-8.

    The offsets in `fullcast script --json` count its characters. A text that is repaired when it is
    read is shown as it is in the file.
    """
    book = read_book(source)
    if output is None:
        click.echo(book.source_text, nl=False)
        return
    options.refuse_source(book, output)
    with atomic_file(output) as file:
        file.write_text(book.source_text, encoding="utf-8", newline="")
    click.echo(output)
