"""`fullcast proof`."""

import os
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.app.order import RenderOrder
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import options, path_types
from pipeline.cli.progress import progress
from pipeline.cli.reading import read_with_notices
from pipeline.cli.stderr import warn
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest.source import Source
from pipeline.model.book import Book

if TYPE_CHECKING:
    from pipeline.app.proof.serving import ProofOrder


@click.command()
@options.source
@click.option(
    "-o",
    "--output",
    type=path_types.OUTPUT,
    help="Write the page to this file (.html), to be opened without fullcast.",
)
@click.option(
    "--script",
    "script_path",
    type=path_types.OUTPUT,
    help="The script that corrections are saved to. Default: <name of the source>.fountain here.",
)
@click.option(
    "--sound",
    type=click.Choice(["none", "doubts", "all"]),
    default="doubts",
    show_default=True,
    help="With -o: what can be heard in the page.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@options.sections
@options.engine
@options.voices
@options.cache
def proof(
    source: Source,
    output: Path | None,
    script_path: Path | None,
    sound: str,
    port: int,
    no_browser: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    engine: str | None,
    voices: Path,
    cache: Path,
) -> None:
    """Correct a book in the browser: its doubts first, by eye and by ear.

    Every correction is saved at once to a Fountain script, which `fullcast render` takes.
    """
    from pipeline.app.proof.serving import (  # noqa: PLC0415 - it brings a server
        ProofOrder,
        default_script,
        write_proof,
    )

    if output is not None and output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("-o must end in .html")
    sections = section_choice(voices, include, exclude, heading)
    book = read_with_notices(source, sections)
    script = script_path or default_script(book, source)
    out = output or Path("output") / f"{script.stem}.m4b"
    jobs = os.cpu_count() or 1
    render = RenderOrder(
        source, out, FORMATS["m4b"], voices, cache, jobs, sections=sections, engine=engine
    )
    order = ProofOrder(render, script)
    if output is None:
        _serve(order, book, port, open_browser=not no_browser)
        return
    with progress(quiet=False) as listener:
        write_proof(order, book, listener, sound)
    click.echo(output)


def _serve(order: "ProofOrder", book: Book, port: int, *, open_browser: bool) -> None:
    from pipeline.app.proof.serving import serving  # noqa: PLC0415

    with serving(order, book, warn, port) as server:
        click.echo(server.url)
        warn(f"corrections go to {order.script}; press Ctrl-C to end")
        if open_browser:
            webbrowser.open(server.url)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
