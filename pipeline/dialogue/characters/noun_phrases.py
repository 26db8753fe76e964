"""Find the noun phrases that are subjects beside speech: `said the old priest`, `the waiter rose`.

The words of a phrase end in its noun; `the voice from the well` keeps what tells it from others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_list, words_with
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import finite_forms, manner_verbs, speech_verbs

_WORD = r"[^\W\d_A-Z][^\W\d_]*(?:-[^\W\d_]+)*"
_PHRASE = rf"(?P<phrase>(?:{_WORD}\s+){{0,2}}{_WORD})"
_COMPLEMENT = rf"(?P<complement>\s+(?:from|on|in|of|at|with|behind)\s+(?:the|a)\s+{_WORD})?"
_AFTER_SPEECH = re.compile(r"(?:the|an?)\s+(?P<words>(?:\w[\w'’-]*\s+){1,7}\w+)", re.I)
_SENTENCE = re.compile(
    rf"(?:(?<=[.!?…]\s)|(?<=[.!?…]\s\s))(?:The|An?)\s+(?P<words>(?:{_WORD}\s+){{1,7}}{_WORD})"
)
_INDEFINITE = re.compile(rf"\b[Aa]n?\s+{_PHRASE}")
_TAG_REACH = 80  # characters of narration after a speech in which its tag stands
_MAX_WORDS = 3  # of a phrase, its noun the last


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase without its article, in lower case; `tag` if it is said to speak."""

    words: str
    noun: str
    tag: bool


@cache
def _inverted_tag() -> re.Pattern[str]:
    following = "|".join(word_list("after_tag_nouns"))
    return re.compile(
        rf"(?P<verb>{_WORD})\s+(?:the|an?)\s+{_PHRASE}{_COMPLEMENT}"
        rf"(?=\s*[,.;:!?—–-]|\s+(?:{following})\b|\s*$)"
    )


def find_subjects(text: str, spans: Sequence[Span]) -> list[NounPhrase]:
    """Return the phrases in the paragraphs with speech that are subjects of a tag or a sentence."""
    with_speech = {span.place for span in spans if span.speech}
    return [
        phrase
        for previous, span in pairwise((None, *spans))
        if span is not None and not span.speech and span.place in with_speech
        for phrase in _subjects(text, span, _follows_speech(previous, span))
    ]


def find_indefinite(text: str, spans: Sequence[Span]) -> frozenset[str]:
    """Return the nouns that the narration introduces with `a`: `a tall stranger`."""
    return frozenset(
        word
        for span in spans
        if not span.speech
        for match in _INDEFINITE.finditer(text, span.start, span.end)
        for word in match["phrase"].lower().split()
    )


def _follows_speech(previous: Span | None, span: Span) -> bool:
    return previous is not None and previous.speech and previous.place == span.place


def _subjects(text: str, span: Span, after_speech: bool) -> Iterator[NounPhrase]:
    start = span.start
    if after_speech:
        reach = min(span.end, start + _TAG_REACH)
        tag = _inverted_tag().match(text, start, reach)
        if tag and tag["verb"].lower() in speech_verbs() | manner_verbs():
            yield _noun_phrase(tag["phrase"], tag["complement"], tag=True)
            start = tag.end()
    opener = _AFTER_SPEECH.match(text, start, span.end)
    matches = ([opener] if opener else []) + list(_SENTENCE.finditer(text, start, span.end))
    for match in matches:
        phrase = _subject(match["words"].lower().split())
        if phrase is not None:
            yield phrase


def _subject(words: list[str]) -> NounPhrase | None:
    """Return the subject that `words` open with, None if there is no finite verb after it."""
    verb = next((i for i in range(1, len(words)) if words[i] in finite_forms()), None)
    if verb is None:
        return None
    end = verb
    while end > 1 and words[end - 1].endswith("ly"):
        end -= 1
    prepositions = words_with("prepositions")
    head = next((i for i in range(1, end) if words[i] in prepositions), end)
    if head > _MAX_WORDS:
        return None
    complement = " ".join(words[head:end])
    return _noun_phrase(" ".join(words[:head]), complement, words[verb] in speech_verbs())


def _noun_phrase(phrase: str, complement: str | None, tag: bool) -> NounPhrase:
    words = phrase.lower().split()
    parts = (*words, *(complement or "").lower().split())
    return NounPhrase(" ".join(parts), words[-1], tag)
