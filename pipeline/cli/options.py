"""Options that several commands share."""

from pathlib import Path

import click

from pipeline.cast import default_path
from pipeline.encode import FORMATS, Format
from pipeline.store import default_root

FILE = click.Path(path_type=Path)

source = click.argument("source", type=FILE)
voices = click.option(
    "--voices",
    type=FILE,
    default=default_path,
    show_default="./voices.yaml, else the one that fullcast brings",
    help="The cast.",
)
cache = click.option(
    "--cache",
    type=FILE,
    default=default_root,
    show_default="FULLCAST_CACHE, else the user's cache folder",
    help="Where spoken clips are kept.",
)


def format_of(form: str | None, output: Path | None, option: str = "-o") -> Format:
    """Give the format that was asked for, by name or by the ending of the output."""
    ending = output.suffix.lower().lstrip(".") if output else form or "m4b"
    if ending not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.UsageError(f"{option} must end in one of {known}, not in {ending!r}")
    if form and form != ending:
        raise click.UsageError(f"--format {form} and an output that ends in .{ending} disagree")
    return FORMATS[ending]
