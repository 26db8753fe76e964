"""Dialogue tags in the paragraph before a speech: `He sat down, and at last he spoke.`."""

import re
from dataclasses import replace

from pipeline.dialogue.attribution.dialogue_tags import (
    INTERRUPTED,
    DialogueTag,
    find_before_speech,
    is_denied,
    leads_on,
)
from pipeline.dialogue.attribution.narration import Mention, MentionKind, Narration, SpeechVerb
from pipeline.dialogue.attribution.subjects import NEAR_BEFORE, find_subject
from pipeline.dialogue.attribution.tokens import WORD

_STARTS_AGAIN = frozenset({"began", "begins", "broke", "went"})
_NOTHING_MORE = re.compile(
    r"(?:\s(?:again|on|in|up|out|aloud|back|first|at\slast|\w+ly))*\W*", re.IGNORECASE
)
_THEN_DOING = re.compile(r"(?:\b(?:before|then|and)|,)(?:\s\w+ly)?\s$", re.IGNORECASE)
_PERFECT_OR_MODAL = frozenset({"had", "has", "have", "d", "ve", "would", "could", "might"})
_REPORTING = frozenset({"that", "though", "if", "whose"})
"""Words before a subject that make its clause part of another: `as if he spoke`."""


def find_in_lead(narration: Narration, text: str) -> DialogueTag | None:
    """Return the tag in the last sentence of a paragraph of narration before a speech.

    It is sure if it announces the speech: `... before he finally spoke.`.
    """
    tag = find_before_speech(narration, text) or _tag_by_beginning(narration, text)
    if tag is None or tag.sure or tag.speaker is None:
        return tag
    return replace(tag, sure=_announces(narration, tag.verb, tag.speaker, text))


def _announces(narration: Narration, verb: SpeechVerb, speaker: Mention, text: str) -> bool:
    """Return whether a paragraph ends with somebody speaking: `he finally spoke.`.

    That nobody did, that they had spoken, or did so to somebody, announces nothing.
    """
    if speaker.kind is MentionKind.OUTSIDER:
        return False
    if not _NOTHING_MORE.fullmatch(text, verb.end, narration.end):
        return False
    if verb.participle:
        return _THEN_DOING.search(text, narration.start, verb.start) is not None
    if speaker.start > verb.start or is_denied(narration, speaker, verb, text):
        return False
    opening = WORD.findall(text[max(narration.start, speaker.start - 12) : speaker.start].lower())
    between = WORD.findall(text[speaker.end : verb.start].lower())
    return _REPORTING.isdisjoint(opening[-1:]) and _PERFECT_OR_MODAL.isdisjoint(between[-2:])


def _tag_by_beginning(narration: Narration, text: str) -> DialogueTag | None:
    """Match `Bruce began again.`, at the end of a paragraph."""
    if not narration.verbs:
        return None
    verb = narration.verbs[-1]
    word = text[verb.start : verb.end].lower()
    if word not in _STARTS_AGAIN or not _NOTHING_MORE.fullmatch(text, verb.end, narration.end):
        return None
    speaker = find_subject(narration, verb, text)
    if speaker is None or not 0 < verb.word - speaker.word <= NEAR_BEFORE:
        return None
    return DialogueTag(verb, speaker, sure=True)


def find_in_trail(narration: Narration, text: str) -> DialogueTag | None:
    """Return the tag in narration that ends the paragraph of the speech before.

    Its first sentence belongs to that speech, unless it leads on to the next:
    `"No," said Ann. Then Bob began again:`.
    """
    if INTERRUPTED.match(text, narration.start, narration.end):
        tag = find_before_speech(narration, text)
        return replace(tag, sure=True) if tag else None
    tag = find_in_lead(narration, text)
    if tag is None or (tag.verb.sentence == 0 and not leads_on(narration, text)):
        return None
    return tag
