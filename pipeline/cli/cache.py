"""`fullcast cache`."""

from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.telling import held
from pipeline.encode import Parts
from pipeline.store import Notes, Store

_DAY = 24 * 60 * 60.0


@click.command()
@options.cache
@click.option(
    "--prune", is_flag=True, help="Remove what is kept; what is needed again is made again."
)
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="DAYS",
    help="With --prune: only what was made more than so many days ago.",
)
def cache(cache: Path, prune: bool, older_than: float) -> None:
    """Show how much room clips, encoded parts and notes of who speaks take, or make room."""
    if older_than and not prune:
        raise click.UsageError("--older-than goes with --prune")
    clips, parts, notes = Store(cache), Parts(cache), Notes(cache)
    if prune:
        age = older_than * _DAY
        click.echo(f"removed {held(clips.prune(age), parts.prune(age), notes.prune(age))}")
    click.echo(f"{cache}: {held(clips.usage(), parts.usage(), notes.usage())}")
