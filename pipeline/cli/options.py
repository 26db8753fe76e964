"""Options that several commands share."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.casting.voices_file.location import default_path
from pipeline.cli import path_types
from pipeline.core import paths
from pipeline.core.cache import default_cache_folder
from pipeline.core.errors import SourceError
from pipeline.ingest import heading_rule
from pipeline.ingest.source import Source
from pipeline.model.authors import SEPARATOR
from pipeline.model.book import METADATA_FIELDS, Book
from pipeline.model.dates import date_in
from pipeline.model.delivery_spec import DEFAULT_SPEC, DeliverySpec

if TYPE_CHECKING:
    from pipeline.export.encoding.formats import Format


def _one_or_several(_: click.Context, __: click.Parameter, paths: tuple[Path, ...]) -> Source:
    return paths[0] if len(paths) == 1 else paths


source = click.argument(
    "source", nargs=-1, required=True, type=path_types.SOURCE, callback=_one_or_several
)
"""A file, a folder of chapters, `-`, or several of these as one book."""
voices = click.option(
    "--voices",
    type=path_types.CAST,
    default=default_path,
    show_default="./voices.yaml, else the one that comes with fullcast",
    help="The cast.",
)
engine = click.option(
    "--engine",
    metavar="NAME[,NAME...]",
    help="Cast from the voices of this engine, or of several, instead of those that the cast "
    "names; auto for all near-human ones that are installed. A role with an engine of its own "
    "keeps it.",
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


ID3_VERSIONS = {"2.3": 3, "2.4": 4}
"""The versions of ID3 tags that can be written, by what a producer calls them."""
id3 = click.option(
    "--id3",
    type=click.Choice(list(ID3_VERSIONS)),
    help="The version of ID3 tags (MP3, WAV): 2.3 for old car radios and Windows. Default: 2.4.",
)

MULTIPLE = ("author", "narrator")
"""The metadata fields whose options may be repeated."""


def metadata(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each field of the metadata."""
    for label in reversed(METADATA_FIELDS):
        names = [f"--{label.replace('_', '-')}", *(["--license"] if label == "licence" else [])]
        text = f"The {label.replace('_', ' ')} of the book, for its tags."
        if label in MULTIPLE:
            text += " Repeat it for each of several."
        option = click.option(
            *names,
            label,
            metavar="TEXT",
            help=text,
            multiple=label in MULTIPLE,
            callback=_year if label == "year" else None,
        )
        command = option(command)
    return command


def _year(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value and value.strip() and date_in(value) is None:
        raise click.BadParameter(
            f"{value!r} has no year in it; write one of four digits, like 1890"
        )
    return value


def given(metadata: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, str]:
    """Return the metadata fields that were set by options, including those set to nothing."""
    return {
        label: text if isinstance(text, str) else SEPARATOR.join(text)
        for label, text in metadata.items()
        if text is not None and text != ()
    }


def refuse_source(book: Book, output: Path) -> None:
    """Raise SourceError if `output` is a file that the book was read from."""
    read_from = (book.path, *(file.path for file in book.files))
    if paths.exists(output) and any(paths.exists(p) and output.samefile(p) for p in read_from):
        raise SourceError.of("is the book itself", file=output, remedy="name another file with -o")


def format_of(
    form: str | None,
    output: Path | None,
    option: str = "-o",
    spec: DeliverySpec = DEFAULT_SPEC,
    others: Sequence[str] = (),
) -> "Format":
    """Return the format that is asked for by name, by the suffix of the output, or by the spec."""
    from pipeline.export.encoding.formats import FORMATS  # noqa: PLC0415 - it brings NumPy

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
