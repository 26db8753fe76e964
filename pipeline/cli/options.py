"""Options that several commands share."""

from pathlib import Path

import click

from pipeline.cast import default_path
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
