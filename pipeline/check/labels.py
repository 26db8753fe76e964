# mypy: allow-untyped-calls
# (mutagen is annotated here and there only)
"""Tags, cover and chapters of a file, as Audiobookshelf, Plex and Apple's players read them.

Audiobookshelf asks ffprobe, so what ffmpeg finds is what it finds (its `server/utils/prober.js`
and `AudioFileScanner.js` say which tag is what). Plex and Apple read the file themselves; for
them mutagen does.
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

from pipeline.core.ffmpeg import Ffmpeg

FIELDS = ("title", "author", "narrator", "series", "year", "track")
"""What players show of a book, in the order in which it is told."""

_BOOKSHELF = {
    "title": ("album", "talb", "title", "tit2"),
    "author": ("artist", "tpe1", "albumartist", "album_artist", "tpe2"),
    "narrator": ("composer", "tcom"),
    "series": ("series",),
    "year": ("date", "tyer"),
    "track": ("track", "trck"),
}
_PLEX = {"title": "album", "author": "albumartist", "year": "year", "track": "track"}
_APPLE = {"title": "title", "author": "artist", "narrator": "composer", "year": "year"} | {
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
class ReadChapter:
    """A chapter mark, in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class FileLabels:
    """What players read: for each of them the `FIELDS` that it shows and the file has.

    `cover` is its width and height in pixels, (0, 0) for one that cannot be read, None for none.
    `audiobook` tells whether Apple's players take an MP4 for a book; None in other containers.
    `version` is that of the ID3 tag, None in other containers.
    """

    players: Mapping[str, Mapping[str, str]]
    chapters: tuple[ReadChapter, ...]
    cover: tuple[int, int] | None = None
    audiobook: bool | None = None
    version: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether the file is one of several: it has a track number, such as 3 of 12."""
        return any("track" in shown for shown in self.players.values())


def labels(path: Path) -> FileLabels:
    """Read the labels of an audio file; EncodeError when ffmpeg cannot."""
    notes = _notes(path)
    tags, own = _own(path)
    texts = {
        "Audiobookshelf": _first(_BOOKSHELF, notes.tags),
        "Plex": _shown(_PLEX, {"albumartist": own.get("artist", "")} | own),
        "Apple": _shown(_APPLE, own),
    }
    is_mp4 = isinstance(tags, MP4Tags)
    return FileLabels(
        players=texts,
        chapters=tuple(notes.chapters),
        cover=_cover(tags),
        audiobook=tags.get("stik") == [2] if is_mp4 else None,
        version=tags.version[1] if isinstance(tags, ID3) else None,
    )


def flaw(chapters: tuple[ReadChapter, ...], seconds: float) -> str | None:
    """Say what is wrong with chapter marks in a file of that length; None when nothing is."""
    for number, (one, other) in enumerate(pairwise(chapters), 1):
        if other.start <= one.start:
            return f"chapter {number + 1} does not begin after chapter {number}"
    for number, chapter in enumerate(chapters, 1):
        if not chapter.title.strip():
            return f"chapter {number} has no title"
        if chapter.start >= seconds:
            return f"chapter {number} begins after the end of the file"
    if chapters and chapters[0].start > 1:
        return "the first chapter does not begin with the file"
    return None


@dataclass(slots=True)
class _Notes:
    tags: dict[str, str] = field(default_factory=dict)
    chapters: list[ReadChapter] = field(default_factory=list)


def _notes(path: Path) -> _Notes:
    notes = _parsed(_ffmetadata(path))
    if not notes.tags.keys() - {"encoder"}:  # Ogg keeps its tags in the stream, and so do readers
        notes.tags = _parsed(_ffmetadata(path, "-map_metadata", "0:s:a:0")).tags
    return notes


def _ffmetadata(path: Path, *options: str) -> str:
    arguments = ["-i", str(path), *options, "-f", "ffmetadata", "pipe:1"]
    with Ffmpeg(arguments, f"reading the tags of {path.name}", capture_output=True) as run:
        return "".join(run.lines())


def _parsed(text: str) -> _Notes:
    """Read FFMETADATA1: sections of `key=value`, a backslash before what is meant literally."""
    head, *rest = re.split(r"^\[(?=\w+\]$)", text, flags=re.MULTILINE)
    notes = _Notes({key.lower(): value for key, value in _pairs(head)})
    for section in rest:
        name, _, body = section.partition("]")
        pairs = dict(_pairs(body))
        if name == "CHAPTER":
            over, under = map(int, pairs["TIMEBASE"].split("/"))
            start, end = (int(pairs[key]) * over / under for key in ("START", "END"))
            notes.chapters.append(ReadChapter(pairs.get("title", ""), start, end))
    return notes


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for key, value in re.findall(r"^((?:\\.|[^=\\\n;])+)=((?:\\[\s\S]|[^\\\n])*)$", text, re.M):
        yield _plain(key), _plain(value)


def _plain(text: str) -> str:
    return re.sub(r"\\([\s\S])", r"\1", text)


def _first(fields: Mapping[str, tuple[str, ...]], tags: Mapping[str, str]) -> dict[str, str]:
    found = {name: next(filter(None, map(tags.get, keys)), "") for name, keys in fields.items()}
    return {name: str(text) for name, text in found.items() if text}


def _shown(fields: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    return {name: tags[key] for name, key in fields.items() if tags.get(key)}


def _own(path: Path) -> tuple[Any, dict[str, str]]:
    """Read the tags by mutagen: as they are, and by names that all containers share."""
    try:
        file = mutagen.File(path)
    except Exception:  # a damaged tag brings up what mutagen's parsers did not foresee
        file = None
    if file is None or file.tags is None:
        return {}, {}
    names = _names(file.tags)
    texts = {name: _text(file.tags.get(key)) for name, key in names.items()}
    return _pictured(file), {name: text for name, text in texts.items() if text}


def _names(tags: Any) -> Mapping[str, str]:
    if isinstance(tags, MP4Tags):
        return _MP4
    if isinstance(tags, ID3):
        return _ID3
    return {name: _VORBIS.get(name, name) for name in _ID3}


def _pictured(file: Any) -> Any:
    """Give the tags; a FLAC file keeps its pictures beside them."""
    pictures = getattr(file, "pictures", None)
    return {"pictures": pictures} if pictures else file.tags


def _text(value: Any) -> str:
    if not value:
        return ""
    first = value[0] if isinstance(value, list) else getattr(value, "text", [value])[0]
    if isinstance(first, tuple):  # a track and how many there are
        return "/".join(str(number) for number in first if number)
    return str(first)


def _cover(tags: Any) -> tuple[int, int] | None:
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
    from base64 import b64decode  # noqa: PLC0415 - in Ogg alone

    from mutagen.flac import Picture  # noqa: PLC0415

    for block in blocks:
        try:
            yield Picture(b64decode(block)).data
        except (ValueError, mutagen.MutagenError):
            yield b""
