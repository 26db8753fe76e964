"""`fullcast render`."""

import os
import re
from pathlib import Path

import click

from pipeline.app.order import RenderOrder
from pipeline.app.plan import survey
from pipeline.app.render import RenderResult
from pipeline.app.render import render as render_book
from pipeline.cli import options
from pipeline.cli.progress import Quiet, progress
from pipeline.core.messages import count, duration
from pipeline.export import captions
from pipeline.export.encoding.formats import FORMATS
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS


def _chapters(_: click.Context, __: click.Parameter, given: str | None) -> range | None:
    if given is None:
        return None
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", given)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise click.BadParameter(f"{given!r} is neither a chapter, such as 3, nor a run, as 2-5")
    return range(first, last + 1)


@click.command()
@options.source
@click.option("-o", "--output", type=options.FILE, help="Default: output/<name of the source>.m4b")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), help="Default: by -o or --spec, else m4b"
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes that speak. Default: one a CPU"
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Speak on the dask cluster with this scheduler, such as host:8786.",
)
@click.option("--split", is_flag=True, help="A folder with a file for each chapter.")
@click.option(
    "--spec", type=click.Choice(list(SPECS)), help="What is asked of the files. Default: our own."
)
@click.option("--chapters", callback=_chapters, metavar="N[-M]", help="Only these chapters.")
@click.option("--cover", type=options.FILE, help="A JPEG or PNG. Default: one is drawn.")
@options.metadata
@click.option(
    "--captions",
    "kinds",
    type=click.Choice(list(captions.KINDS)),
    multiple=True,
    help="Captions beside the output; may be given several times.",
)
@options.voices
@options.cache
@click.option(
    "--dry-run", is_flag=True, help="Only say what would be spoken and how long it lasts."
)
@click.option("--quiet", is_flag=True, help="No progress.")
def render(
    source: Path,
    output: Path | None,
    form: str | None,
    jobs: int | None,
    scheduler: str | None,
    split: bool,
    spec: str | None,
    chapters: range | None,
    cover: Path | None,
    kinds: tuple[str, ...],
    voices: Path,
    cache: Path,
    dry_run: bool,
    quiet: bool,
    **metadata: str | tuple[str, ...] | None,
) -> None:
    """Render a book to one mastered, chaptered and tagged audio file, or one for each chapter."""
    asked = SPECS[spec] if spec else DEFAULT_SPEC
    made_as = options.format_of(form, None if split else output, spec=asked)
    name = source.stem if split else f"{source.stem}.{made_as.name}"
    order = RenderOrder(
        source=source,
        out=output or Path("output") / name,
        format=made_as,
        voices=voices,
        cache=cache,
        jobs=jobs or os.cpu_count() or 1,
        metadata={label: text for label, text in options.given(metadata).items() if text},
        cover=cover,
        chapters=chapters,
        captions=kinds,
        spec=asked,
        split=split,
        scheduler=scheduler,
    )
    if dry_run:
        click.echo(survey(order).told())
        return
    with progress(quiet) as listener:
        made = render_book(order, listener)
        beside = () if split else kinds
        captioned = captions.write(made.out, beside, made.cues, made.rate, made.metadata)
    if not quiet:
        click.echo(_summary(made, listener), err=True)
    for path in (made.out, *captioned):
        click.echo(path)


def _summary(made: RenderResult, listener: Quiet) -> str:
    in_files = len(made.files) > 1
    told = (
        f"{duration(made.seconds)} in "
        f"{count(len(made.files), 'file') if in_files else count(len(made.marks), 'chapter')}, "
        f"{count(len(made.cues), 'line')}, {count(made.spoken, 'clip')} spoken anew, "
        f"in {duration(listener.elapsed)}"
    )
    if listener.unknown:
        told += f"\n{count(listener.unknown, 'speech', 'speeches')} by nobody that could be named"
    return told
