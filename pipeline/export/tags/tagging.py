"""Tags, chapter marks and cover of a finished file: what a player and a library read of it.

What goes where, in all containers alike: title and album are the book's title, artist is the
author alone, composer the narrator. Authors are one value without a comma in any name, since there
are readers that split artist at commas: see `pipeline.authors`. What a file says already is
replaced, the encoder's own name included.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import EncodeError
from pipeline.export.cover.image import Cover
from pipeline.export.tags import id3, mp4, vorbis
from pipeline.export.tags.chapters import ContainerChapter, chapters, titled
from pipeline.export.tags.labels import TrackNumber, labels
from pipeline.export.tags.values import TagValues
from pipeline.model.book import METADATA_FIELDS, Metadata
from pipeline.model.chapter_marks import ChapterMark

__all__ = [
    "ContainerChapter",
    "TagValues",
    "TrackNumber",
    "labels",
    "read",
    "rewrite",
    "titled",
    "write",
]


@dataclass(frozen=True, slots=True)
class _Container:
    """How the tags of a container are read and written."""

    read: Callable[[Path], TagValues]
    write: Callable[[Path, TagValues, Collection[str] | None], None]


_MP4 = _Container(mp4.read, mp4.write)
_OPUS = _Container(vorbis.read_opus, vorbis.write_opus)
_CONTAINERS = {
    ".m4b": _MP4,
    ".m4a": _MP4,
    ".mp3": _Container(id3.read_mp3, id3.write_mp3),
    ".wav": _Container(id3.read_wav, id3.write_wav),
    ".opus": _OPUS,
    ".ogg": _OPUS,
    ".flac": _Container(vorbis.read_flac, vorbis.write_flac),
}


def write(
    path: Path,
    metadata: Metadata,
    marks: Sequence[ChapterMark],
    rate: int,
    cover: Cover | None,
    *,
    track: TrackNumber | None = None,
) -> None:
    """Replace the tags of the finished audio file `path`; its suffix tells the container.

    `marks` are in frames at `rate` (Hz), in order. MP3, Opus, FLAC and WAV get their chapters
    here; an M4B keeps those that were written with its audio. `track` says that the file
    is one of several of a book. Writing the same twice leaves the same bytes.

    Raises EncodeError when the file is not there, not what its suffix says, or not writable.
    """
    sheet = TagValues(labels(metadata, track), tuple(chapters(marks, rate)), track, cover)
    _write(path, sheet, None, "render again")


def rewrite(path: Path, sheet: TagValues, only: Collection[str]) -> None:
    """Replace the tags of some fields, the "cover" or the "chapters"; all others stay.

    Raises EncodeError as `write` does.
    """
    _write(path, sheet, only, "try again")


def read(path: Path) -> TagValues:
    """Read the tags, chapters and cover of an audio file.

    Raises EncodeError when the file is not there or not what its suffix says.
    """
    container = _container(path)
    with _told(path, "read", "give a whole audio file"):
        found = container.read(path)
    order = (*METADATA_FIELDS, "album", "album_sort")
    texts = {name: found.texts[name] for name in order if name in found.texts}
    return replace(found, texts=texts)


def _write(path: Path, sheet: TagValues, only: Collection[str] | None, then: str) -> None:
    container = _container(path)
    with _told(path, "written", f"see that the file is whole and may be written to, then {then}"):
        container.write(path, sheet, only)


def _container(path: Path) -> _Container:
    found = _CONTAINERS.get(path.suffix.lower())
    if found is None:
        known = ", ".join(_CONTAINERS)
        raise EncodeError.of(
            f"no tags can be written to a {path.suffix or 'nameless'} file",
            file=path,
            remedy=f"use one of {known}",
        )
    return found


@contextmanager
def _told(path: Path, done: str, remedy: str) -> Iterator[None]:
    """Tell what mutagen and the system raise; a damaged file brings up what nobody foresaw."""
    try:
        yield
    except EncodeError:
        raise
    except Exception as error:
        said = str(error) or type(error).__name__
        what = f"the tags cannot be {done} ({said})"
        raise EncodeError.of(what, file=path, remedy=remedy) from error
