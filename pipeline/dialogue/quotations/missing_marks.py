"""Find where a speech ends that lacks its closing mark: before the narrator's tag.

A mark of another kind in the place of the right one (`“Hello,' said Tom`) counts as missing too.
"""

import re
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.quotations.dash_dialogue import starts_with_tag
from pipeline.dialogue.verbs import speech_verbs
from pipeline.dialogue.vocabulary import personal_words

_WORD = re.compile(r"[^\W_]+")
_PAUSE = re.compile(r"[,.!?…—–-](['’\"”]?\s+)(?=[^\W\d_])")
_CLAUSE = re.compile(r"([^\W_]+(?:[’' -]+[^\W_]+){0,5})\s*(?:[.,;:!?]|$)")
_NESTED_OPENING = re.compile(r"(?<![^\W_])['‘\"“](?=([^\W_]+))")
_TAG = 60  # characters of narration in which its verb of speech stands


def find_tag(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the first speech in `text[start:end]` ends and its tag starts; None if neither.

    The paragraph is known to end outside the speech, so whatever reads as a tag is one.
    """
    for pause in _PAUSE.finditer(text, start, end):
        words = _WORD.findall(text[pause.end() : min(end, pause.end() + _TAG)])
        if starts_with_tag(words[:4]):
            return pause.start(1), pause.end()
    return None


def find_certain_tag(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the same where the speech may well go on to the end.

    Speakers tell what others said, too, but rarely without marks, in a clause of its own, and with
    no word about themselves or whom they talk to in all that follows.
    """
    for pause in _PAUSE.finditer(text, start, end):
        if text[pause.start()] == "." or not _is_clause_of_speech(text, pause.end(), end):
            continue
        openings = _NESTED_OPENING.finditer(text, start, pause.start())
        nested = any(opening[1].lower() not in word_set("elisions") for opening in openings)
        rest = map(str.lower, _WORD.findall(text, pause.end(), end))
        if nested or not personal_words().isdisjoint(rest):
            return None
        return pause.start(1), pause.end()
    return None


def _is_clause_of_speech(text: str, start: int, end: int) -> bool:
    """Check for `said Tom.` and `Tom said quietly,`: a tag with nothing else in its clause."""
    clause = _CLAUSE.match(text, start, end)
    if clause is None:
        return False
    words = _WORD.findall(clause[1])
    first, second, *_ = (*words, "", "")
    if first in speech_verbs():
        return second != "I" and (second[:1].isupper() or second in _subjects())
    if first.lower() in ("i", "they") or not starts_with_tag(words[:2]):
        return False
    return all(word.endswith("ly") for word in words[2:])


@cache
def _subjects() -> frozenset[str]:
    """Return the words after a verb of speech that begin its subject."""
    return words_with("pronouns", "subject") | word_set("articles", "possessive_determiners")
