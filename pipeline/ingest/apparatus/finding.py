"""Find what of a text is not read, by the reason."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from pipeline.ingest.apparatus import contents, matter, note_bodies
from pipeline.ingest.apparatus.passage import passages
from pipeline.ingest.markup import unread
from pipeline.model.book import Paragraph
from pipeline.model.source_map import DroppedMark


@dataclass(frozen=True, slots=True)
class Apparatus:
    """Why paragraphs are not read, by their indices, and the titles that the contents list."""

    reasons: Mapping[int, str]
    titles: Set[str]


def find(
    text: str, paragraphs: Sequence[Paragraph], marks: Sequence[DroppedMark] = ()
) -> Apparatus:
    """Return what among the paragraphs is no part of the story.

    `marks` are those of notes that were dropped from the text. A text of nothing else is read.
    """
    book = passages(text, paragraphs)
    listed = contents.find(book)
    reasons = {
        **dict.fromkeys(matter.copyright_notices(book), "copyright"),
        **matter.lists(book),
        **dict.fromkeys(note_bodies.find(book, marks), unread.NOTES),
        **dict.fromkeys(listed.indices, contents.REASON),
    }
    read = [p for index, p in enumerate(book) if index not in reasons and not p.is_break]
    return Apparatus(reasons, listed.titles) if read else Apparatus({}, frozenset())
