# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Tags, cover and chapters of a file, as Audiobookshelf, Plex and Apple's players read them.

Audiobookshelf uses ffprobe, so its tags are read with ffmpeg (the mapping is from its
`server/utils/prober.js` and `AudioFileScanner.js`). Plex and Apple have readers of their own, for
which mutagen stands in.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import mutagen
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags
from PIL import Image

from pipeline.check.bookshelf_names import bookshelf_names
from pipeline.core.ffmpeg import Ffmpeg

FIELDS = ("title", "author", "narrator", "series", "year", "track")
"""What players show of a book, in the order of the report."""

_BOOKSHELF = {
    "title": ("album", "talb", "title", "tit2"),
    "author": ("artist", "tpe1", "albumartist", "album_artist", "tpe2"),
    "narrator": ("composer", "tcom"),
    "series": ("series",),
    "year": ("date", "tyer"),
    "track": ("track", "trck"),
}
_PLEX = {"title": "album", "author": "albumartist", "year": "year", "track": "track"}
_APPLE = {
    "title": "title",
    "author": "artist",
    "narrator": "composer",
    "year": "year",
    "series": "movement",
    "track": "track",
}
_ID3 = {
    "title": "TIT2",
    "album": "TALB",
    "artist": "TPE1",
    "albumartist": "TPE2",
    "composer": "TCOM",
    "year": "TDRC",
    "track": "TRCK",
    "movement": "MVNM",
}
_MP4 = {
    "title": "\xa9nam",
    "album": "\xa9alb",
    "artist": "\xa9ART",
    "albumartist": "aART",
    "composer": "\xa9wrt",
    "year": "\xa9day",
    "track": "trkn",
    "movement": "\xa9mvn",
}
_VORBIS = {"year": "date", "track": "tracknumber"}


@dataclass(frozen=True, slots=True)
class FileChapter:
    """A chapter mark of a file, in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class FileTags:
    """What players read from a file: for each player those `FIELDS` that it shows.

    `cover` is the width and height in pixels, (0, 0) for an unreadable cover, None for none.
    `audiobook` is whether Apple's players treat an MP4 as an audiobook; None in other containers.
    `version` is the version of the ID3 tag; None in other containers.
    """

    players: Mapping[str, Mapping[str, str]]
    chapters: tuple[FileChapter, ...]
    cover: tuple[int, int] | None = None
    audiobook: bool | None = None
    version: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether the file is one of several: it has a track number, such as 3 of 12."""
        return any("track" in shown for shown in self.players.values())


def read_tags(path: Path) -> FileTags:
    """Read tags, cover and chapters of an audio file; raise EncodeError if ffmpeg cannot."""
    metadata = _read_ffmetadata(path)
    tags, fields = _read_mutagen(path)
    players = {
        "Audiobookshelf": _with_names(_first_of(_BOOKSHELF, metadata.tags)),
        "Plex": _renamed(_PLEX, {"albumartist": fields.get("artist", "")} | fields),
        "Apple": _renamed(_APPLE, fields),
    }
    is_mp4 = isinstance(tags, MP4Tags)
    return FileTags(
        players=players,
        chapters=tuple(metadata.chapters),
        cover=_cover_size(tags),
        audiobook=tags.get("stik") == [2] if is_mp4 else None,
        version=tags.version[1] if isinstance(tags, ID3) else None,
    )


def chapter_defect(chapters: tuple[FileChapter, ...], seconds: float) -> str | None:
    """Return what is wrong with the chapters of a file of that length; None if nothing is."""
    for number, (chapter, following) in enumerate(pairwise(chapters), 1):
        if following.start <= chapter.start:
            return f"chapter {number + 1} does not start after chapter {number}"
    for number, chapter in enumerate(chapters, 1):
        if not chapter.title.strip():
            return f"chapter {number} has no title"
        if chapter.start >= seconds:
            return f"chapter {number} starts after the end of the file"
    if chapters and chapters[0].start > 1:
        return "the first chapter does not start at the beginning of the file"
    return None


@dataclass(slots=True)
class FFMetadata:
    """The content of an FFMETADATA1 file: tags by lower-case name, and chapters."""

    tags: dict[str, str] = field(default_factory=dict)
    chapters: list[FileChapter] = field(default_factory=list)


def _read_ffmetadata(path: Path) -> FFMetadata:
    metadata = parse_ffmetadata(_dump_ffmetadata(path))
    if not metadata.tags.keys() - {"encoder"}:  # in Ogg the tags belong to the stream
        dump = _dump_ffmetadata(path, "-map_metadata", "0:s:a:0")
        metadata.tags = parse_ffmetadata(dump).tags
    return metadata


def _dump_ffmetadata(path: Path, *options: str) -> str:
    arguments = ["-i", str(path), *options, "-f", "ffmetadata", "pipe:1"]
    with Ffmpeg(arguments, f"reading the tags of {path.name}", capture_output=True) as run:
        return "".join(run.lines())


def parse_ffmetadata(text: str) -> FFMetadata:
    """Parse FFMETADATA1: sections of `key=value`, special characters escaped by a backslash."""
    head, *sections = re.split(r"^\[(?=\w+\]$)", text, flags=re.MULTILINE)
    metadata = FFMetadata({key.lower(): value for key, value in _pairs(head)})
    for section in sections:
        name, _, body = section.partition("]")
        pairs = dict(_pairs(body))
        if name == "CHAPTER":
            numerator, denominator = map(int, pairs["TIMEBASE"].split("/"))
            start, end = (int(pairs[key]) * numerator / denominator for key in ("START", "END"))
            metadata.chapters.append(FileChapter(pairs.get("title", ""), start, end))
    return metadata


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for key, value in re.findall(r"^((?:\\.|[^=\\\n;])+)=((?:\\[\s\S]|[^\\\n])*)$", text, re.M):
        yield _unescaped(key), _unescaped(value)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\s\S])", r"\1", text)


def _first_of(fields: Mapping[str, tuple[str, ...]], tags: Mapping[str, str]) -> dict[str, str]:
    """Return for each field the first of its tags that is present."""
    values = {name: next(filter(None, map(tags.get, keys)), "") for name, keys in fields.items()}
    return {name: str(value) for name, value in values.items() if value}


def _with_names(shown: Mapping[str, str]) -> dict[str, str]:
    """Return what Audiobookshelf shows, several names separated by semicolons."""
    people = {name: shown[name] for name in ("author", "narrator") if name in shown}
    return {**shown, **{name: "; ".join(bookshelf_names(text)) for name, text in people.items()}}


def _renamed(fields: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each field's tag, if it is present."""
    return {name: tags[key] for name, key in fields.items() if tags.get(key)}


def _read_mutagen(path: Path) -> tuple[Any, dict[str, str]]:
    """Return the tags as mutagen has them, and as text by names common to all containers."""
    try:
        file = mutagen.File(path)
    except Exception:  # mutagen's parsers raise anything on damaged tags
        file = None
    if file is None or file.tags is None:
        return {}, {}
    texts = {name: _text(file.tags.get(key)) for name, key in _tag_keys(file.tags).items()}
    return _tags_with_pictures(file), {name: text for name, text in texts.items() if text}


def _tag_keys(tags: Any) -> Mapping[str, str]:
    if isinstance(tags, MP4Tags):
        return _MP4
    if isinstance(tags, ID3):
        return _ID3
    return {name: _VORBIS.get(name, name) for name in _ID3}


def _tags_with_pictures(file: Any) -> Any:
    """Return the tags of a file, or its pictures if they are outside the tags, as in FLAC."""
    pictures = getattr(file, "pictures", None)
    return {"pictures": pictures} if pictures else file.tags


def _text(value: Any) -> str:
    if not value:
        return ""
    first = value[0] if isinstance(value, list) else getattr(value, "text", [value])[0]
    if isinstance(first, tuple):  # a track number and the number of tracks
        return "/".join(str(number) for number in first if number)
    return str(first)


def _cover_size(tags: Any) -> tuple[int, int] | None:
    data = next(_pictures(tags), None)
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except (OSError, Image.DecompressionBombError):
        return 0, 0


def _pictures(tags: Any) -> Iterator[bytes]:
    if isinstance(tags, MP4Tags):
        yield from map(bytes, tags.get("covr", []))
    elif isinstance(tags, ID3):
        yield from (frame.data for frame in tags.getall("APIC"))
    else:
        yield from (picture.data for picture in tags.get("pictures", []))
        yield from _vorbis_pictures(tags.get("metadata_block_picture", []))


def _vorbis_pictures(blocks: list[str]) -> Iterator[bytes]:
    from base64 import b64decode  # noqa: PLC0415 - only for Ogg

    from mutagen.flac import Picture  # noqa: PLC0415

    for block in blocks:
        try:
            yield Picture(b64decode(block)).data
        except (ValueError, mutagen.MutagenError):
            yield b""
