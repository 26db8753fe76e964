# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Vorbis comments: of Opus in Ogg, and of FLAC."""

import base64
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from mutagen.flac import FLAC, Picture
from mutagen.id3 import PictureType
from mutagen.oggopus import OggOpus

from pipeline.core.messages import timestamp
from pipeline.export.cover.image import Cover
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import TagValues, pictured

MOST_CHAPTERS = 1000
"""A chapter's number has three digits: CHAPTER000 to CHAPTER999 (Xiph's chapter extension)."""

BLOCK = "METADATA_BLOCK_PICTURE"
CHAPTER = re.compile(r"CHAPTER\d{3}(NAME)?", re.IGNORECASE)
TIME = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d*)?)")

COMMENTS = {
    "title": ("TITLE",),
    "subtitle": ("SUBTITLE",),
    "album": ("ALBUM",),
    "author": ("ARTIST", "ALBUMARTIST"),
    "narrator": ("COMPOSER",),
    "genre": ("GENRE",),
    "year": ("DATE",),
    "description": ("DESCRIPTION", "COMMENT"),
    "publisher": ("PUBLISHER",),
    "series": ("SERIES",),
    "part": ("SERIES-PART",),
    "language": ("LANGUAGE",),
    "copyright": ("COPYRIGHT",),
    "isbn": ("ISBN",),
    "asin": ("ASIN",),
    "licence": ("LICENSE",),
    "title_sort": ("TITLESORT",),
    "album_sort": ("ALBUMSORT",),
    "author_sort": ("ARTISTSORT", "ALBUMARTISTSORT"),
}


def write_opus(path: Path, sheet: TagValues, only: Collection[str] | None = None) -> None:
    """Replace the comments of an Opus file; the cover goes in as a comment, in base64.

    With `only`, those of some fields, the "cover" or the "chapters", and all others stay.
    """
    file: Any = OggOpus(path)
    comments = _comments(sheet)
    if cover := sheet.cover:
        comments.append((BLOCK, base64.b64encode(_picture(cover).write()).decode()))
    _replace(file.tags, comments, only)
    file.save(padding=lambda _: 0)


def write_flac(path: Path, sheet: TagValues, only: Collection[str] | None = None) -> None:
    """Replace the comments and the pictures of a FLAC file, or `only` some, as in Opus."""
    file: Any = FLAC(path)
    if file.tags is None:
        file.add_tags()
    _replace(file.tags, _comments(sheet), only)
    if only is None or "cover" in only:
        file.clear_pictures()
        if cover := sheet.cover:
            file.add_picture(_picture(cover))
    file.save(deleteid3=True, padding=lambda _: 0)


def read_opus(path: Path) -> TagValues:
    """Read what `write_opus` writes."""
    file: Any = OggOpus(path)
    blocks = [block.data for block in map(_block, file.tags.get(BLOCK, ())) if block]
    return _sheet(file, blocks)


def read_flac(path: Path) -> TagValues:
    """Read what `write_flac` writes."""
    file: Any = FLAC(path)
    return _sheet(file, [picture.data for picture in file.pictures])


def _sheet(file: Any, pictures: list[bytes]) -> TagValues:
    tags = file.tags or {}
    texts = {name: str(tags[keys[0]][0]) for name, keys in COMMENTS.items() if tags.get(keys[0])}
    cover = pictured(pictures[0]) if pictures else None
    return TagValues(texts, _chapters(tags, round(1000 * file.info.length)), cover=cover)


def _chapters(tags: Any, end: int) -> tuple[ContainerChapter, ...]:
    marks = []
    for n in range(MOST_CHAPTERS):
        found = TIME.fullmatch(tags.get(f"CHAPTER{n:03}", [""])[0])
        if found:
            hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3])
            title = str(tags.get(f"CHAPTER{n:03}NAME", [""])[0])
            marks.append((title, round(1000 * (60 * (60 * hours + minutes) + seconds))))
    ends = [*(start for _, start in marks[1:]), end]
    return tuple(ContainerChapter(*mark, last) for mark, last in zip(marks, ends, strict=False))


def _replace(tags: Any, comments: list[tuple[str, str]], only: Collection[str] | None) -> None:
    """Replace all comments, or those of some fields."""
    if only is None:
        tags.clear()
    else:
        keys = {key for name in only for key in COMMENTS.get(name, ())}
        keys |= {BLOCK} if "cover" in only else set()
        chapters = "chapters" in only
        mine = {key for key, _ in (*tags, *comments) if key.upper() in keys}
        mine |= {key for key, _ in (*tags, *comments) if chapters and CHAPTER.fullmatch(key)}
        comments = [(key, text) for key, text in comments if key in mine]
        tags[:] = [(key, text) for key, text in tags if key not in mine]
    tags.extend(comments)


def _block(text: str) -> Picture | None:
    try:
        return Picture(base64.b64decode(text))
    except Exception:  # whatever a damaged block brings up
        return None


def _comments(sheet: TagValues) -> list[tuple[str, str]]:
    texts = sheet.texts
    comments = [(key, texts[name]) for name in COMMENTS if name in texts for key in COMMENTS[name]]
    if track := sheet.track:
        comments += [("TRACKNUMBER", str(track.number)), ("TRACKTOTAL", str(track.total))]
    for n, chapter in enumerate(sheet.chapters[:MOST_CHAPTERS]):
        comments.append((f"CHAPTER{n:03}", timestamp(chapter.start)))
        comments.append((f"CHAPTER{n:03}NAME", chapter.title))
    return comments


def _picture(cover: Cover) -> Picture:
    picture = Picture()
    picture.type = PictureType.COVER_FRONT
    picture.mime = cover.mime
    picture.width, picture.height = cover.width, cover.height
    picture.depth = 24
    picture.data = cover.data
    return picture
