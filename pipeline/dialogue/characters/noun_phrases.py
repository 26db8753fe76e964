"""Find the noun phrases that are subjects beside speech: `said the old priest`, `the waiter rose`.

The words of a phrase end in its noun; `the voice from the well` keeps what tells it from others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.data import word_list, word_set, words_with
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import finite_forms, manner_verbs, speech_verbs
from pipeline.dialogue.vocabulary import never_possessed

_WORD = r"[^\W\d_A-Z][^\W\d_]*(?:-[^\W\d_]+)*"
_PHRASE = rf"(?P<phrase>(?:{_WORD}\s+){{0,2}}{_WORD})"
_SHORTEST_PHRASE = _PHRASE.replace("{0,2}", "{0,2}?")
_PLACE = r"(?:behind|beyond|under|above|across|inside|outside|below|beneath|within)"
_COMPLEMENT = (
    rf"(?P<complement>\s+(?:from|on|in|of|at|with|over|through|{_PLACE})(?:\s+{_PLACE})?"
    rf"\s+(?:the|an?|his|her|my|their)\s+{_WORD})?"
)
_OPENER = re.compile(r"(?:the|an?)\s+(?P<words>(?:\w[\w'’-]*\s+){1,7}\w+)", re.I)
_SENTENCE = re.compile(
    rf"(?:(?<=[.!?…]\s)|(?<=[.!?…]\s\s))(?:The|An?)\s+(?P<words>(?:{_WORD}\s+){{1,7}}{_WORD})"
)
_INDEFINITE = re.compile(rf"\b[Aa]n?\s+(?={_PHRASE})")
_TAG_REACH = 80  # characters of narration after a speech in which its tag stands
_MAX_WORDS = 3  # of a phrase, its noun the last


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase without its article, in lower case, and where it stands.

    `tag`: it is said to speak; `beside_speech`: the paragraph has speech; `has_possessive`: it acts
    on something of its own, as a person does (`The welder folded her arms.`).
    """

    words: str
    noun: str
    tag: bool
    beside_speech: bool
    has_possessive: bool


@cache
def _inverted_tag() -> re.Pattern[str]:
    following = "|".join(word_list("after_tag_nouns"))
    return re.compile(
        rf"(?P<verb>{_WORD})\s+(?:the|an?)\s+{_SHORTEST_PHRASE}{_COMPLEMENT}"
        rf"(?=\s*[,.;:!?—–-]|\s+(?:{following})\b|\s*$)"
    )


def find_subjects(text: str, spans: Sequence[Span]) -> Iterator[NounPhrase]:
    """Yield the phrases of the narration that are subjects of a tag or open a sentence."""
    with_speech = {span.place for span in spans if span.speech}
    for previous, span in pairwise((None, *spans)):
        if span is not None and not span.speech:
            beside_speech = span.place in with_speech
            follows = beside_speech and previous is not None and previous.speech
            for subject in _subjects(text, span, follows):
                phrase = " ".join((*subject.words, *subject.complement))
                tag = subject.speaks and beside_speech
                yield NounPhrase(
                    phrase, subject.words[-1], tag, beside_speech, subject.has_possessive
                )


def find_indefinite(text: str, spans: Sequence[Span]) -> frozenset[str]:
    """Return the nouns that the narration introduces with `a`: `a tall stranger`."""
    return frozenset(
        word
        for span in spans
        if not span.speech
        for match in _INDEFINITE.finditer(text, span.start, span.end)
        for word in match["phrase"].lower().split()
    )


class _Subject(NamedTuple):
    """The words of a subject in lower case, with a complement that tells it from others.

    `has_possessive` as in `NounPhrase`.
    """

    words: Sequence[str]
    complement: Sequence[str]
    speaks: bool
    has_possessive: bool


def _subjects(text: str, span: Span, follows_speech: bool) -> Iterator[_Subject]:
    """Yield the subjects of a span of narration."""
    start = span.start
    if follows_speech:
        tag = _inverted_tag().match(text, start, min(span.end, start + _TAG_REACH))
        if tag and tag["verb"].lower() in speech_verbs() | manner_verbs():
            complement = (tag["complement"] or "").lower().split()
            yield _Subject(
                tag["phrase"].lower().split(), complement, speaks=True, has_possessive=False
            )
            start = tag.end()
    opener = _OPENER.match(text, start, span.end)
    for match in (*((opener,) if opener else ()), *_SENTENCE.finditer(text, start, span.end)):
        words = match["words"].lower().split()
        verb = _first_verb(words)
        if verb:
            noun_end = _noun_end(words[:verb])
            if noun_end <= _MAX_WORDS:
                yield _Subject(
                    words[:noun_end],
                    words[noun_end:verb],
                    speaks=words[verb] in speech_verbs(),
                    has_possessive=_has_possessive(words, verb),
                )


def _has_possessive(words: Sequence[str], verb: int) -> bool:
    """Return whether `his` or `her` and a noun follow a verb at once: `had folded her arms`."""
    at = verb + 1 + (words[verb] in word_set("auxiliaries"))
    possessive, thing = words[at : at + 1], words[at + 1 : at + 2]
    is_possessive = possessive in (["his"], ["her"])
    return is_possessive and bool(thing) and thing[0] not in never_possessed()


def _first_verb(words: Sequence[str]) -> int:
    """Return the index of the first finite verb after a noun, 0 if there is none."""
    verbs = finite_forms() | word_set("auxiliaries")
    return next((index for index, word in enumerate(words) if index and word in verbs), 0)


def _noun_end(words: Sequence[str]) -> int:
    """Return the number of words up to the noun, without adverbs and prepositional phrases."""
    end = next((i for i, word in enumerate(words) if i and word in words_with("prepositions")), 0)
    end = end or len(words)
    while end > 1 and words[end - 1].endswith("ly"):
        end -= 1
    return end
