"""`fullcast cache`."""

from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.telling import held
from pipeline.store import Store

_DAY = 24 * 60 * 60.0


@click.command()
@options.cache
@click.option("--prune", is_flag=True, help="Remove clips; what is needed again is spoken again.")
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="DAYS",
    help="With --prune: only clips that were spoken more than so many days ago.",
)
def cache(cache: Path, prune: bool, older_than: float) -> None:
    """Show how much room the spoken clips take, or make room."""
    if older_than and not prune:
        raise click.UsageError("--older-than goes with --prune")
    store = Store(cache)
    if prune:
        click.echo(f"removed {held(store.prune(older_than * _DAY))}")
    click.echo(f"{store.root}: {held(store.usage())}")
