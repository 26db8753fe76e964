"""The script of a book of prose: who speaks each line, and how."""

from collections.abc import Sequence

from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.chapter_memory import AttributionMemory
from pipeline.dialogue.delivery import with_delivery
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Script


def spoken_script(
    book: Book,
    characters: Sequence[Character],
    first_person: str | None = None,
    memory: AttributionMemory | None = None,
) -> Script:
    """Attribute the lines of a book, and read from the text how each is spoken.

    Chapters that `memory` recalls are not attributed again.
    """
    return with_delivery(attribute(book, characters, first_person, memory=memory))
