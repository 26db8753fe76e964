"""Footnotes and endnotes: the marks that lead to them, and the notes themselves."""

import re
from collections.abc import Sequence, Set
from itertools import accumulate, islice

from pipeline.ingest.markup import unread
from pipeline.ingest.markup.blocks import MarkupBlock
from pipeline.ingest.markup.parsing import Element, local_name
from pipeline.ingest.markup.vocabulary import classes
from pipeline.model.book import Block

_MARK = re.compile(
    r"[\[({]?(?:\d{1,4}|[*†‡§¶]{1,4}|[a-z]|[ivxlc]{1,6}|n\.?)[\])}.]?", re.IGNORECASE
)
_SIGN = re.compile(r"[\[({](?:\d{1,4}|[a-z*†‡])[\])}]|[*†‡§¶]{1,4}", re.IGNORECASE)
_RAISED = re.compile(
    r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3})[\])]?(?:[,\s]+\d{1,3})*|\[(?:[a-z]|[ivx]{1,5})\]",
    re.IGNORECASE,
)
_MARKS = frozenset(("a", "sup"))
_MOST_ELEMENTS = 10
"""In a mark, itself included; links may be within one another by the thousand."""
_NOTE_LIKE = re.compile(r"(?:foot|end|rear)?note|fn|ftn|cite", re.IGNORECASE)


def may_be_mark(name: str, meaning: Set[str]) -> bool:
    """Whether an element of this name and meaning may be the mark of a note."""
    return name in _MARKS or "noteref" in meaning


def is_mark(element: Element, name: str, meaning: Set[str], before: str) -> bool:
    """Whether an element is the mark of a note; `before` is the text that it follows."""
    if "noteref" in meaning:
        return True
    if name == "sup":
        return _is_raised_mark(element, before)
    return name == "a" and _is_link_mark(element)


def target(element: Element) -> str:
    """Return the address that a mark links to, or nothing."""
    if element.get("href"):
        return str(element.get("href"))
    links = (link.get("href") for link in element.iter() if link.get("href"))
    return str(next(links, ""))


def _is_link_mark(link: Element) -> bool:
    href = link.get("href") or ""
    words = _short_text(link)
    if "#" not in href or not _MARK.fullmatch(words):
        return False
    if _SIGN.fullmatch(words):
        return True
    parent = link.getparent()
    raised = (
        {local_name(child) for child in link} | {local_name(parent)}
        if parent is not None
        else set()
    )
    if not raised.isdisjoint({"sup"}):
        return True
    fragment = href.rpartition("#")[2]
    return words[:1].isdigit() and any(
        _NOTE_LIKE.match(word) for word in (fragment, *classes(link), link.get("id") or "")
    )


def _is_raised_mark(element: Element, before: str) -> bool:
    """Whether superscript text is a note's mark, not an exponent as in `10^6` or `km^2`."""
    words = _short_text(element)
    links = [
        child for child in element if local_name(child) == "a" and "#" in (child.get("href") or "")
    ]
    if links and _MARK.fullmatch(words):
        return True
    if not _RAISED.fullmatch(words):
        return False
    last = re.search(r"(\w*)\W*$", before[-40:])
    if not before or before[-1].isspace():
        return False
    if not before[-1].isalnum():
        return before[-1] not in ")" or last is None or not last[1][-1:].isdigit()
    return last is not None and len(last[1]) > 2 and last[1].isalpha()


def _short_text(element: Element) -> str:
    """Return the text of an element that may be a mark; nothing if it is larger than one."""
    if len(list(islice(element.iter(), _MOST_ELEMENTS + 1))) > _MOST_ELEMENTS:
        return ""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > 40:
            return ""
    return " ".join(text.split())


def find_bodies(
    spans: Sequence[tuple[int, tuple[int, int] | None]],
    blocks: Sequence[MarkupBlock],
    longest: int = 1500,
) -> Set[int]:
    """Return the indices of the blocks that are notes.

    `spans` has the block of each mark with the blocks of its target, in reading order. A link back
    from a note to its mark points upwards and is passed over, as is a target of more than `longest`
    words. An empty target stands for the block after it, if notes are there.
    """
    bodies: set[int] = set()
    seen: set[tuple[int, int]] = set()
    before = [0, *accumulate(block.words for block in blocks)]
    for index, target_span in spans:
        span = target_span
        if span is not None and span[0] == span[1] and _is_among_notes(blocks, span[0], bodies):
            span = (span[0], span[0] + 1)
        if span is None or span[0] <= index or index in bodies or span in seen:
            continue
        seen.add(span)
        if before[span[1]] - before[span[0]] <= longest:
            bodies.update(range(*span))
    return bodies


def _is_among_notes(blocks: Sequence[MarkupBlock], index: int, bodies: Set[int]) -> bool:
    """Whether a block follows a note, a scene break or a heading above notes."""
    if not 0 < index < len(blocks) or blocks[index].block is not Block.PROSE:
        return False
    before = blocks[index - 1]
    return index - 1 in bodies or before.block is Block.BREAK or unread.is_notes_title(before.text)
