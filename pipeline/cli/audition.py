"""`fullcast audition`."""

import os
from pathlib import Path

import click

from pipeline.app.audition.audition import PAGE, VoiceChoice, audition, record, write_page
from pipeline.app.order import RenderOrder
from pipeline.cli import options
from pipeline.cli.progress import progress
from pipeline.export.encoding.formats import FORMATS


@click.command("audition")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--book", type=options.FILE, help="Whose lines they say; else a fixed passage.")
@click.option(
    "--voice",
    "tried",
    multiple=True,
    metavar="[ENGINE:]VOICE",
    help="Try this voice on the role; give it several times to hear them side by side.",
)
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    default=Path("output/audition.html"),
    show_default=True,
    help="A page with the audio in it, or an audio file with a chapter for each voice.",
)
@click.option("--lines", type=click.IntRange(1, 50), default=3, show_default=True, metavar="N")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Only N roles.")
@click.option("--unannounced", is_flag=True, help="In an audio file: nobody says who is heard.")
@options.voices
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
    cache: Path,
) -> None:
    """Hear each role say its most telling lines, so that the cast is chosen by ear.

    Without NAME: everyone who speaks, the narrator and those with most lines first.
    """
    if tried and len(names) != 1:
        raise click.UsageError("--voice tries voices on one role: name it, and only it")
    is_page = output.suffix.lower() == f".{PAGE}"
    form = FORMATS["mp3"] if is_page else options.format_of(None, output, others=[PAGE])
    heard = audition(book, voices, VoiceChoice(names, tried, lines, most), cache)
    order = RenderOrder(book or voices, output, form, voices, cache, os.cpu_count() or 1)
    with progress(quiet=False) as listener:
        if is_page:
            made = write_page(heard, order, listener)
        else:
            made = record(heard, order, listener, announced=not unannounced)
    click.echo(made.out)
