"""Metadata as tags can hold it: cleaned text, by the name of its field."""

from dataclasses import asdict, dataclass

from pipeline.core.text import clean_fields, one_line
from pipeline.model.authors import with_sort_fields
from pipeline.model.book import Metadata

GENRE = "Audiobook"
"""The genre of a book that names none: players sort audiobooks by it."""


@dataclass(frozen=True, slots=True)
class TrackNumber:
    """One file of several that make up a book: `number` of `total`, from 1, and its own title."""

    number: int
    total: int
    title: str


def labels(metadata: Metadata, track: TrackNumber | None = None) -> dict[str, str]:
    """Return what is to be written: `Metadata`'s fields, `album`, `album_sort`; nothing is blank.

    Authors are written as they are read, and sorted by surname where nobody has said otherwise.
    """
    texts = clean_fields(
        {name: text for name, text in asdict(with_sort_fields(metadata)).items() if text}
    )
    texts["album"], texts["album_sort"] = texts["title"], texts.get("title_sort", "")
    if track is not None:
        texts["title"] = one_line(track.title)
        texts.pop("title_sort", None)
    texts["genre"] = texts.get("genre") or GENRE
    return {name: text for name, text in texts.items() if text}
