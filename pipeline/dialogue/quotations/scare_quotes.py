"""Quotation marks in narration: titles, words talked about, words kept at a distance.

Such a phrase is a part of the narrator's sentence: short, after a word rather than a comma, begun
in lower case, not finished by punctuation, with no verb of speech near. No cue decides alone; they
are added up.
"""

import re
from dataclasses import dataclass

from pipeline.dialogue import word_lists
from pipeline.dialogue.word_lists import vocabulary

_NEAR = 60  # characters beside the marks that are looked at
_LONG = 12  # words by which a phrase is no title
_WORD = re.compile(r"[^\W_]+")
_FIRST_PERSON = vocabulary("""i i'm i'll you your my me we us our mine yours""")
_NAMING = vocabulary(
    """a an the this that these those his her its their my your our of called named termed titled
    entitled dubbed labelled labeled nicknamed known word words phrase term title so-called as
    expression name letters sign marked headed inscribed spelled"""
)
_WRITING = vocabulary(
    """call calls called calling name names named read reads reading write writes writing sing sings
    singing recite recited reciting mention mentioned quote quoted state report repeat"""
)
_SAYING = word_lists.SPEECH - _NAMING - _WRITING
_ENDING = re.compile(r"(?:[.,!?…—–:;-]|\s{2})['’\"”)\]\s]*$")
_CALM = re.compile(r"[!?]")


@dataclass(frozen=True, slots=True)
class QuotedPhrase:
    """A quotation: its words, the text before and after its marks, its place in the paragraph."""

    inner: str
    before: str
    after: str
    resumes: bool  # a speech ended a few words earlier, in the same paragraph


def phrase(
    text: str, paragraph: tuple[int, int], inner: tuple[int, int], last: int | None
) -> QuotedPhrase:
    """Cut out of `text` what there is to know of the quotation at `inner`, marks outside."""
    start, end = inner
    return QuotedPhrase(
        inner=text[start:end],
        before=text[max(paragraph[0], start - 1 - _NEAR) : max(paragraph[0], start - 1)].rstrip(),
        after=text[min(paragraph[1], end + 1) : min(paragraph[1], end + 1 + _NEAR)],
        resumes=last is not None and start - last < 2 * _NEAR,
    )


def is_speech(found: QuotedPhrase) -> bool:
    """Whether somebody says the phrase, rather than the narrator."""
    words = _WORD.findall(found.inner[: 40 * _LONG])
    if len(words) >= _LONG:
        return not _reported(found, words)
    if not words:
        return True
    score = _shape(found, words) + _beside(found) + _verbs(found)
    return score > 0


def _reported(found: QuotedPhrase, words: list[str]) -> bool:
    """Whether the narrator reports what was said: `He answered that "it was none of theirs"`."""
    inside = words[0][0].islower() and not found.resumes and found.before[-1:].isalnum()
    return inside and _FIRST_PERSON.isdisjoint(word.lower() for word in words)


def _shape(found: QuotedPhrase, words: list[str]) -> float:
    """What the words themselves look like."""
    score = 0.25 * min(len(words), 8) - 1
    score += 1.5 if _ENDING.search(found.inner) else -1.5
    score += 1 if _CALM.search(found.inner) else 0
    first = next((char for char in found.inner if char.isalnum()), "a")
    if first.islower() and not found.resumes:
        score -= 1.5
    if not _FIRST_PERSON.isdisjoint(word.lower() for word in words):
        score += 0.75
    return score


def _beside(found: QuotedPhrase) -> float:
    """How the phrase is joined to the sentence around it."""
    score = 0.0
    if not found.before:
        score += 2.5
    elif found.before[-1] in ",:.!?…—–-":
        score += 1
    elif found.before[-1].isalnum():
        score -= 1
        last = _WORD.findall(found.before)[-1].lower()
        score -= 1.5 if last in _NAMING else 0
    after = found.after.strip()
    if not after:
        score += 1
    elif found.before and after[0].islower() and not _ENDING.search(found.inner):
        score -= 1
    return score


def _verbs(found: QuotedPhrase) -> float:
    """Whether a verb of speech stands right beside the phrase."""
    after = [word.lower() for word in _WORD.findall(found.after)[:3]]
    before = [word.lower() for word in _WORD.findall(found.before)[-3:]]
    if found.before and found.before[-1] in ".!?":
        before = []
    if before and before[-1] in _SAYING:
        return 6.5
    said = not word_lists.SPEECH.isdisjoint(after[:2]) or not word_lists.SPEECH.isdisjoint(before)
    if said:
        return 2.5
    return 1.0 if not word_lists.ANY.isdisjoint(after) else 0.0
