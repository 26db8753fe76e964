"""The tags of a file, whatever its container."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from pipeline.core.text import one_line
from pipeline.export.cover.image import Cover
from pipeline.export.tags.chapters import ContainerChapter, container_chapters
from pipeline.model.authors import with_sort_fields
from pipeline.model.book import Metadata
from pipeline.model.chapter_marks import ChapterMark

COVER, CHAPTERS = "cover", "chapters"
"""The fields of tags that hold more than a text."""
DEFAULT_GENRE = "Audiobook"
"""The genre of a book that has none: players group audiobooks by it."""


@dataclass(frozen=True, slots=True)
class TrackNumber:
    """The place of a file among those of a book: `number` of `total`, from 1, and its own title."""

    number: int
    total: int
    title: str


@dataclass(frozen=True, slots=True)
class TagValues:
    """All tags of one file.

    `texts` are clean and not blank, by the field names of `Metadata` and `album`, `album_sort`.
    `track` is None for a book in one file.
    """

    texts: Mapping[str, str]
    chapters: tuple[ContainerChapter, ...] = ()
    track: TrackNumber | None = None
    cover: Cover | None = None

    @classmethod
    def of(
        cls,
        metadata: Metadata,
        marks: Sequence[ChapterMark],
        rate: int,
        *,
        cover: Cover | None = None,
        track: TrackNumber | None = None,
    ) -> Self:
        """Return the tags of a file of a book, whose `marks` are in order, in frames at `rate` Hz.

        `track` is the file's place if it is one of several.
        """
        return cls(tag_texts(metadata, track), container_chapters(marks, rate), track, cover)


def tag_texts(metadata: Metadata, track: TrackNumber | None = None) -> dict[str, str]:
    """Return the texts to write, by field; none of them is blank.

    Authors are written as displayed, and sorted by surname unless the metadata says otherwise.
    """
    fields = asdict(with_sort_fields(metadata))
    texts = clean_texts({name: text for name, text in fields.items() if text})
    texts["album"], texts["album_sort"] = texts["title"], texts.get("title_sort", "")
    if track is not None:
        texts["title"] = one_line(track.title)
        texts.pop("title_sort", None)
    texts["genre"] = texts.get("genre") or DEFAULT_GENRE
    return {name: text for name, text in texts.items() if text}


def clean_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of fields as tags can hold them: on one line, except for the description."""
    return {
        name: _clean_lines(text) if name == "description" else one_line(text)
        for name, text in texts.items()
    }


def _clean_lines(text: str) -> str:
    """Return a text with each line cleaned by itself, without blank lines at its ends."""
    return "\n".join(map(one_line, text.splitlines())).strip("\n")
