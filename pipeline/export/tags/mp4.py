# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""Tags of an M4B or M4A file: the atoms that Apple's players and the library servers read."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from mutagen.mp4 import MP4, MP4Cover, MP4Tags

from pipeline.core.errors import EncodeError
from pipeline.export.cover.image import embedded_cover
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.mp4_chapter_reading import read_chapters
from pipeline.export.tags.mp4_chapter_titles import rename_chapters
from pipeline.export.tags.mp4_track_language import set_track_languages
from pipeline.export.tags.values import CHAPTERS, COVER, TagValues

AUDIOBOOK = 2
"""Media kind (`stik`) 2: the player remembers the position and offers playback speeds."""
MAX_MOVEMENT = 2**15 - 1
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
FREEFORM_PREFIX = "----:com.apple.iTunes:"
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
_MOVEMENT = "\xa9mvi"
_COVER = "covr"


class M4bTags:
    """Implements `TagContainer` for MP4 files; chapters keep both their forms and their times."""

    def read(self, path: Path) -> TagValues:
        """Read the tags, and the chapters: those of the text track, else Nero's list."""
        file: Any = MP4(path)
        tags = file.tags or {}
        covers = tags.get(_COVER)
        return TagValues(
            dict(_read_texts(tags)),
            read_chapters(path) or tuple(_listed_chapters(file)),
            cover=embedded_cover(bytes(covers[0])) if covers else None,
        )

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all tags or those of some fields.

        Chapters get new titles if "chapters" is among the fields; EncodeError if the layout of
        the file does not allow it. The language is stated in the header of each track as well.
        """
        file: Any = MP4(path)
        tags = _tags(values)
        if fields is None or file.tags is None:
            file.tags = tags
        else:
            for atom in _atoms(fields):
                file.tags.pop(atom, None)
                if atom in tags:
                    file.tags[atom] = tags[atom]
        # The padding stays, so that later tags fit as well and no audio has to be moved for them.
        file.save(padding=lambda info: max(0, info.padding))
        if fields is None or "language" in fields:
            set_track_languages(path, values.texts.get("language", ""))
        if fields is not None and CHAPTERS in fields:
            _rename_chapters(path, values)


def _rename_chapters(path: Path, values: TagValues) -> None:
    try:
        rename_chapters(path, [chapter.title for chapter in values.chapters])
    except ValueError as error:
        raise EncodeError.of(
            f"cannot change its chapter titles ({error})",
            file=path,
            remedy="change the headings in the book and render again; no clip is synthesised again",
        ) from error


def _read_texts(tags: Any) -> Iterator[tuple[str, str]]:
    for name, atoms in ATOMS.items():
        if values := tags.get(atoms[0]):
            yield name, str(values[0])
    for name, key in FREEFORM.items():
        if values := tags.get(FREEFORM_PREFIX + key):
            yield name, bytes(values[0]).decode("utf-8", "replace")


def _listed_chapters(file: Any) -> Iterator[ContainerChapter]:
    marks = file.chapters or ()
    starts = [round(1000 * mark.start) for mark in marks]
    ends = [*starts[1:], round(1000 * file.info.length)]
    for mark, start, end in zip(marks, starts, ends, strict=False):
        yield ContainerChapter(mark.title, start, end)


def _atoms(fields: Collection[str]) -> Iterator[str]:
    """Yield the names of all atoms of some fields."""
    for name in fields:
        yield from ATOMS.get(name, ())
        if name in FREEFORM:
            yield FREEFORM_PREFIX + FREEFORM[name]
        yield from {"part": [_MOVEMENT], COVER: [_COVER]}.get(name, ())


def _tags(values: TagValues) -> MP4Tags:
    texts = values.texts
    tags = MP4Tags()
    for name, atoms in ATOMS.items():
        if name in texts:
            tags.update({atom: [texts[name]] for atom in atoms})
    for name, key in FREEFORM.items():
        if name in texts:
            tags[FREEFORM_PREFIX + key] = [texts[name].encode()]
    tags["stik"] = [AUDIOBOOK]
    tags["pgap"] = True
    part = texts.get("part", "")
    if part.isdecimal() and len(part) <= 9 and int(part) <= MAX_MOVEMENT:
        tags[_MOVEMENT] = [int(part)]
    if (track := values.track) and track.number:
        tags["trkn"] = [(track.number, track.total)]
    if cover := values.cover:
        kind = MP4Cover.FORMAT_PNG if cover.mime == "image/png" else MP4Cover.FORMAT_JPEG
        tags[_COVER] = [MP4Cover(cover.data, kind)]
    return tags
