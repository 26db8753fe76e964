"""Which sections of a book are not read aloud, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cache, lru_cache

from pipeline.core.data import word_list, word_map, word_set
from pipeline.ingest import headings
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.model.book import Block, Metadata

NOTES = "notes"
"""Why notes are not read."""
_MOST_COPYRIGHT = 700  # words
_MOST_TITLE_PAGE = 40  # words
_LONGEST_TITLE_PAGE = 10_000  # characters
_LEAST_CONTENTS = 3  # links


def reason(title: str, blocks: Sequence[MarkupBlock], metadata: Metadata) -> str | None:
    """Return why a section is not read: by what its file says of it, its title, its text."""
    spoken = [block for block in blocks if block.block is not Block.BREAK]
    if not spoken:
        return "no text"
    if all(block.reason for block in spoken):
        counted = Counter(block.reason for block in spoken)
        return counted.most_common(1)[0][0]
    return (
        by_title(title)
        or (_is_copyright(spoken) and "copyright")
        or (_is_contents(spoken) and "contents")
        or (_is_title_page([b for b in spoken if not b.reason], metadata) and "title page")
        or None
    )


def by_title(title: str) -> str | None:
    """Return why a section with this title is not read, if so."""
    words = " ".join(title.replace("\u2019", "'").casefold().split()).strip(" .:*")
    titles, beginnings = _unread_titles()
    return titles.get(words) or next(
        (why for beginning, why in beginnings.items() if words.startswith(beginning)), None
    )


@cache
def _unread_titles() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return why titles are not read: whole ones, and the beginnings of others."""
    known = word_map("unread_titles").items()
    beginnings = {entry[:-3]: why for entry, why in known if entry.endswith("...")}
    return {entry: why for entry, why in known if not entry.endswith("...")}, beginnings


def is_notes_title(title: str) -> bool:
    """Whether a heading is the one above notes."""
    return title.casefold().strip(" .:*") in word_set("notes_titles")


def _is_copyright(blocks: Sequence[MarkupBlock]) -> bool:
    if sum(block.words for block in blocks) > _MOST_COPYRIGHT:
        return False
    text = " ".join(block.text for block in blocks).casefold()
    marks = _copyright_phrases(text)
    return marks >= 3 or (marks >= 2 and ("©" in text or "isbn" in text))


def _copyright_phrases(text: str) -> int:
    return sum(phrase in text for phrase in word_list("copyright_phrases"))


def _is_contents(blocks: Sequence[MarkupBlock]) -> bool:
    linked = sum(block.linked for block in blocks)
    return linked >= _LEAST_CONTENTS and linked >= 0.7 * len(blocks)


def _is_title_page(blocks: Sequence[MarkupBlock], metadata: Metadata) -> bool:
    """Whether a section has little but what the metadata have, the title among it.

    It may have a line of copyright as well.
    """
    if sum(len(block.text) for block in blocks) > _LONGEST_TITLE_PAGE:
        return False
    if sum(block.words for block in blocks) > 4 * _MOST_TITLE_PAGE:
        return False
    others = (block.text for block in blocks if not _copyright_phrases(block.text.casefold()))
    words = [word for text in others for word in _words(text)]
    title, author, known = _metadata_words(metadata)
    if len(words) > _MOST_TITLE_PAGE or not title or not title <= set(words):
        return False
    if not author & set(words):
        return set(words) == title or (len(blocks) == 1 and _is_titled(blocks[0].text, title))
    return sum(word not in known for word in words) <= max(2, len(words) // 3)


def _is_titled(text: str, title: Set[str]) -> bool:
    """Whether a text is the title of the book with a subtitle: `Daisy Miller: A Study`.

    That of a part (`Dune: Book One`) is not.
    """
    main, mark, subtitle = text.partition(":")
    return bool(mark) and set(_words(main)) == title and headings.parse(subtitle.strip()) is None


@lru_cache(1)
def _metadata_words(metadata: Metadata) -> tuple[Set[str], Set[str], Set[str]]:
    """Return the words of the title, of the author, and of all that a title page may have."""
    fields = (metadata.title, metadata.author, metadata.subtitle)
    more = (metadata.publisher, metadata.series)
    title, author, *others = (frozenset(_words(field or "")) for field in (*fields, *more))
    return title, author, title.union(author, *others)


def _words(text: str) -> list[str]:
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return letters.split()
