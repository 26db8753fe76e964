"""Who is addressed and who is spoken of in a speech."""

import re
from dataclasses import dataclass

from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.tokens import PREPOSITIONS, TokenizedText, words
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.characters import Gender

_OPENERS = vocabulary(
    """dear dearest my oh o ah well yes no now hey hi hello come look listen sir please thank thanks
    you goodbye bye good old poor darling sweet mr mrs miss dr why but and so it me here"""
)
_NOT_ADDRESSED = PREPOSITIONS | vocabulary(
    """the a an is are was were be been no not and or nor am s this that our his her their any every
    another some call called named said says saw see told tell met knew know love loved hate want"""
)
_ENDS = re.compile(r"\s*(?:[,.!?;:…—–]|-|$|['\"”’])")
_TO_HIM = vocabulary(
    "sir lord monsieur signor mister papa father dad daddy uncle brother fellow chap boy lad man"
)
_TO_HER = vocabulary(
    "madam madame maam miss lady signora signorina mademoiselle mamma mama mother mum mummy aunt "
    "auntie sister girl"
)
_ADDRESS = re.compile(
    r"(?:^|[,!?.;:—–-])\s*(?:(?:oh|o|yes|no|well|my|dear|good|old|poor|thank you|please)[ ,]+){0,4}"
    r"([a-z]+['’]?[a-z]*)(?=\s*(?:[,!?.;:—–]|-|$))",
    re.I,
)
_SELF = re.compile(r"(?:\bI am|\bI['’]m|\bname is|\bname['’]s|\bcall me|\bI,)\s*(?:the\s+)?$", re.I)


@dataclass(frozen=True, slots=True)
class Address:
    """A character named in a speech; `vocative` from 0 (spoken of) to 1 (surely spoken to)."""

    who: tuple[int, ...]
    vocative: float
    oneself: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """What the evidence needs of a speech; `title` is the gender of whom a title addresses."""

    start: int
    end: int
    named: tuple[Address, ...]
    length: int
    title: Gender | None = None


def analyse(text: str, span: Span, names: Names) -> Speech:
    """Read a speech."""
    found = words(text, span.start, span.end)
    named = tuple(
        _address(text, span, found, name.first, name.last, name.who) for name in names.find(found)
    )
    title = addressed(text[span.start : span.end])
    return Speech(span.start, span.end, named, len(found), title)


def addressed(spoken: str) -> Gender | None:
    """The gender of whom a speech addresses by a title or as kin, as in `Yes, sir`."""
    found = {match[1].lower().replace("’", "").replace("'", "") for match in
             _ADDRESS.finditer(spoken)}  # fmt: skip
    his, hers = not found.isdisjoint(_TO_HIM), not found.isdisjoint(_TO_HER)
    if his == hers:
        return None
    return Gender.MALE if his else Gender.FEMALE


def _address(
    text: str, span: Span, found: TokenizedText, first: int, last: int, who: tuple[int, ...]
) -> Address:
    start, end = found.starts[first], found.ends[last - 1]
    oneself = _SELF.search(text[max(span.start, start - 20) : start]) is not None
    return Address(who, _vocative(text, span, found, (first, last)), oneself, start, end)


def _vocative(text: str, span: Span, found: TokenizedText, name: tuple[int, int]) -> float:
    first, last = name
    start, end = found.starts[first], found.ends[last - 1]
    if not _ENDS.match(text, end, min(end + 3, span.end)) and end < span.end:
        return 0.0
    if text[end : end + 2] in ("'s", "’s"):
        return 0.0
    before = first - 1
    while before >= 0 and found.lows[before] in (
        "my",
        "dear",
        "dearest",
        "old",
        "poor",
        "the",
        "you",
    ):
        before -= 1
    gap = text[found.ends[before] if before >= 0 else span.start : start]
    if before < 0 or any(char in gap for char in ",.!?;:…—–-"):
        return 1.0 if before < 0 or not _listed(text, end, span) else 0.6
    if found.lows[before] in _NOT_ADDRESSED and before == first - 1:
        return 0.0
    return 0.9 if found.lows[before] in _OPENERS else 0.5


def _listed(text: str, end: int, span: Span) -> bool:
    """Whether the name stands in a list: `Tom, Dick and Harry`."""
    following = text[end : min(span.end, end + 9)]
    return re.match(r",?\s+and (?!I\b)[A-Z]|,? or ", following) is not None
