"""What a writer of tags is given, whatever the container."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.cover import Cover
from pipeline.tags.chapters import Chapter
from pipeline.tags.labels import Track


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is to be written on one file.

    `texts` are cleaned and not blank, by `Metadata`'s field names and `album`; `track` is None
    for a book in one file.
    """

    texts: Mapping[str, str]
    chapters: tuple[Chapter, ...] = ()
    track: Track | None = None
    cover: Cover | None = None
