"""Grammatical roles: whether a person mentioned in a sentence acts, is acted on, or owns.

There is no parser here: the words and marks right beside the mention decide.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.tokens import TokenizedText
from pipeline.dialogue.verbs import finite_forms, speech_verbs, tag_verbs
from pipeline.dialogue.vocabulary import auxiliaries, determiners, links, prepositions

_CLAUSE_MARKS = ",;:—"


class GrammaticalRole(StrEnum):
    """What a person mentioned does in the sentence."""

    SUBJECT = "subject"
    OBJECT = "object"
    OWNER = "owner"  # the clown's face


def role_of(
    text: str, tokens: TokenizedText, sentence_of: Sequence[int], first: int, last: int
) -> GrammaticalRole:
    """Return the role of the person whom the words `[first, last)` mention."""
    if _is_possessive(text, tokens, last):
        return GrammaticalRole.OWNER
    before = _word_before_phrase(text, tokens, first)
    previous = tokens.lower[before] if before >= 0 and _adjoins(text, tokens, before) else ""
    acts = _precedes_verb(text, tokens, last)
    if previous in prepositions() and not (acts and previous in links()):
        return GrammaticalRole.OBJECT
    if acts or previous in speech_verbs() or previous in links():
        return GrammaticalRole.SUBJECT
    opens_sentence = before < 0 or sentence_of[before] != sentence_of[first]
    if opens_sentence or _mark_follows(text, tokens, before):
        return GrammaticalRole.SUBJECT
    return GrammaticalRole.OBJECT


def _is_possessive(text: str, tokens: TokenizedText, last: int) -> bool:
    """Return whether a possessive ending follows: `Bruce's`, `the boys'` at the very end."""
    end = tokens.ends[last - 1]
    following = text[end : end + 2]
    is_last = last == len(tokens)
    if following and following[0] in "'’" and (is_last or following[1:] in "sS"):
        return True
    return not is_last and tokens.forms[last] == "s"


@cache
def _modifiers() -> frozenset[str]:
    return determiners() | words_with("epithets", "modifier")


def _word_before_phrase(text: str, tokens: TokenizedText, first: int) -> int:
    """Return the index of the word before a noun phrase and the adverbs before it, -1 if none."""
    before = first - 1
    while before >= 0 and tokens.lower[before] in _modifiers():
        if not _adjoins(text, tokens, before):
            break  # `to this, Bruce said`
        before -= 1
    while before >= 0 and _adjoins(text, tokens, before) and _is_adverb(tokens.lower[before]):
        before -= 1  # `and soon afterwards Bruce, `
    return before


def _adjoins(text: str, tokens: TokenizedText, at: int) -> bool:
    """Return whether only white space separates a word from the next."""
    return text[tokens.ends[at] : tokens.starts[at + 1]].isspace()


def _is_adverb(word: str) -> bool:
    return word in word_set("time_adverbs") or word.endswith("ly")


def _precedes_verb(text: str, tokens: TokenizedText, last: int) -> bool:
    """Return whether a verb or an adverb follows with no mark: not `near the clown, said Tom`."""
    if last == len(tokens) or not _adjoins(text, tokens, last - 1):
        return False
    word = tokens.lower[last]
    return word in auxiliaries() or word in _verb_forms() or word.endswith(("ed", "ly"))


@cache
def _verb_forms() -> frozenset[str]:
    return finite_forms() | tag_verbs()


def _mark_follows(text: str, tokens: TokenizedText, at: int) -> bool:
    """Return whether a mark that ends a clause separates a word from the next."""
    gap = text[tokens.ends[at] : tokens.starts[at + 1]]
    return any(char in gap for char in _CLAUSE_MARKS)
