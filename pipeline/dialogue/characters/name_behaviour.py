"""What the narration lets the bearer of a name do, by the words around a mention."""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.tokens import is_possessive
from pipeline.dialogue.characters.name_recognition import NameMention
from pipeline.dialogue.verbs import finite_forms, manner_verbs, speech_verbs
from pipeline.dialogue.vocabulary import determiners, prepositions

_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"[.!?…]['’)]?$")
_CONTEXT = 40  # characters considered on either side of a name
_INVERTED_TAG = 12  # characters from the start of narration to the name in `smiled Ann`


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one mention of a name in narration shows.

    `tag`: it speaks; `action`: it does what people do, has a body, or has something that acts
    beside a speech (`Ann's pencil hovered.`); `subject`: it is the subject of any verb; `place`: it
    stands as a place would; `article`: it follows `the`.
    """

    tag: bool = False
    action: bool = False
    subject: bool = False
    place: bool = False
    article: bool = False


def observe(text: str, mention: NameMention, with_speech: bool) -> Behaviour:
    """Return what a mention shows, given whether its paragraph has speech."""
    span, start, end = mention.span, mention.start, mention.end
    before = text[max(span.start, start - _CONTEXT) : start]
    words = before.lower().split()
    article = bool(words) and words[-1] == "the"
    if article:
        words.pop()
    previous = words[-1] if words else ""
    opens_sentence = not words or bool(_SENTENCE_END.search(previous))
    if is_possessive(text, end):
        owned = _following_words(text, mention, end + 2)[:2]
        has_body = not word_set("body_parts").isdisjoint(owned)
        beat = with_speech and opens_sentence and not finite_forms().isdisjoint(owned[1:])
        return Behaviour(action=has_body or beat, article=article)
    following = _verb_after(_following_words(text, mention, end))
    opens_narration = start - span.start < _INVERTED_TAG
    tag = with_speech and (
        previous in speech_verbs()
        or following in speech_verbs()
        or (opens_narration and previous in manner_verbs())
        or (opens_narration and len(words) == 1 and previous in finite_forms())
    )
    may_be_subject = previous not in _before_objects()
    subject = may_be_subject and following in finite_forms()
    has_auxiliary = may_be_subject and following in word_set("auxiliaries")
    beat = with_speech and ((subject and opens_sentence) or (has_auxiliary and start == span.start))
    return Behaviour(
        tag=tag,
        action=following in word_set("person_actions") or previous in speech_verbs() or beat,
        subject=subject or has_auxiliary,
        place=previous in words_with("prepositions", "place"),
        article=article,
    )


@cache
def _before_objects() -> frozenset[str]:
    """Return the words after which a name is not the subject of the verb that follows."""
    return prepositions() | words_with("prepositions", "place") | determiners()


def _following_words(text: str, mention: NameMention, start: int) -> list[str]:
    end = min(mention.end + _CONTEXT, mention.span.end)
    return [token.lower() for token in _WORD_OR_MARK.findall(text, start, end)]


def _verb_after(words: list[str]) -> str:
    """Return the word after a name, in lower case, adverbs and `, who` skipped."""
    for index, word in enumerate(words[:4]):
        relative = words[index : index + 2] == [",", "who"] or (index and word == "who")
        adverb = word.endswith("ly") or word in word_set("adverbs_before_verbs")
        if not relative and not (adverb and index + 1 < len(words)):
            return word
    return ""
