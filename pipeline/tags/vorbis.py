# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Vorbis comments: of Opus in Ogg, and of FLAC."""

import base64
from pathlib import Path
from typing import Any

from mutagen.flac import FLAC, Picture
from mutagen.id3 import PictureType
from mutagen.oggopus import OggOpus

from pipeline.cover import Cover
from pipeline.tags.sheet import Sheet
from pipeline.wording import clock

MOST_CHAPTERS = 1000
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


def write_opus(path: Path, sheet: Sheet) -> None:
    """Replace the comments of an Opus file; the cover goes in as a comment, in base64."""
    file: Any = OggOpus(path)
    file.tags.clear()
    file.tags.extend(_comments(sheet))
    if cover := sheet.cover:
        block = base64.b64encode(_picture(cover).write()).decode()
        file.tags.append(("METADATA_BLOCK_PICTURE", block))
    file.save(padding=lambda _: 0)


def write_flac(path: Path, sheet: Sheet) -> None:
    """Replace the comments and the pictures of a FLAC file."""
    file: Any = FLAC(path)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    file.tags.extend(_comments(sheet))
    file.clear_pictures()
    if cover := sheet.cover:
        file.add_picture(_picture(cover))
    file.save(deleteid3=True, padding=lambda _: 0)


def _comments(sheet: Sheet) -> list[tuple[str, str]]:
    texts = sheet.texts
    comments = [(key, texts[name]) for name in COMMENTS if name in texts for key in COMMENTS[name]]
    if track := sheet.track:
        comments += [("TRACKNUMBER", str(track.number)), ("TRACKTOTAL", str(track.total))]
    for n, chapter in enumerate(sheet.chapters[:MOST_CHAPTERS]):
        comments.append((f"CHAPTER{n:03}", clock(chapter.start)))
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
