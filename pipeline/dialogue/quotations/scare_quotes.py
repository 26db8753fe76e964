"""Tell short speeches from quotation marks in narration: titles, words mentioned, scare quotes.

Such a phrase is part of the narrator's sentence: short, after a word rather than a comma, starting
in lower case, without final punctuation, and with no verb of speech nearby. No cue decides alone;
their weights are added up.
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.core.data import word_set
from pipeline.dialogue.verbs import speech_verbs, tag_verbs
from pipeline.dialogue.vocabulary import personal_words

_CONTEXT = 60  # characters considered on either side of the marks
_LONG = 12  # words; from this length on a phrase is no title
_WORD = re.compile(r"[^\W_]+")
_FINAL_PUNCTUATION = re.compile(r"(?:[.,!?…—–:;-]|\s{2})['’\"”)\]\s]*$")
_EXCITED = re.compile(r"[!?]")


@dataclass(frozen=True, slots=True)
class QuotedPhrase:
    """The words of a quotation and the text before and after its marks.

    `resumes`: another speech ended a few words earlier in the same paragraph.
    """

    inner: str
    before: str
    after: str
    resumes: bool


def quoted_phrase(
    text: str, paragraph: tuple[int, int], inner: tuple[int, int], previous_end: int | None
) -> QuotedPhrase:
    """Return the quotation whose words are `text[slice(*inner)]`, with its context.

    `paragraph` limits the context; `previous_end` is where the paragraph's previous speech ended.
    """
    start, end = inner
    before = max(paragraph[0], start - 1)
    after = min(paragraph[1], end + 1)
    return QuotedPhrase(
        inner=text[start:end],
        before=text[max(paragraph[0], start - 1 - _CONTEXT) : before].rstrip(),
        after=text[after : min(paragraph[1], end + 1 + _CONTEXT)],
        resumes=previous_end is not None and start - previous_end < 2 * _CONTEXT,
    )


def is_speech(phrase: QuotedPhrase) -> bool:
    """Check whether a character says the phrase rather than the narrator."""
    words = _WORD.findall(phrase.inner[: 40 * _LONG])
    if len(words) >= _LONG:
        return not _is_indirect(phrase, words)
    if not words:
        return True
    return _wording_score(phrase, words) + _context_score(phrase) + _verb_score(phrase) > 0


def _is_indirect(phrase: QuotedPhrase, words: list[str]) -> bool:
    """Check for indirect speech: `He answered that "it was none of theirs"`."""
    embedded = words[0][0].islower() and not phrase.resumes and phrase.before[-1:].isalnum()
    return embedded and not _is_personal(words)


def _is_personal(words: list[str]) -> bool:
    return not personal_words().isdisjoint(word.lower() for word in words)


def _wording_score(phrase: QuotedPhrase, words: list[str]) -> float:
    """Score the words themselves."""
    score = 0.25 * min(len(words), 8) - 1
    score += 1.5 if _FINAL_PUNCTUATION.search(phrase.inner) else -1.5
    score += 1 if _EXCITED.search(phrase.inner) else 0
    first = next((char for char in phrase.inner if char.isalnum()), "a")
    if first.islower() and not phrase.resumes:
        score -= 1.5
    if _is_personal(words):
        score += 0.75
    return score


def _context_score(phrase: QuotedPhrase) -> float:
    """Score how the phrase is joined to the sentence around it."""
    score = 0.0
    if not phrase.before:
        score += 2.5
    elif phrase.before[-1] in ",:.!?…—–-":
        score += 1
    elif phrase.before[-1].isalnum():
        score -= 1
        last = _WORD.findall(phrase.before)[-1].lower()
        score -= 1.5 if last in _naming_words() else 0
    after = phrase.after.strip()
    if not after:
        score += 1
    elif phrase.before and after[0].islower() and not _FINAL_PUNCTUATION.search(phrase.inner):
        score -= 1
    return score


@cache
def _naming_words() -> frozenset[str]:
    """Return the words before a phrase that is named rather than said: `a`, `called`."""
    return word_set(
        "naming_words",
        "articles",
        "possessive_determiners",
        "demonstratives",
        "plural_demonstratives",
    )


@cache
def _introducing_verbs() -> frozenset[str]:
    """Return the verbs right before a phrase that make it a speech for certain."""
    return speech_verbs() - _naming_words() - word_set("writing_verbs")


def _verb_score(phrase: QuotedPhrase) -> float:
    """Score the verbs of speech right beside the phrase."""
    after = [word.lower() for word in _WORD.findall(phrase.after)[:3]]
    before = [word.lower() for word in _WORD.findall(phrase.before)[-3:]]
    if phrase.before and phrase.before[-1] in ".!?":
        before = []
    if before and before[-1] in _introducing_verbs():
        return 6.5
    if not speech_verbs().isdisjoint((*after[:2], *before)):
        return 2.5
    return 1.0 if not tag_verbs().isdisjoint(after) else 0.0
