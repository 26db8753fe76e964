# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""Vorbis comments: of Opus in Ogg, and of FLAC."""

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from mutagen.flac import FLAC, Picture
from mutagen.id3 import PictureType
from mutagen.oggopus import OggOpus

from pipeline.core.messages import timestamp
from pipeline.export.cover.image import Cover, embedded_cover
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.values import CHAPTERS, COVER, TagValues

MAX_CHAPTERS = 1000
"""A chapter's number has three digits: CHAPTER000 to CHAPTER999 (Xiph's chapter extension)."""

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
_PICTURE = "METADATA_BLOCK_PICTURE"
_CHAPTER = re.compile(r"CHAPTER\d{3}(NAME)?", re.IGNORECASE)
_CHAPTER_TIME = re.compile(r"(\d{1,9}):(\d\d):(\d\d(?:\.\d*)?)")

_Comment = tuple[str, str]


class OpusTags:
    """Implements `TagContainer` for Ogg Opus files; the cover is a comment, in base64."""

    def read(self, path: Path) -> TagValues:
        """Read the comments."""
        file: Any = OggOpus(path)
        blocks = map(_parse_picture, file.tags.get(_PICTURE, ()))
        return _read(file, [picture.data for picture in blocks if picture])

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all comments or those of some fields."""
        file: Any = OggOpus(path)
        comments = _comments(values)
        if cover := values.cover:
            comments.append((_PICTURE, base64.b64encode(_picture(cover).write()).decode()))
        _replace(file.tags, comments, fields)
        file.save(padding=lambda _: 0)


class FlacTags:
    """Implements `TagContainer` for FLAC files, which hold pictures beside the comments."""

    def read(self, path: Path) -> TagValues:
        """Read the comments and the first picture."""
        file: Any = FLAC(path)
        return _read(file, [picture.data for picture in file.pictures])

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all comments and pictures, or those of some fields; ID3 tags are removed."""
        file: Any = FLAC(path)
        if file.tags is None:
            file.add_tags()
        _replace(file.tags, _comments(values), fields)
        if fields is None or COVER in fields:
            file.clear_pictures()
            if cover := values.cover:
                file.add_picture(_picture(cover))
        file.save(deleteid3=True, padding=lambda _: 0)


def _read(file: Any, pictures: list[bytes]) -> TagValues:
    tags = _first_values(file.tags or ())
    texts = {field: tags[keys[0]] for field, keys in COMMENTS.items() if keys[0] in tags}
    chapters = _read_chapters(tags, round(1000 * file.info.length))
    return TagValues(texts, chapters, cover=embedded_cover(pictures[0]) if pictures else None)


def _first_values(comments: Iterable[_Comment]) -> dict[str, str]:
    """Return the first value of each key, in upper case; mutagen would search for each in all."""
    values: dict[str, str] = {}
    for key, value in comments:
        values.setdefault(key.upper(), str(value))
    return values


def _read_chapters(tags: Mapping[str, str], end: int) -> tuple[ContainerChapter, ...]:
    """Read the chapters; the last one ends at `end`, in milliseconds."""
    marks = []
    for number in range(MAX_CHAPTERS):
        time = _CHAPTER_TIME.fullmatch(tags.get(f"CHAPTER{number:03}", ""))
        if time:
            hours, minutes, seconds = int(time[1]), int(time[2]), float(time[3])
            title = tags.get(f"CHAPTER{number:03}NAME", "")
            marks.append((title, round(1000 * (60 * (60 * hours + minutes) + seconds))))
    ends = [*(start for _, start in marks[1:]), end]
    return tuple(
        ContainerChapter(title, start, stop)
        for (title, start), stop in zip(marks, ends, strict=False)
    )


def _replace(tags: Any, comments: list[_Comment], fields: Collection[str] | None) -> None:
    """Replace all comments, or those of some fields."""
    if fields is None:
        tags.clear()
    else:
        comments = [comment for comment in comments if _is_of(comment, fields)]
        tags[:] = [comment for comment in tags if not _is_of(comment, fields)]
    tags.extend(comments)


def _is_of(comment: _Comment, fields: Collection[str]) -> bool:
    """Return whether a comment belongs to one of some fields; keys are case-insensitive."""
    key = comment[0].upper()
    if key == _PICTURE:
        return COVER in fields
    if _CHAPTER.fullmatch(key):
        return CHAPTERS in fields
    return any(key in COMMENTS.get(field, ()) for field in fields)


def _parse_picture(text: str) -> Picture | None:
    try:
        return Picture(base64.b64decode(text))
    except Exception:  # a damaged block can raise anything
        return None


def _comments(values: TagValues) -> list[_Comment]:
    texts = values.texts
    comments = [
        (key, texts[field]) for field, keys in COMMENTS.items() if field in texts for key in keys
    ]
    if (track := values.track) and track.number:
        comments += [("TRACKNUMBER", str(track.number)), ("TRACKTOTAL", str(track.total))]
    for number, chapter in enumerate(values.chapters[:MAX_CHAPTERS]):
        comments.append((f"CHAPTER{number:03}", timestamp(chapter.start)))
        comments.append((f"CHAPTER{number:03}NAME", chapter.title))
    return comments


def _picture(cover: Cover) -> Picture:
    picture = Picture()
    picture.type = PictureType.COVER_FRONT
    picture.mime = cover.mime
    picture.width, picture.height = cover.width, cover.height
    picture.depth = 24
    picture.data = cover.data
    return picture
