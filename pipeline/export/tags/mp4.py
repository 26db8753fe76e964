# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Tags of an M4B or M4A file: the atoms that Apple's players and the library servers read."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from mutagen.mp4 import MP4, MP4Cover, MP4Tags

from pipeline.core.errors import EncodeError
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.mp4_chapters import rename
from pipeline.export.tags.values import TagValues, pictured

AUDIOBOOK = 2
"""Media kind (`stik`) 2: the player keeps the place and offers speeds."""
MOVEMENTS = 2**15
"""`©mvi` is a signed 16-bit number."""

ATOMS = {
    "title": ("\xa9nam",),
    "album": ("\xa9alb",),
    "author": ("\xa9ART", "aART"),
    "narrator": ("\xa9wrt",),
    "genre": ("\xa9gen",),
    "year": ("\xa9day",),
    # Each of the three is the only one that some player shows, so each holds the whole text.
    "description": ("\xa9cmt", "desc", "ldes"),
    "copyright": ("cprt",),
    "series": ("\xa9mvn",),
    "title_sort": ("sonm",),
    "album_sort": ("soal",),
    "author_sort": ("soar", "soaa"),
}
FREE = "----:com.apple.iTunes:"
FREEFORM = {
    "series": "SERIES",
    "part": "SERIES-PART",
    "publisher": "PUBLISHER",
    "subtitle": "SUBTITLE",
    "language": "LANGUAGE",
    "asin": "ASIN",
    "isbn": "ISBN",
    "licence": "LICENSE",
}


def write(path: Path, sheet: TagValues, only: Collection[str] | None = None) -> None:
    """Replace the tags of `path`; its chapters, in both their forms, stay as they are.

    With `only`, those of some fields or the "cover", and all other tags stay as well; "chapters"
    are given their titles, if they are listed and the file has room for them.
    """
    file: Any = MP4(path)
    tags = _tags(sheet)
    if only is None or file.tags is None:
        file.tags = tags
    else:
        for key in _keys(only):
            file.tags.pop(key, None)
            if key in tags:
                file.tags[key] = tags[key]
    # What room there is stays: later tags then fit too, and no audio has to be moved for them.
    file.save(padding=lambda room: max(0, room.padding))
    if only is not None and "chapters" in only:
        _rename(path, sheet)


def _rename(path: Path, sheet: TagValues) -> None:
    try:
        rename(path, [chapter.title for chapter in sheet.chapters])
    except ValueError as error:
        raise EncodeError.of(
            f"its chapters cannot get new titles ({error})",
            file=path,
            remedy="change the headings in the book and render again: what is spoken is kept",
        ) from error


def read(path: Path) -> TagValues:
    """Read what `write` writes, and the Nero chapters."""
    file: Any = MP4(path)
    tags = file.tags or {}
    texts: dict[str, str] = {}
    for name, atoms in ATOMS.items():
        texts |= {name: str(tags[atoms[0]][0])} if tags.get(atoms[0]) else {}
    for name, key in FREEFORM.items():
        found = tags.get(FREE + key)
        texts |= {name: bytes(found[0]).decode("utf-8", "replace")} if found else {}
    covers = tags.get("covr")
    cover = pictured(bytes(covers[0])) if covers else None
    starts = [(mark.title, round(1000 * mark.start)) for mark in file.chapters or ()]
    ends = [*(start for _, start in starts[1:]), round(1000 * file.info.length)]
    marks = [ContainerChapter(*mark, end) for mark, end in zip(starts, ends, strict=False)]
    return TagValues(texts, tuple(marks), cover=cover)


def _keys(names: Collection[str]) -> Iterator[str]:
    for name in names:
        yield from ATOMS.get(name, ())
        yield from [FREE + FREEFORM[name]] if name in FREEFORM else ()
        yield from {"part": ["\xa9mvi"], "cover": ["covr"]}.get(name, ())


def _tags(sheet: TagValues) -> Any:
    texts = sheet.texts
    tags = MP4Tags()
    for name, atoms in ATOMS.items():
        if name in texts:
            tags.update({atom: [texts[name]] for atom in atoms})
    for name, key in FREEFORM.items():
        if name in texts:
            tags[FREE + key] = [texts[name].encode()]
    tags["stik"] = [AUDIOBOOK]
    tags["pgap"] = True
    part = texts.get("part", "")
    if part.isdecimal() and int(part) < MOVEMENTS:
        tags["\xa9mvi"] = [int(part)]
    if track := sheet.track:
        tags["trkn"] = [(track.number, track.total)]
    if cover := sheet.cover:
        kind = MP4Cover.FORMAT_PNG if cover.mime == "image/png" else MP4Cover.FORMAT_JPEG
        tags["covr"] = [MP4Cover(cover.data, kind)]
    return tags
