"""`fullcast tag`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options, path_types
from pipeline.core.messages import timestamp

if TYPE_CHECKING:
    from pipeline.export.tags.values import TagValues


def _titles(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[int, str]:
    titles = {}
    for value in values:
        number, equals, title = value.partition("=")
        if not equals or not number.strip().isdecimal():
            raise click.BadParameter(f"{value!r} is not a number and a title, like '2=The Boat'")
        titles[int(number)] = title
    return titles


@click.command()
@click.argument("file", type=path_types.AUDIO)
@options.metadata
@click.option("--album", metavar="TEXT", help="The title of the book, in the file of a chapter.")
@click.option(
    "--chapter",
    "titles",
    multiple=True,
    callback=_titles,
    metavar="N=TITLE",
    help="A new title for chapter N; may be repeated.",
)
@click.option("--cover", type=path_types.COVER, help="A JPEG or PNG file to replace the cover.")
@click.option("--no-cover", is_flag=True, help="Remove the cover.")
@click.option("--json", "as_json", is_flag=True, help="Print the contents of the file as JSON.")
def tag(
    file: Path,
    titles: dict[int, str],
    cover: Path | None,
    no_cover: bool,
    as_json: bool,
    **metadata: str | tuple[str, ...] | None,
) -> None:
    """Show the tags of an audio file, or change them without encoding it again.

    An option with an empty text removes its tag. Everything else in the file stays as it is.
    """
    from pipeline.app import retag  # noqa: PLC0415
    from pipeline.export import cover as covers  # noqa: PLC0415 - Pillow and mutagen, for this alone

    if cover and no_cover:
        raise click.UsageError("--cover and --no-cover contradict each other")
    picture = covers.read(cover) if cover else None
    changes = retag.TagChanges(options.given(metadata), titles, picture, no_cover)
    if changes:
        retag.change(file, changes)
    if as_json:
        click.echo(json.dumps(_as_json(file, retag.read(file)), ensure_ascii=False, indent=1))
    elif changes:
        click.echo(file)
    else:
        for line in _tag_lines(retag.read(file)):
            click.echo(line)


def _tag_lines(tags: "TagValues") -> Iterator[str]:
    for name, text in tags.texts.items():
        first, *more = text.splitlines()
        yield f"{name.replace('_', ' ')}: {first}"
        yield from (f"    {line}" for line in more)
    if cover := tags.cover:
        yield f"cover: {cover.mime}, {cover.width} x {cover.height}, {len(cover.data):,} bytes"
    for number, chapter in enumerate(tags.chapters, 1):
        yield f"chapter {number}: {timestamp(chapter.start)} {chapter.title}"


def _as_json(file: Path, tags: "TagValues") -> dict[str, object]:
    cover = tags.cover
    return {
        "file": str(file),
        "tags": dict(tags.texts),
        "chapters": [
            {"title": chapter.title, "start": chapter.start / 1000, "end": chapter.end / 1000}
            for chapter in tags.chapters
        ],
        "cover": cover
        and {
            "type": cover.mime,
            "width": cover.width,
            "height": cover.height,
            "bytes": len(cover.data),
        },
    }
