"""What goes into the output of a render, whether it is one file or a folder."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.export.cover.image import Cover
from pipeline.export.sections import Section
from pipeline.export.tags.values import ID3_VERSION
from pipeline.model.book import Metadata


@dataclass(frozen=True, slots=True)
class AudiobookContents:
    """The sections of a book, one for each file, and what is written with them.

    `titles` are the titles of the book's chapters by number; `captions` are the kinds of captions
    to write beside each file; `id3_version` is 3 or 4.
    """

    sections: Sequence[Section]
    titles: Mapping[int, str]
    metadata: Metadata
    cover: Cover
    captions: Collection[str] = ()
    id3_version: int = ID3_VERSION
