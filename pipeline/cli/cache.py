"""`fullcast cache`."""

import math
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.cli.cache_usage import cache_folders, describe_usage, usages

_DAY = 24 * 60 * 60.0


def _number(_: click.Context, __: click.Parameter, value: float) -> float:
    """Refuse what is no number: everything would be older than that."""
    if math.isnan(value):
        raise click.BadParameter(f"{value!r} is not a number of days, like 30")
    return value


@click.command()
@options.cache
@click.option(
    "--prune",
    is_flag=True,
    help="Delete entries, but for castings and timelines of files that exist; the rest can be "
    "recomputed.",
)
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    callback=_number,
    default=0.0,
    metavar="DAYS",
    help="With --prune: only entries created more than so many days ago.",
)
def cache(cache: Path, prune: bool, older_than: float) -> None:
    """Show the disk space that clips, encoded audio and attributions take, or free it."""
    if older_than and not prune:
        raise click.UsageError("--older-than needs --prune")
    if prune:
        age = older_than * _DAY
        removed = {name: folder.prune(age) for name, folder in cache_folders(cache).items()}
        click.echo(f"removed {describe_usage(removed)}")
    click.echo(f"{cache}: {describe_usage(usages(cache))}")
