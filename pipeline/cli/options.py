"""Options that several commands share."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.casting.voices_file.location import default_path
from pipeline.cli import path_types
from pipeline.core.cache import default_cache_folder
from pipeline.export.encoding.formats import FORMATS, Format
from pipeline.ingest import heading_rule
from pipeline.model.authors import SEPARATOR
from pipeline.model.book import METADATA_FIELDS
from pipeline.model.delivery_spec import DEFAULT_SPEC, DeliverySpec

source = click.argument("source", type=path_types.SOURCE)
voices = click.option(
    "--voices",
    type=path_types.CAST,
    default=default_path,
    show_default="./voices.yaml, else the one that comes with fullcast",
    help="The cast.",
)
cache = click.option(
    "--cache",
    type=path_types.CACHE,
    default=default_cache_folder,
    show_default="FULLCAST_CACHE, else the user's cache folder",
    help="The folder of clips, encoded audio and attributions.",
)


def sections(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options by which a producer chooses what is read."""
    what = "A number, range, list or title of `fullcast chapters`; may be repeated."
    for name, does in (("exclude", "Leave out sections."), ("include", "Read them all the same.")):
        option = click.option(f"--{name}", multiple=True, metavar="SECTIONS", help=f"{does} {what}")
        command = option(command)
    return click.option(
        "--heading",
        metavar="REGEX",
        callback=_heading,
        help="Chapters begin at lines that match this regular expression, too.",
    )(command)


def _heading(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    problem = None if value is None else heading_rule.problem(value)
    if problem:
        raise click.BadParameter(rf"{problem}; write one such as '^Log \d+' (a \ before ( or [)")
    return value


MULTIPLE = ("author", "narrator")
"""The metadata fields whose options may be repeated."""


def metadata(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each field of the metadata."""
    for label in reversed(METADATA_FIELDS):
        names = [f"--{label.replace('_', '-')}", *(["--license"] if label == "licence" else [])]
        text = f"The {label.replace('_', ' ')} of the book, for its tags."
        if label in MULTIPLE:
            text += " Repeat it for each of several."
        option = click.option(*names, label, metavar="TEXT", help=text, multiple=label in MULTIPLE)
        command = option(command)
    return command


def given(metadata: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, str]:
    """Return the metadata fields that were set by options, including those set to nothing."""
    return {
        label: text if isinstance(text, str) else SEPARATOR.join(text)
        for label, text in metadata.items()
        if text is not None and text != ()
    }


def format_of(
    form: str | None,
    output: Path | None,
    option: str = "-o",
    spec: DeliverySpec = DEFAULT_SPEC,
    others: Sequence[str] = (),
) -> Format:
    """Return the format that is asked for by name, by the suffix of the output, or by the spec."""
    accepted = spec.target.formats
    suffix = output.suffix.lower().lstrip(".") if output else form or accepted[0]
    if suffix not in FORMATS:
        known = ", ".join([*others, *FORMATS])
        raise click.UsageError(f"{option} must end in one of {known}, not in {suffix!r}")
    if form and form != suffix:
        raise click.UsageError(f"--format {form} contradicts an output that ends in .{suffix}")
    if suffix not in accepted:
        raise click.UsageError(f"{spec.name} takes {' and '.join(accepted)}, not {suffix}")
    return FORMATS[suffix]
