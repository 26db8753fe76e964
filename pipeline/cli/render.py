"""`fullcast render`."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.app.order import RenderOrder
from pipeline.app.plan import described, plan_dry_run
from pipeline.app.render import RenderResult
from pipeline.app.render import render as render_book
from pipeline.app.script_file import unused_corrections
from pipeline.casting.voices_file.location import voices_option
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import log, options, path_types
from pipeline.cli.cast_table import cast_table
from pipeline.cli.doubts import described_doubts
from pipeline.cli.progress import Quiet, progress
from pipeline.cli.stderr import warn
from pipeline.core.messages import count, duration
from pipeline.export import captions
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest.source import STDIN, Source, output_stem, paths_of
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS

_MAX_ROLES = 15
"""Roles in the table that a render ends with; a dry run shows all."""


def _chapters(_: click.Context, __: click.Parameter, value: str | None) -> range | None:
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", value)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last:
        raise click.BadParameter(f"{value!r} is neither a chapter, like 3, nor a range, like 2-5")
    return range(first, last + 1)


@click.command()
@options.source
@click.option(
    "-o", "--output", type=path_types.OUTPUT, help="Default: output/<name of the source>.m4b."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Default: by -o or --spec, else m4b.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that speak. Default: one per CPU.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Speak on the dask cluster of this scheduler, such as host:8786.",
)
@click.option("--split", is_flag=True, help="Make a folder with a file for each chapter.")
@click.option(
    "--spec",
    type=click.Choice(list(SPECS)),
    help="Delivery spec to meet. Default: fullcast's own.",
)
@click.option("--chapters", callback=_chapters, metavar="N[-M]", help="Only these chapters.")
@click.option("--cover", type=path_types.COVER, help="A JPEG or PNG file. Default: a drawn cover.")
@options.sections
@options.metadata
@options.id3
@click.option(
    "--captions",
    "kinds",
    type=click.Choice(list(captions.KINDS)),
    multiple=True,
    help="Write captions beside the output; may be repeated.",
)
@click.option("--epub", is_flag=True, help="Also write an EPUB that is read aloud.")
@click.option("--web", is_flag=True, help="Also write a folder with a player page.")
@click.option("--lpf", is_flag=True, help="With --split: also pack the folder as an LPF file.")
@options.voices
@options.engine
@options.cache
@click.option(
    "--dry-run", is_flag=True, help="Only show what would be spoken and encoded, and its length."
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave a gap for each line that cannot be spoken, list them, and exit with status 1.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def render(
    source: Source,
    output: Path | None,
    form: str | None,
    jobs: int | None,
    scheduler: str | None,
    split: bool,
    spec: str | None,
    chapters: range | None,
    cover: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    id3: str | None,
    kinds: tuple[str, ...],
    epub: bool,
    web: bool,
    lpf: bool,
    voices: Path,
    engine: str | None,
    cache: Path,
    dry_run: bool,
    keep_going: bool,
    quiet: bool,
    **metadata: str | tuple[str, ...] | None,
) -> int:
    """Render a book to one mastered, chaptered and tagged audio file, or one for each chapter."""
    if lpf and not split:
        raise click.UsageError("--lpf packs the folder of --split: give both")
    companions = {"epub": epub, "web": web, "lpf": lpf}
    delivery_spec = SPECS[spec] if spec else DEFAULT_SPEC
    output_format = options.format_of(form, None if split else output, spec=delivery_spec)
    stem = output_stem(source)
    name = stem if split else f"{stem}.{output_format.name}"
    order = RenderOrder(
        source=source,
        out=output or Path("output") / name,
        format=output_format,
        voices=voices,
        cache=cache,
        jobs=jobs or os.cpu_count() or 1,
        metadata={label: text for label, text in options.given(metadata).items() if text},
        cover=cover,
        chapters=chapters,
        captions=kinds,
        id3_version=options.ID3_VERSIONS[id3 or "2.4"],
        spec=delivery_spec,
        split=split,
        scheduler=scheduler,
        sections=section_choice(voices, include, exclude, heading),
        keep_going=keep_going,
        engine=engine,
        companions=[kind for kind, wanted in companions.items() if wanted],
    )
    for problem in unused_corrections(source):
        warn(problem)
    if dry_run:
        _print_plan(order)
        return 0
    caption_paths = () if split else captions.paths(order.out, kinds)
    with progress(quiet) as listener:
        result = render_book(order, listener)
    log.note(
        f"{result.seconds:.0f} s of audio, {result.spoken:,} new clips, "
        f"{result.encoded:,} new parts"
    )
    if not quiet:
        for row in _summary(result, listener, order):
            click.echo(row, err=True)
    for path in (result.out, *caption_paths, *order.companion_paths.values()):
        click.echo(path)
    for gap in result.gaps:
        warn(gap)
    if result.gaps:
        warn(f"{count(len(result.gaps), 'gap')} in {result.out}, each of silence; render it again")
    return 1 if result.gaps else 0


def _print_plan(order: RenderOrder) -> None:
    totals = plan_dry_run(order, warn)
    click.echo(described(totals, order))
    for row in cast_table(totals.roles) if totals.roles else ():
        click.echo(row)


def _summary(result: RenderResult, listener: Quiet, order: RenderOrder) -> Iterator[str]:
    """Yield what was made, a table of the roles, and where to look next."""
    files, chapters = len(result.files), len(result.marks)
    yield (
        f"{duration(result.seconds)} in "
        f"{count(files, 'file') if files > 1 else count(chapters, 'chapter')}, "
        f"{count(len(result.cues), 'line')}, {count(result.spoken, 'new clip')}, "
        f"rendered in {duration(listener.elapsed)}"
    )
    yield from cast_table(result.roles, _MAX_ROLES)
    if listener.unknown:
        speeches = count(listener.unknown, "speech", "speeches")
        yield f"{speeches} with an unidentified speaker"
    if listener.doubtful:
        yield from _doubts(listener, order)


def _doubts(listener: Quiet, order: RenderOrder) -> Iterator[str]:
    """Yield how many speeches are doubtful, where, and the commands that list and correct them."""
    doubts = described_doubts(listener.doubtful, listener.speeches)
    if STDIN in paths_of(order.source):  # what came in cannot come again
        yield doubts
        return
    source = shlex.join(map(str, paths_of(order.source)))
    voices = voices_option(order.voices)
    yield f"{doubts}: fullcast script {source} --doubtful{voices}"
    if listener.doubtful_chapters:
        yield listener.doubtful_chapters
    yield f"correct them in the browser: fullcast proof {source}{voices}"
