"""Find titles that are there twice in a row, as conversions leave them, so that one is read."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.ingest import headings
from pipeline.model.book import Block, Paragraph

_MORE = re.compile(r"\s*[.:—\u2013-]|\s*\n")


def without_repeated(text: str, paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs without headings that the next or the last one repeats."""
    repeated = set(_repeated(text, paragraphs))
    return tuple(p for index, p in enumerate(paragraphs) if index not in repeated)


def _repeated(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[int]:
    for index, (heading, following) in enumerate(pairwise(paragraphs)):
        if heading.block is not Block.HEADING or following.block is Block.BREAK:
            continue
        if max(heading.end - heading.start, following.end - following.start) > headings.MAX_LENGTH:
            continue
        first, second = text[heading.start : heading.end], text[following.start : following.end]
        if following.block is Block.HEADING:
            if headings.same_words(first, second):
                yield index + 1
            elif _is_beginning(first, second):
                yield index
        elif _is_end(first, second):
            yield index + 1


def _is_beginning(first: str, second: str) -> bool:
    """Whether `Chapter 1` is followed by `Chapter 1: Rain`."""
    whole = second.casefold().startswith(first.casefold().strip(". :"))
    return whole and _MORE.match(second, len(first.strip(". :"))) is not None


def _is_end(first: str, second: str) -> bool:
    """Whether the title in `Chapter 1: Rain` is repeated as `Rain`, rather than a sentence."""
    if headings.ends_sentence(second) or len(second.splitlines()) > 1:
        return False
    before = first.casefold().rstrip(". ").removesuffix(second.casefold())
    return before != first.casefold().rstrip(". ") and not before[-1:].isalnum()
