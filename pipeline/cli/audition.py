"""`fullcast audition`."""

import os
from pathlib import Path

import click

from pipeline.app.audition.audition import (
    PAGE,
    AuditionRequest,
    plan_audition,
    record,
    write_page,
)
from pipeline.app.order import RenderOrder
from pipeline.cli import options, path_types
from pipeline.cli.progress import progress
from pipeline.cli.stderr import warn
from pipeline.export.encoding.formats import FORMATS


@click.command("audition")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option(
    "--book", type=path_types.SOURCE, help="Speak lines of this book. Default: a fixed passage."
)
@click.option(
    "--voice",
    "tried",
    multiple=True,
    metavar="[ENGINE:]VOICE",
    help="Try this voice on the role; repeat it to hear several side by side.",
)
@click.option(
    "-o",
    "--output",
    type=path_types.OUTPUT,
    default=Path("output/audition.html"),
    show_default=True,
    help="A page with the audio inside, or an audio file with a chapter for each voice.",
)
@click.option("--lines", type=click.IntRange(1, 50), default=3, show_default=True, metavar="N")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Only N roles.")
@click.option("--unannounced", is_flag=True, help="In an audio file: do not announce the voices.")
@options.voices
@options.engine
@options.cache
def audition_(
    names: tuple[str, ...],
    book: Path | None,
    tried: tuple[str, ...],
    output: Path,
    lines: int,
    most: int | None,
    unannounced: bool,
    voices: Path,
    engine: str | None,
    cache: Path,
) -> None:
    """Hear a few representative lines of each role, to choose the cast by ear.

    Without NAME: all roles that speak, the narrator and those with most lines first.
    """
    if tried and len(names) != 1:
        raise click.UsageError("--voice needs one role: name the one role to try voices on")
    is_page = output.suffix.lower() == f".{PAGE}"
    form = FORMATS["mp3"] if is_page else options.format_of(None, output, others=[PAGE])
    request = AuditionRequest(names, tried, lines, most, engine)
    audition = plan_audition(book, voices, request, cache, warn)
    order = RenderOrder(book or voices, output, form, voices, cache, os.cpu_count() or 1)
    with progress(quiet=False) as listener:
        if is_page:
            result = write_page(audition, order, listener)
        else:
            result = record(audition, order, listener, announced=not unannounced)
    click.echo(result.out)
