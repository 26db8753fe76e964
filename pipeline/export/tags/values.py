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
from pipeline.model.languages import language_code

COVER, CHAPTERS = "cover", "chapters"
"""The fields of tags that hold more than a text."""
ID3_VERSION = 4
"""The default minor version of ID3 tags."""
DEFAULT_GENRE = "Audiobook"
"""The genre of a book that has none: players group audiobooks by it."""


@dataclass(frozen=True, slots=True)
class TrackNumber:
    """The place of a file among those of a book: `number` of `total`, from 1, and its own title.

    The number is 0 for a file that is none of the book's tracks, such as a sample.
    """

    number: int
    total: int
    title: str


@dataclass(frozen=True, slots=True)
class TagValues:
    """All tags of one file.

    `texts` are clean and not blank, by the field names of `Metadata` and `album`, `album_sort`.
    `track` is None for a book in one file. `id3_version` is 3 or 4, where the tags are ID3.
    """

    texts: Mapping[str, str]
    chapters: tuple[ContainerChapter, ...] = ()
    track: TrackNumber | None = None
    cover: Cover | None = None
    id3_version: int = ID3_VERSION

    @classmethod
    def of(
        cls,
        metadata: Metadata,
        marks: Sequence[ChapterMark],
        rate: int,
        *,
        cover: Cover | None = None,
        track: TrackNumber | None = None,
        id3_version: int = ID3_VERSION,
    ) -> Self:
        """Return the tags of a file of a book, whose `marks` are in order, in frames at `rate` Hz.

        `track` is the file's place if it is one of several.
        """
        chapters = container_chapters(marks, rate)
        return cls(tag_texts(metadata, track), chapters, track, cover, id3_version)


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
    """Return the texts of fields as tags can hold them.

    They are on one line, except for the description. A language is its ISO 639-2 code, which ID3
    and the tracks of an MP4 demand, so that all formats have the same.
    """
    return {name: _clean_text(name, text) for name, text in texts.items()}


def _clean_text(name: str, text: str) -> str:
    if name == "description":
        return _clean_lines(text)
    line = one_line(text)
    return (language_code(line) or line) if name == "language" else line


def _clean_lines(text: str) -> str:
    """Return a text with each line cleaned by itself, without blank lines at its ends."""
    return "\n".join(map(one_line, text.splitlines())).strip("\n")
