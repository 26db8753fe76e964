"""`fullcast tag`."""

import json
import re
from collections.abc import Iterator, Sequence
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
        if not equals or not re.fullmatch(r"\s*\d{1,9}\s*", number):
            raise click.BadParameter(f"{value!r} is not a number and a title, like '2=The Boat'")
        titles[int(number)] = title
    return titles


@click.command()
@click.argument("file", metavar="FILE", type=path_types.AUDIO)
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
@options.id3
@click.option("--json", "as_json", is_flag=True, help="Print the contents of the file as JSON.")
def tag(
    file: Path,
    titles: dict[int, str],
    cover: Path | None,
    no_cover: bool,
    id3: str | None,
    as_json: bool,
    **metadata: str | tuple[str, ...] | None,
) -> None:
    """Show the tags of an audio file, or change them without encoding it again.

    An option with an empty text removes its tag. Everything else in the file stays as it is. FILE
    may be a folder: all audio files in it are shown or changed; --title is then that of the book.
    """
    from pipeline.app import retag  # noqa: PLC0415
    from pipeline.export import cover as covers  # noqa: PLC0415 - Pillow and mutagen, for this alone

    if cover and no_cover:
        raise click.UsageError("--cover and --no-cover contradict each other")
    picture = covers.read(cover) if cover else None
    version = options.ID3_VERSIONS[id3] if id3 else None
    changes = retag.TagChanges(options.given(metadata), titles, picture, no_cover, version)
    is_folder = file.is_dir()
    files = retag.audio_files(file)
    if is_folder:
        changes = changes.for_folder()
        for path in files:  # one that cannot be read is reported before any is changed
            retag.read(path)
    if changes:
        for path in files:
            retag.change(path, changes)
    if as_json:
        shown = [_as_json(path, retag.read(path)) for path in files]
        click.echo(json.dumps(shown if is_folder else shown[0], ensure_ascii=False, indent=1))
    elif changes:
        for path in files:
            click.echo(path)
    else:
        for line in _lines_of(files, with_names=is_folder):
            click.echo(line)


def _lines_of(files: Sequence[Path], *, with_names: bool) -> Iterator[str]:
    """Yield the tags of files, those of several with the name of each above them."""
    from pipeline.app import retag  # noqa: PLC0415

    for number, path in enumerate(files):
        if with_names:
            yield from [""] if number else []
            yield str(path)
        yield from _tag_lines(retag.read(path))


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
