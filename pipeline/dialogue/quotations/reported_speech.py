"""Find free indirect speech in quotation marks: what somebody said, in the narrator's words.

`He was very sorry. "It had quite escaped him, and he should see to it directly."` Such words refer
to everybody in the third person and stay in the past tense throughout. Many speeches do too, so
passages are reclassified only in a book that has the habit, and only where narration leads up to
them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.verbs import speech_verbs
from pipeline.dialogue.vocabulary import personal_words

_TAG = 60  # characters of narration that may separate two parts of a passage
_MIN_WORDS = 6  # a shorter passage is too short to classify
_CLEAR_WORDS = 20  # a passage of this length hardly matches by chance
_MIN_HABIT = 5  # clear passages that make a habit,
_CHARACTERS_PER_HABIT = 60_000  # and characters of speech in which there is at least one
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _SpeechGroup:
    """Speeches of a paragraph with no more than a tag between them.

    `indices` are those of the spans, `size` is in characters. `led`: narration precedes the group,
    in its paragraph or as the whole of the previous one.
    """

    indices: tuple[int, ...]
    led: bool
    size: int


def reclassify(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, with reported speech as narration in a book that quotes it."""
    groups = list(_speech_groups(spans))
    reported: set[int] = set()
    habit = 0
    for group in groups:
        if group.led and not _is_announced(text, spans, group):
            words = _words(text, spans, group)
            if _is_third_person_past(words):
                reported.update(group.indices)
                habit += len(words) >= _CLEAR_WORDS
    if habit < _MIN_HABIT or habit * _CHARACTERS_PER_HABIT < sum(group.size for group in groups):
        reported.clear()
    for index, span in enumerate(spans):
        yield replace(span, speech=False, continues=False) if index in reported else span


def _speech_groups(spans: Sequence[Span]) -> Iterator[_SpeechGroup]:
    indices: list[int] = []
    for index, span in enumerate(spans):
        if not span.speech:
            continue
        if indices and not _only_tag_between(spans[indices[-1]], span):
            yield _speech_group(spans, indices)
            indices = []
        indices.append(index)
    if indices:
        yield _speech_group(spans, indices)


def _speech_group(spans: Sequence[Span], indices: Sequence[int]) -> _SpeechGroup:
    size = sum(spans[i].end - spans[i].start for i in indices)
    return _SpeechGroup(tuple(indices), _narration_leads(spans, indices[0]), size)


def _only_tag_between(first: Span, second: Span) -> bool:
    return first.place == second.place and second.start - first.end < _TAG


def _narration_leads(spans: Sequence[Span], index: int) -> bool:
    """Check whether narration rather than another speech leads up to a speech."""
    if spans[index].continues or index == 0 or spans[index - 1].speech:
        return False
    chapter, paragraph = spans[index].place
    if spans[index - 1].place == (chapter, paragraph):
        return True
    before = (chapter, paragraph - 1)
    return spans[index - 1].place == before and (index < 2 or spans[index - 2].place != before)


def _is_announced(text: str, spans: Sequence[Span], group: _SpeechGroup) -> bool:
    """Check whether the narration ends with `and said:` and the passage starts as speech does."""
    first, before = spans[group.indices[0]], spans[group.indices[0] - 1]
    lead = text[max(before.start, before.end - _TAG) : before.end]
    initial = next((char for char in text[first.start : first.end] if char.isalnum()), "a")
    last_words = _WORD.findall(lead.lower())[-2:]
    return initial.isupper() and lead[-1] in ",:" and not speech_verbs().isdisjoint(last_words)


def _words(text: str, spans: Sequence[Span], group: _SpeechGroup) -> list[str]:
    passage = " ".join(text[spans[i].start : spans[i].end] for i in group.indices)
    return [word.lower().replace("’", "'") for word in _WORD.findall(passage)]


def _is_third_person_past(words: list[str]) -> bool:
    """Check for a passage in the third person and past tense, with no trace of direct speech."""
    distinct = set(words)
    if len(words) < _MIN_WORDS or distinct & (
        personal_words() | word_set("present_tense_markers") | {"let"}
    ):
        return False
    return bool(distinct & words_with("pronouns", "third")) and bool(
        distinct & word_set("past_tense_markers")
    )
