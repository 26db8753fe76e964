"""The subject of a verb of speech: which of the people in its sentence says it.

There is no parser here: commas, semicolons and the words that open clauses decide which of several
subjects a verb at the end of a sentence belongs to.
"""

import re
from collections.abc import Sequence

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Mention, MentionKind, Narration, SpeechVerb
from pipeline.dialogue.attribution.tokens import WORD
from pipeline.dialogue.vocabulary import determiners, prepositions

_INTERROGATIVE = frozenset({"what", "how"})

NEAR_BEFORE = 3  # words from a subject to its verb, adverbs between
NEAR_AFTER = 4  # words from a verb to its subject: `said the very old man`
_RELATIVE_WHO = re.compile(r"\s*[,—-]*\s*(?:and\s+)?who\b", re.IGNORECASE)


def _coordinating() -> frozenset[str]:
    return words_with("clause_openers", "coordinating")


def find_subject(narration: Narration, verb: SpeechVerb, text: str) -> Mention | None:
    """Return the subject of `verb`: right before it, right after it, or that of its clause."""
    sentence = [mention for mention in narration.mentions if mention.sentence == verb.sentence]
    before = [mention for mention in sentence if mention.word < verb.word]
    if overheard := _overheard(before, verb, text):
        return overheard
    subjects = [mention for mention in before if _may_act(text, mention, verb)]
    if subjects and _is_adjacent(text, subjects[-1], verb):
        return subjects[-1]
    other = _inverted_subject(sentence, verb, text) or _antecedent_of_who(before, verb, text)
    if other or not subjects:
        return other
    if verb.participle or _is_coordinated(text[subjects[-1].end : verb.start].lower()):
        return _main_subject(narration, subjects, verb, text)
    return subjects[-1]


def _may_act(text: str, mention: Mention, verb: SpeechVerb) -> bool:
    """Return whether a person may be the subject, also in `for Bruce to turn and say`."""
    if _is_appended(text, mention):
        return False
    if mention.role is GrammaticalRole.SUBJECT:
        return True
    following = text[mention.end : mention.end + 20].lower()
    if mention.role is GrammaticalRole.OWNER:  # `Bruce's giving a sigh, and saying`
        return verb.participle and re.match(r"['’]?s\s\w+ing\s", following) is not None
    infinitive = bool(mention.characters) and following.startswith(" to ")
    return infinitive and text[max(0, mention.start - 4) : mention.start] == "for "


def _is_appended(text: str, mention: Mention) -> bool:
    """Return whether `and Bruce` only joins another object: `behind her and Bruce, and said`."""
    words = text[max(0, mention.start - 24) : mention.start].split()
    joined = words[-1:] == ["and"] and len(words) > 1 and words[-2][-1].isalnum()
    return joined and text[mention.end : mention.end + 1] in ",;:"


def _is_adjacent(text: str, subject: Mention, verb: SpeechVerb) -> bool:
    """Return whether a subject stands right before its verb, adverbs apart."""
    if verb.participle or verb.word - subject.word > NEAR_BEFORE:
        return False
    return _coordinating().isdisjoint(text[subject.end : verb.start].lower().split())


def _inverted_subject(sentence: Sequence[Mention], verb: SpeechVerb, text: str) -> Mention | None:
    """Return the subject that follows its verb: `said Bruce`."""
    for mention in sentence:
        if 0 < mention.word - verb.word <= NEAR_AFTER and _is_inverted(mention, verb, text):
            return mention
    return None


def _is_inverted(mention: Mention, verb: SpeechVerb, text: str) -> bool:
    """Return whether nothing but articles and adjectives separates a verb from the mention."""
    if mention.role is GrammaticalRole.OWNER:
        return not words_with("speech_nouns", "tag").isdisjoint(
            words_after(text, mention, 2)
        )  # `said Bruce's voice`
    if mention.role is GrammaticalRole.OBJECT and _is_pronoun(mention):
        return False
    between = text[verb.end : mention.start].split()
    if any(word[-1] in ",;:." for word in between[:-1]) or (between and between[-1][-1] in ",;:"):
        return False
    return prepositions().isdisjoint(between) or between[-2:-1] == ["voice"] or "in" in between[:1]


def _is_pronoun(mention: Mention) -> bool:
    return mention.kind is not MentionKind.NAME and not mention.nominal


def _antecedent_of_who(before: Sequence[Mention], verb: SpeechVerb, text: str) -> Mention | None:
    """Return Bruce in `Bruce, who in great haste exclaimed` and in `Bruce's saying`."""
    if before and text[before[-1].end : verb.start] in ("'s ", "’s "):
        return before[-1]
    for place, mention in reversed(list(enumerate(before))):
        if not _RELATIVE_WHO.match(text, mention.end, verb.start):
            continue
        if any(later.role is GrammaticalRole.SUBJECT for later in before[place + 1 :]):
            return None
        joined = text[mention.end : verb.start].rstrip().endswith((", and", ", but", "; and"))
        return None if joined and mention.role is not GrammaticalRole.SUBJECT else mention
    return None


def _overheard(before: Sequence[Mention], verb: SpeechVerb, text: str) -> Mention | None:
    """Return the speaker in `Ann heard him mutter`, `in time to hear Bruce say`."""
    if text[verb.start : verb.end].lower().endswith(("ed", "s", "id")) or not before:
        return None
    last = before[-1]
    if verb.word - last.word > NEAR_AFTER:
        return None
    if verb.participle and "," in text[last.end : verb.start]:
        return None  # `Ann heard him, calling`
    return last if _is_perceived(last, text) else None


def _is_perceived(mention: Mention, text: str) -> bool:
    """Return whether somebody hears or sees whoever is mentioned: `Ann could hear him`."""
    words = text[max(0, mention.start - 24) : mention.start].lower().split()
    return not word_set("perceiving_verbs").isdisjoint(words[-2:])


def hearer(narration: Narration, speaker: Mention, text: str) -> Mention | None:
    """Return the mention of whoever hears a tag's speaker, None if nobody does.

    It is Ann in `Ann heard him mutter`, and nobody in `When Ann saw Tom, he said`.
    """
    before = [m for m in narration.subjects(speaker.sentence) if m.start < speaker.start]
    if not before or not _is_perceived(speaker, text):
        return None
    between = text[before[-1].end : speaker.start]
    return None if any(mark in between for mark in ",;:") else before[-1]


def _is_coordinated(between: str) -> bool:
    """Return whether a verb, after `between`, may continue an earlier clause: `..., and said`."""
    words = between.split()
    return bool(words) and (words[-1] in _coordinating() or "," in between or ";" in between)


def _main_subject(
    narration: Narration, subjects: Sequence[Mention], verb: SpeechVerb, text: str
) -> Mention:
    """Return the last subject that is not in a subordinate clause, since the last semicolon."""
    semicolon = text.rfind(";", narration.start, verb.start)
    subjects = [subject for subject in subjects if subject.start > semicolon] or subjects
    for subject in reversed(subjects):
        if not _is_subordinate(text, subject, verb):
            return subject
    return subjects[0]


def _is_subordinate(text: str, subject: Mention, verb: SpeechVerb) -> bool:
    """Return whether a subject's clause is inside another: `where Bruce sat, and said`."""
    if subject.role is not GrammaticalRole.SUBJECT:
        return False  # `for Bruce to turn and say`
    before = _words_before_phrase(text, subject)
    if not before:
        return False
    if before[-1] in words_with("clause_openers", "subordinating") or not _INTERROGATIVE.isdisjoint(
        before[-3:]
    ):
        return True
    if before[-1] not in words_with("clause_openers", "unpaused"):
        return False
    clause = text[subject.end : verb.start].rstrip()
    if clause.startswith(","):
        return False  # `while Bruce, at a loss, said`: his verb is still to come
    paused = len(before) > 1 and before[-2][-1] in ",;:"
    return not paused or clause.endswith(",")


def _words_before_phrase(text: str, subject: Mention) -> list[str]:
    """Return the words before a subject, its article and a first person joined to it apart."""
    words = text[max(0, subject.start - 40) : subject.start].lower().split()
    if words and words[-1] in determiners() - words_with("clause_openers", "subordinating"):
        words.pop()
    if len(words) > 1 and words[-1] == "and" and words[-2].isalnum():
        words = words[:-2]  # `where she and Bruce sat`
    return words


def words_after(text: str, mention: Mention, count: int) -> list[str]:
    """Return the first words after a mention in lower case, a possessive `s` among them."""
    return WORD.findall(text[mention.end : mention.end + 50].lower())[:count]
