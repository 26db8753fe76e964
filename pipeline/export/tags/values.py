"""What a writer of tags is given, whatever the container."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from pipeline.export.cover.image import Cover
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.labels import TrackNumber


@dataclass(frozen=True, slots=True)
class TagValues:
    """All that is to be written on one file.

    `texts` are cleaned and not blank, by `Metadata`'s field names and `album`; `track` is None
    for a book in one file.
    """

    texts: Mapping[str, str]
    chapters: tuple[ContainerChapter, ...] = ()
    track: TrackNumber | None = None
    cover: Cover | None = None


def pictured(data: bytes) -> Cover:
    """Give a picture found in a file; of a damaged one the size is 0 x 0."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return Cover(data, Image.MIME.get(picture.format or "", "image"), *picture.size)
    except Exception:  # Pillow's parsers raise what they did not foresee, too
        return Cover(data, "image", 0, 0)
