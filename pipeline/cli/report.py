"""`fullcast report`."""

from pathlib import Path

import click

from pipeline.app.order import RenderOrder
from pipeline.app.report.report import write_report
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import options, path_types
from pipeline.cli.reading import read_with_notices
from pipeline.cli.stderr import warn
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest.source import Source, output_stem


@click.command()
@options.source
@click.option(
    "-o",
    "--output",
    type=path_types.OUTPUT,
    help="A page (.html), or a folder of SVG files. Default: output/<name of the source>.html.",
)
@options.sections
@options.engine
@options.voices
@options.cache
def report(
    source: Source,
    output: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    engine: str | None,
    voices: Path,
    cache: Path,
) -> None:
    """Draw who speaks when and with whom, the length of each role and chapter, and the doubts.

    Minutes are estimated: nothing is spoken.
    """
    sections = section_choice(voices, include, exclude, heading)
    book = read_with_notices(source, sections)
    out = output or Path("output") / f"{output_stem(source)}.html"
    options.refuse_source(book, out)
    order = RenderOrder(
        source, out, FORMATS["m4b"], voices, cache, 1, sections=sections, engine=engine
    )
    write_report(order, book, warn)
    click.echo(out)
