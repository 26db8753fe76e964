"""`fullcast script`."""

from dataclasses import replace
from pathlib import Path

import click

from pipeline.app import script_file
from pipeline.app.cast_report import count_doubts
from pipeline.app.preparation import attribute_speakers, attributed
from pipeline.casting.discovery import load_or_find
from pipeline.casting.speaker_names import uncast_speakers
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import options, path_types
from pipeline.cli.doubts import described_doubts, list_doubts
from pipeline.cli.stderr import warn
from pipeline.core import paths
from pipeline.core.errors import StoreError
from pipeline.ingest import fountain
from pipeline.ingest.notices import notices
from pipeline.ingest.reader import read_chosen
from pipeline.ingest.source import Source
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import DOUBTFUL, Line, Script
from pipeline.tts.engines import registry


@click.command()
@options.source
@click.option(
    "-o",
    "--output",
    type=path_types.OUTPUT,
    help="Write to this file, keeping the corrections in it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--doubtful",
    is_flag=True,
    help=f"List only the speeches with a confidence below {DOUBTFUL}, with the line in the book.",
)
@options.sections
@options.voices
@options.cache
def script(
    source: Source,
    output: Path | None,
    as_json: bool,
    doubtful: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    voices: Path,
    cache: Path,
) -> None:
    """Show who speaks each line, as a Fountain script to correct in any editor.

    Without -o it is printed. With -o, corrections in an existing script are kept.
    """
    if doubtful and output is not None:
        raise click.UsageError("--doubtful prints a list; it cannot be combined with -o")
    book = read_chosen(source, section_choice(voices, include, exclude, heading))
    for problem in notices(book):
        warn(problem)
    cast = load_or_find(book, voices, registry.names(), on_replaced=warn)
    try:
        lines = attributed(book, cast, cache)
    except StoreError:  # a script needs no cache
        lines = attribute_speakers(book, cast)
    for problem in uncast_speakers(lines, cast, book.path):
        warn(problem)
    if doubtful:
        _print_doubts(book, lines, as_json)
    elif output is None:
        click.echo(_formatted(book, lines, as_json), nl=False)
    elif as_json:
        options.refuse_source(book, output)
        script_file.publish(output, _formatted(book, lines, as_json))
    else:
        _write_script(book, lines, cast, output, cache)


def _print_doubts(book: Book, lines: Script, as_json: bool) -> None:
    if as_json:
        doubtful = tuple(line for line in lines if line.is_doubtful)
        click.echo(_formatted(book, replace(lines, lines=doubtful), as_json), nl=False)
        return
    for row in list_doubts(book, lines):
        click.echo(row)
    click.echo(described_doubts(*count_doubts(lines)), err=True)


def _formatted(book: Book, lines: Script, as_json: bool) -> str:
    if as_json:
        return "".join(f"{_in_source(book, line).to_json()}\n" for line in lines)
    return fountain.write(lines, book.metadata)


def _in_source(book: Book, line: Line) -> Line:
    """Return the line with its offsets in the text of the file."""
    if line.start is None or line.end is None:
        return line
    start, end = book.source_range(line.start, line.end)
    ranges = (book.source_range(span.start, span.end) for span in line.spans)
    spans = tuple(
        replace(span, start=first, end=last)
        for span, (first, last) in zip(line.spans, ranges, strict=True)
    )
    return replace(line, start=start, end=end, spans=spans)


def _write_script(book: Book, lines: Script, cast: Cast, output: Path, cache: Path) -> None:
    """Write a new script, or rewrite one of ours with the corrections made in it."""
    is_new = not paths.is_file(output) or not output.stat().st_size
    if book.script is None and not is_new:
        options.refuse_source(book, output)
    teach = script_file.teach_with(book, cast, cache)
    merged = script_file.merged_with_file(book, lines, cast, output, teach)
    for problem in merged.lost:
        warn(problem)
    if merged.lost:
        warn(f"the previous script was saved as {script_file.back_up(output)}")
    script_file.publish(output, merged.text)
    if not is_new:
        click.echo(f"corrections kept: {merged.kept:,}", err=True)
