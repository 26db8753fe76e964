"""Addressees of a speech: the characters it names, as vocatives or as people spoken of."""

import re
from dataclasses import dataclass, replace
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.aliases import CastNames, NameMatch
from pipeline.dialogue.attribution.tokens import TokenizedText, is_possessive, tokenize
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.vocabulary import determiners, prepositions, vocative_openers
from pipeline.model.characters import Gender

_INTRODUCTION_REACH = 20  # characters before a name
_PAUSES = ",.!?;:…—–-"
_PAUSE_AFTER = re.compile(r"\s*(?:[,.!?;:…—–]|-|$|['\"”’])")
_ADDRESS_TERM = re.compile(
    r"(?:^|[,!?.;:—–-])\s*(?:(?:oh|o|yes|no|well|my|dear|good|old|poor|thank you|please)[ ,]+){0,4}"
    r"([a-z]+['’]?[a-z]*)(?=\s*(?:[,!?.;:—–]|-|$))",
    re.I,
)
_HERE = re.compile(r"\s+here(?:[.,!;—]|\s*$)")
_SENTENCE_END = re.compile(r"[.!?…—]|\s*$|,?['\"”’»]")
_LIST_AFTER = re.compile(r",?\s+and (?!I\b)[A-Z]|,? or ")  # `Tom, Dick and Harry`
_RECOGNITION = re.compile(r"\b(?:you(?:['’]re| are| must be)|are(?:n['’]t)? you)\s+$", re.I)
"""What stands before a name by which a speaker recognises the hearer: `You're Wiremu.`"""
_SELF_INTRODUCTION = re.compile(
    r"(?:\bI am|\bI['’]m|\bcall me|\bI,"
    r"|(?:\b(?:my|the)\s+(?:[a-z]+\s+)?|^|[.!?,;:]\s+)name(?:\s+is|['’]s))\s*(?:the\s+)?$",
    re.I,
)
"""What stands before a name with which a speaker introduces himself."""
_NAME_QUESTION = re.compile(
    r"(?:\bwhat(?:['’]s|\s+is)\s+your\s+(?:[a-z]+\s+)?name"
    r"|(?:^|[.!?]\s+)(?:and\s+)?(?:your\s+)?(?:full\s+)?names?"
    r"|\bwho\s+(?:are|might)\s+you(?:\s+be)?|\band\s+you\s+are"
    r"|\bwhat\s+(?:do|should|shall|may)\s+(?:I|we|they)\s+call\s+you|\bwhat\s+are\s+you\s+called)"
    r"(?:,?\s+(?:please|then|anyway|exactly))?[.?!]+(?:\s+[^.!?]{1,20}[.?!]+)?$",
    re.I,
)
"""The end of a speech that asks for a name, and perhaps a few more words: `Name? Quickly.`"""


@dataclass(frozen=True, slots=True)
class SpeechMention:
    """A name inside a speech and the characters who may bear it.

    `vocative` runs from 0 (spoken of) to 1 (certainly spoken to); `self_introduction` is true in
    `I am Tom`, and in `Tom.` where the speech before asks for the name.
    """

    characters: tuple[int, ...]
    vocative: float
    self_introduction: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """A speech with its names; `length` is in words.

    `addressed_gender` is that of a title or kinship term it addresses somebody by.
    """

    start: int
    end: int
    mentions: tuple[SpeechMention, ...]
    length: int
    addressed_gender: Gender | None = None


def analyse(text: str, span: Span, names: CastNames) -> Speech:
    """Return the analysis of one span of speech."""
    tokens = tokenize(text, span.start, span.end)
    mentions = tuple(_mention(text, span, tokens, match) for match in names.find(tokens))
    gender = addressed_gender(text[span.start : span.end])
    return Speech(span.start, span.end, mentions, len(tokens), gender)


def introduces_speaker(text: str, start: int, end: int, speech_start: int) -> bool:
    """Return whether a speaker gives a name `[start, end)` as theirs: `I'm Ann`, `Ann here`."""
    if start == speech_start and _HERE.match(text, end):
        return True
    before = text[max(speech_start, start - _INTRODUCTION_REACH) : start]
    return _SELF_INTRODUCTION.search(before) is not None and not is_possessive(text, end)


def asks_for_name(speech: str) -> bool:
    """Return whether a speech ends by asking whoever is addressed for their name."""
    return _NAME_QUESTION.search(speech) is not None


def gives_name(text: str, start: int, end: int, speech_start: int) -> bool:
    """Return whether a name `[start, end)` is the first sentence of a speech."""
    return start == speech_start and _SENTENCE_END.match(text, end) is not None


def as_answer_with_name(text: str, speech: Speech) -> Speech:
    """Return a speech that answers a question for a name: a name that opens it is the speaker's."""
    mentions = tuple(
        replace(mention, vocative=0.0, self_introduction=True)
        if gives_name(text, mention.start, mention.end, speech.start)
        else mention
        for mention in speech.mentions
    )
    return replace(speech, mentions=mentions)


@cache
def _address_terms(gender: Gender) -> frozenset[str]:
    """Return the nouns, titles and kinship terms that address a person of a gender."""
    nouns = words_with("person_nouns", "address") | words_with("kinship", "address")
    return nouns & (words_with("person_nouns", gender) | words_with("kinship", gender))


@cache
def _before_vocatives() -> frozenset[str]:
    """Return the words between a pause and a vocative: `, my dear Ann`."""
    return words_with("epithets", "vocative") | {"my", "the", "you"}


@cache
def _not_before_vocatives() -> frozenset[str]:
    # with `your` and `one` among them, the attribution of ten of the novels of PDNC changes
    return prepositions() | (determiners() - {"your", "one"}) | word_set("not_before_vocatives")


def addressed_gender(speech: str) -> Gender | None:
    """Return the gender of a person addressed by title or kinship term, as in `Yes, sir`."""
    terms = {
        match[1].lower().replace("’", "").replace("'", "")
        for match in _ADDRESS_TERM.finditer(speech)
    }
    male, female = (not terms.isdisjoint(_address_terms(g)) for g in (Gender.MALE, Gender.FEMALE))
    if male == female:
        return None
    return Gender.MALE if male else Gender.FEMALE


def _mention(text: str, span: Span, tokens: TokenizedText, match: NameMatch) -> SpeechMention:
    start, end = tokens.starts[match.first], tokens.ends[match.last - 1]
    vocative = _vocative(text, span, tokens, match)
    introduced = introduces_speaker(text, start, end, span.start)
    return SpeechMention(match.characters, vocative, introduced, start, end)


def _vocative(text: str, span: Span, tokens: TokenizedText, match: NameMatch) -> float:
    """Return how likely a name is a vocative, by the marks and words on both sides of it."""
    start, end = tokens.starts[match.first], tokens.ends[match.last - 1]
    if end < span.end and not _PAUSE_AFTER.match(text, end, min(end + 3, span.end)):
        return 0.0
    if is_possessive(text, end):
        return 0.0
    before = match.first - 1
    while before >= 0 and tokens.lower[before] in _before_vocatives():
        before -= 1
    if before < 0:
        return 1.0
    gap = text[tokens.ends[before] : start]
    if any(char in gap for char in _PAUSES):
        listed = _LIST_AFTER.match(text[end : min(span.end, end + 9)])
        return 0.6 if listed else 1.0
    if tokens.lower[before] in _not_before_vocatives() and before == match.first - 1:
        return 0.0
    recognises = _RECOGNITION.search(text[max(span.start, start - _INTRODUCTION_REACH) : start])
    return 0.9 if recognises or tokens.lower[before] in vocative_openers() else 0.5
