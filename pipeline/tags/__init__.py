"""Tags, chapter marks and cover of a finished file: what a player and a library read of it.

What goes where, in all containers alike: title and album are the book's title, artist is the
author alone, composer the narrator. The author is written as one value, commas and all: "Martin
Luther King, Jr." is one person. Readers that split artist at commas (Audiobookshelf) split it
there; so would they in any other spelling of the tag, and taking the comma out would falsify the
name. What a file says already is replaced, the encoder's own name included.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from mutagen import MutagenError

from pipeline.book import Metadata
from pipeline.cover import Cover
from pipeline.errors import EncodeError
from pipeline.marks import Mark
from pipeline.tags import id3, mp4, vorbis
from pipeline.tags.chapters import chapters, titled
from pipeline.tags.labels import Track, labels
from pipeline.tags.sheet import Sheet

__all__ = ["Track", "titled", "write"]

WRITERS: dict[str, Callable[[Path, Sheet], None]] = {
    ".m4b": mp4.write,
    ".m4a": mp4.write,
    ".mp3": id3.write_mp3,
    ".wav": id3.write_wav,
    ".opus": vorbis.write_opus,
    ".ogg": vorbis.write_opus,
    ".flac": vorbis.write_flac,
}


def write(
    path: Path,
    metadata: Metadata,
    marks: Sequence[Mark],
    rate: int,
    cover: Cover | None,
    *,
    track: Track | None = None,
) -> None:
    """Replace the tags of the finished audio file `path`; its suffix tells the container.

    `marks` are in frames at `rate` (Hz), in order. MP3, Opus, FLAC and WAV get their chapters
    here; an M4B keeps those that were written with its audio. `track` says that the file
    is one of several of a book. Writing the same twice leaves the same bytes.

    Raises EncodeError when the file is not there, not what its suffix says, or not writable.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        known = ", ".join(WRITERS)
        raise EncodeError.of(
            f"no tags can be written to a {path.suffix or 'nameless'} file",
            file=path,
            remedy=f"use one of {known}",
        )
    sheet = Sheet(labels(metadata, track), tuple(chapters(marks, rate)), track, cover)
    try:
        writer(path, sheet)
    except EncodeError:
        raise
    except (MutagenError, OSError) as error:
        raise _refused(path, error) from error
    except Exception as error:  # a damaged file brings up what mutagen's parsers did not foresee
        raise _refused(path, error) from error


def _refused(path: Path, error: Exception) -> EncodeError:
    said = str(error) or type(error).__name__
    return EncodeError.of(
        f"the tags cannot be written ({said})",
        file=path,
        remedy="see that the file is whole and may be written to, then render again",
    )
