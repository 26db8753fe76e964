"""Reads and writes the tags of a finished audio file, in the manner of its container."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pipeline.core.errors import EncodeError
from pipeline.export.tags.id3 import Mp3Tags, WavTags
from pipeline.export.tags.mp4 import M4bTags
from pipeline.export.tags.values import TagValues
from pipeline.export.tags.vorbis import FlacTags, OpusTags
from pipeline.model.book import METADATA_FIELDS


class TagContainer(Protocol):
    """The tags of one kind of file."""

    def read(self, path: Path) -> TagValues:
        """Read the tags of a file."""
        ...

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all tags of a file, or only those of some `fields`."""
        ...


_CONTAINERS: Mapping[str, TagContainer] = {
    ".m4b": M4bTags(),
    ".m4a": M4bTags(),
    ".mp3": Mp3Tags(),
    ".wav": WavTags(),
    ".opus": OpusTags(),
    ".ogg": OpusTags(),
    ".flac": FlacTags(),
}


SUFFIXES = tuple(_CONTAINERS)
"""The suffixes of files whose tags can be read and written."""


def write(path: Path, values: TagValues) -> None:
    """Replace all tags of the audio file `path`, also those of the encoder.

    MP3, Opus, FLAC and WAV get their chapters here; an M4B keeps those that were written with its
    audio. Writing the same tags twice leaves the same bytes.

    Raises EncodeError if the file is missing, not of the kind that its suffix says, or read-only.
    """
    with _library_errors_mapped(path, "write", "render again"):
        _container(path).write(path, values)


def update(path: Path, values: TagValues, fields: Collection[str]) -> None:
    """Replace the tags of some `fields`, which may include "cover" and "chapters".

    All other tags stay as they are. Raises EncodeError as `write` does.
    """
    with _library_errors_mapped(path, "write", "try again"):
        _container(path).write(path, values, fields)


def read(path: Path) -> TagValues:
    """Read the tags, chapters and cover of an audio file.

    Raises EncodeError if the file is missing or not of the kind that its suffix says.
    """
    with _library_errors_mapped(path, "read"):
        values = _container(path).read(path)
    order = (*METADATA_FIELDS, "album", "album_sort")
    texts = {name: values.texts[name] for name in order if name in values.texts}
    return replace(values, texts=texts)


def _container(path: Path) -> TagContainer:
    container = _CONTAINERS.get(path.suffix.lower())
    if container is None:
        raise EncodeError.of(
            f"no tags can be written to {path.suffix or 'extensionless'} files",
            file=path,
            remedy=f"use one of {', '.join(_CONTAINERS)}",
        )
    return container


@contextmanager
def _library_errors_mapped(path: Path, action: str, retry: str | None = None) -> Iterator[None]:
    """Map what mutagen and the system raise to EncodeError; a damaged file can raise anything."""
    try:
        yield
    except EncodeError:
        raise
    except Exception as error:
        remedy = (
            f"check that the file is intact and writable, then {retry}"
            if retry
            else "check that the file is an intact audio file"
        )
        reason = str(error) or type(error).__name__
        raise EncodeError.of(
            f"cannot {action} its tags ({reason})", file=path, remedy=remedy
        ) from error
