"""Options that several commands share."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.casting.voices_file.location import default_path
from pipeline.core.cache import default_root
from pipeline.export.encoding.formats import FORMATS, Format
from pipeline.model.authors import JOINT
from pipeline.model.book import LABELS
from pipeline.model.delivery_spec import HOUSE, DeliverySpec

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

SEVERAL = ("author", "narrator")
"""The fields of the metadata that several people may share."""


def metadata(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each field of the metadata."""
    for label in reversed(LABELS):
        words = label.replace("_", " ")
        names = [f"--{label.replace('_', '-')}", *(["--license"] if label == "licence" else [])]
        told = f"The book's {words}, in its tags."
        if label in SEVERAL:
            told += " Give it once for each of several."
        option = click.option(*names, label, metavar="TEXT", help=told, multiple=label in SEVERAL)
        command = option(command)
    return command


def given(metadata: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, str]:
    """Give those fields of the metadata that options have set, also to nothing."""
    return {
        label: text if isinstance(text, str) else JOINT.join(text)
        for label, text in metadata.items()
        if text is not None and text != ()
    }


def format_of(
    form: str | None,
    output: Path | None,
    option: str = "-o",
    spec: DeliverySpec = HOUSE,
    others: Sequence[str] = (),
) -> Format:
    """Give the format that was asked for, by name, by the ending of the output, or by the spec."""
    taken = spec.aim.formats
    ending = output.suffix.lower().lstrip(".") if output else form or taken[0]
    if ending not in FORMATS:
        known = ", ".join([*others, *FORMATS])
        raise click.UsageError(f"{option} must end in one of {known}, not in {ending!r}")
    if form and form != ending:
        raise click.UsageError(f"--format {form} and an output that ends in .{ending} disagree")
    if ending not in taken:
        raise click.UsageError(f"{spec.name} takes {' and '.join(taken)}, not {ending}")
    return FORMATS[ending]
