"""`fullcast script`."""

from pathlib import Path

import click

from pipeline import engines
from pipeline.attribution import attribute
from pipeline.cast import load
from pipeline.cli import options
from pipeline.publish import published
from pipeline.readers import read


@click.command()
@options.source
@click.option("-o", "--output", type=options.FILE, help="Write to this file, not to stdout.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options.voices
def script(source: Path, output: Path | None, as_json: bool, voices: Path) -> None:
    """Say who says what in a book."""
    if not as_json:
        raise click.UsageError("so far a script can be had as --json only")
    book = read(source)
    cast = load(voices, engines.names())
    lines = attribute(book, cast.characters, cast.first_person)
    text = "".join(f"{line.to_json()}\n" for line in lines)
    if output is None:
        click.echo(text, nl=False)
        return
    with published(output) as made:
        made.write_text(text, encoding="utf-8")
