"""`fullcast tag`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.core.messages import timestamp

if TYPE_CHECKING:
    from pipeline.export.tags.values import TagValues


def _titles(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[int, str]:
    titles = {}
    for each in given:
        number, equals, title = each.partition("=")
        if not equals or not number.strip().isdecimal():
            raise click.BadParameter(f"{each!r} is no number and title, such as '2=The Boat'")
        titles[int(number)] = title
    return titles


@click.command()
@click.argument("file", type=options.FILE)
@options.metadata
@click.option("--album", metavar="TEXT", help="The book's title in the file of a chapter.")
@click.option(
    "--chapter",
    "titles",
    multiple=True,
    callback=_titles,
    metavar="N=TITLE",
    help="A new title for chapter N; may be given several times.",
)
@click.option("--cover", type=options.FILE, help="A JPEG or PNG in place of the cover.")
@click.option("--no-cover", is_flag=True, help="Take the cover out.")
@click.option("--json", "as_json", is_flag=True, help="Print what is in the file as JSON.")
def tag(
    file: Path,
    titles: dict[int, str],
    cover: Path | None,
    no_cover: bool,
    as_json: bool,
    **metadata: str | tuple[str, ...] | None,
) -> None:
    """Show the tags of an audio file, or change them without encoding it again.

    An option with an empty text takes its tag out. All else in the file stays as it is.
    """
    from pipeline.app import retag  # noqa: PLC0415
    from pipeline.export import cover as covers  # noqa: PLC0415 - Pillow and mutagen, for this alone

    if cover and no_cover:
        raise click.UsageError("--cover and --no-cover disagree")
    picture = covers.read(cover) if cover else None
    changes = retag.TagChanges(options.given(metadata), titles, picture, no_cover)
    if changes:
        retag.change(file, changes)
    if as_json:
        click.echo(json.dumps(_as_json(file, retag.read(file)), ensure_ascii=False, indent=1))
    elif changes:
        click.echo(file)
    else:
        for line in _told(retag.read(file)):
            click.echo(line)


def _told(found: "TagValues") -> Iterator[str]:
    for name, text in found.texts.items():
        first, *more = text.splitlines()
        yield f"{name.replace('_', ' ')}: {first}"
        yield from (f"    {line}" for line in more)
    if cover := found.cover:
        yield f"cover: {cover.mime}, {cover.width} x {cover.height}, {len(cover.data):,} bytes"
    for number, chapter in enumerate(found.chapters, 1):
        yield f"chapter {number}: {timestamp(chapter.start)} {chapter.title}"


def _as_json(file: Path, found: "TagValues") -> dict[str, object]:
    cover = found.cover
    return {
        "file": str(file),
        "tags": dict(found.texts),
        "chapters": [
            {"title": chapter.title, "start": chapter.start / 1000, "end": chapter.end / 1000}
            for chapter in found.chapters
        ],
        "cover": cover
        and {
            "type": cover.mime,
            "width": cover.width,
            "height": cover.height,
            "bytes": len(cover.data),
        },
    }
