"""Dialogue tags: where the narration names the speaker right before, after or inside a speech.

All functions here take a span of narration and the text, and return the tag in it, if any.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.core.data import word_set, words_with
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Mention, Narration, SpeechVerb
from pipeline.dialogue.attribution.subjects import (
    NEAR_AFTER,
    NEAR_BEFORE,
    find_subject,
    words_after,
)
from pipeline.dialogue.attribution.tokens import WORD
from pipeline.dialogue.verbs import noun_like_verbs, speech_verbs
from pipeline.dialogue.vocabulary import determiners, prepositions

_NEGATIONS = frozenset({"nothing", "no", "neither", "little", "not"})

_NAME_REACH = 15  # characters from `That was` to a name
_REACH = 12  # words after a speech within which its tag must have its verb
_AGENT_REACH = 6  # characters from a name after `by` to the speech
_NOUN_REACH = 30  # characters from `Ann's reply` to the speech
_PASSIVE = re.compile(
    r"(?:\w+\s+){0,3}"
    r"(?:(came|burst|broke|sounded|fell)(?:\s+\w+){0,3}\s+from"
    r"|(uttered|said|spoken|asked|repeated|whispered|murmured|shouted)(?:\s+\w+){0,5}\s+by)\s",
    re.IGNORECASE,
)
_AGENT = re.compile(r"(\w+)\s+(by|from)\s+(?:the\s+)?$", re.IGNORECASE)
_IDENTIFYING = re.compile(r"(?:That|This|It)\s(was|is|would\sbe)\s|(?:That|This|It)['’](s)\s")
_IDENTIFIED = re.compile(r"\s*(?:[.,;:!?—]|(?:from|at|in|on|behind|through|over|again)\b)")
_LAST_WORD = re.compile(r"([^\W_]+)[\W_]*$")
_QUOTATIVE = re.compile(r"(?:\b(?:am|is|are|was|were)|['’](?:m|s|re))\s(?:like|all)[,:]?\s*$")
_THING = re.compile(r"(?:the|an?)\s(?:[\w-]+\s){1,2}", re.IGNORECASE)
_WHOSE_VOICE = re.compile(r"['’]?s?\s(?:[\w-]+\s){0,2}(?:voice|tones?|accents?)\b")
_SAID_BEFORE = re.compile(r"\s(?:this|that|so|it|these words)\s*[.,;!?—]")  # the speech before
INTERRUPTED = re.compile(
    r"(?:\w+[.]?\s){1,3}(?:interrupted|broke in|cut in|stopped)\s(?:him|her|me|them)[.,:]"
)


@dataclass(frozen=True, slots=True)
class DialogueTag:
    """A verb of speech and its subject, None if the text names nobody: `said a voice`.

    `sure` tags belong to the speech beyond doubt; a loose one (`Ann smiled.`) may not.
    """

    verb: SpeechVerb
    speaker: Mention | None
    sure: bool

    def quote(self, text: str) -> str:
        """Return the tag as a person would quote it, with `...` for a long middle."""
        if self.speaker is None:
            return _one_line(text, self.verb.start, self.verb.end)
        first, last = sorted(
            [(self.verb.start, self.verb.end), (self.speaker.start, self.speaker.end)]
        )
        if last[0] - first[1] <= 25:
            return _one_line(text, first[0], last[1])
        return f"{_one_line(text, *first)} ... {_one_line(text, *last)}"


def _one_line(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _leading() -> frozenset[str]:
    """Return the conjunctions with which narration leads on to the next speech: `and Ann said`."""
    return words_with("clause_openers", "lead")


@cache
def _linking() -> frozenset[str]:
    """Return the words that cannot end a sentence of narration."""
    return _leading() | prepositions() | determiners() | {"nor"}


@cache
def _hears() -> re.Pattern[str]:
    """Return the pattern of what stands between `Ann` and `him` in `Ann could hear him mutter`."""
    verbs = "|".join(sorted(word_set("perceiving_verbs")))
    return re.compile(rf"(?:\s\w+)?\s(?:{verbs})\s(?:\w+\s){{0,2}}", re.IGNORECASE)


def spoke_before(text: str, speaker: Mention) -> bool:
    """Return whether narration refers to the speech before: `when Bruce said this`."""
    match = WORD.search(text, speaker.end, speaker.end + 20)
    return match is not None and bool(
        match[0].lower() in speech_verbs() and _SAID_BEFORE.match(text, match.end())
    )


def leads_on(narration: Narration, text: str) -> bool:
    """Return whether the last sentence runs on into the speech that follows: `Ann said:`."""
    if narration.ending in ",:;—–-":
        return True
    last = text[max(narration.start, narration.end - 12) : narration.end].lower().split()[-1:]
    return narration.ending.isalnum() and _linking().isdisjoint(last)


# --- after a speech ------------------------------------------------------------------------------


def find_after_speech(narration: Narration, text: str) -> DialogueTag | None:
    """Return the tag at the head of narration that follows a speech in its paragraph."""
    if _introduces_next_speech(narration, text):
        return None
    if tag := _overheard_tag(narration, text):
        return tag
    # Narration that goes on with the speech's sentence is a tag whatever its verb.
    joined = text[narration.start].islower() or ends_in(",", text, narration.start)
    if not joined:
        return _tag_by_speech_verb(narration, text, joined=False) or _identifying(narration, text)
    return (
        _passive_tag(narration, text)
        or _tag_by_speech_verb(narration, text, joined=True)
        or _tag_by_any_verb(narration, text)
    )


def _overheard_tag(narration: Narration, text: str) -> DialogueTag | None:
    """Match `Ann heard the boy mutter`, whose verb looks like a noun: whoever is heard speaks.

    `find_subject` finds who speaks where the verb is known as one.
    """
    for first, second in pairwise(m for m in narration.mentions if m.sentence == 0):
        if first.role is GrammaticalRole.SUBJECT and _hears().fullmatch(
            text, first.end, second.start
        ):
            verb = WORD.match(text, second.end + 1, narration.end)
            if verb and text[second.end].isspace() and verb[0] in noun_like_verbs():
                place = SpeechVerb(*verb.span(), word=second.word + 1, sentence=0)
                return DialogueTag(place, second, sure=True)
    return None


def _identifying(narration: Narration, text: str) -> DialogueTag | None:
    """Match `"Open the door." That was her mother.`: who is said to have spoken."""
    match = _IDENTIFYING.match(text, narration.start, narration.end)
    if match is None:
        return None
    others = (mention for mention in narration.mentions if mention.start >= match.end())
    speaker = next((m for m in others if m.role is not GrammaticalRole.OWNER), None)
    if speaker is None or speaker.start - match.end() > _NAME_REACH:
        return None
    if not _IDENTIFIED.match(text, speaker.end):
        return None
    verb = SpeechVerb(*match.span(match.lastindex or 0), word=1, sentence=0)
    return DialogueTag(verb, speaker, sure=True)


def _introduces_next_speech(narration: Narration, text: str) -> bool:
    """Return whether narration belongs to the speech after it: `..., and Mary said, `."""
    if INTERRUPTED.match(text, narration.start, narration.end):
        return True
    if narration.ending not in ",:":
        return False
    return _first_words(narration, text)[0].lower() in _leading() or (
        ends_in(".", text, narration.start)  # `"Hello." Mary said, "Hi."`
    )


def _first_words(narration: Narration, text: str) -> list[str]:
    return text[narration.start : narration.start + 40].split()


def ends_in(mark: str, text: str, start: int) -> bool:
    """Return whether the speech before `start` ends in a comma or full stop inside its marks."""
    return text[max(0, start - 4) : start].rstrip().rstrip("\"'”’»").rstrip().endswith(mark)


def _passive_tag(narration: Narration, text: str) -> DialogueTag | None:
    """Match `"Indeed!" came from Bruce`, `burst from Bruce's lips`, `was uttered by Bruce`."""
    match = _PASSIVE.match(text, narration.start, narration.end)
    speaker = _first_mention(narration)
    if match is None or speaker is None or speaker.start - match.end() > _NAME_REACH:
        return None
    verb = SpeechVerb(*match.span(match.lastindex or 0), word=0, sentence=0)
    return DialogueTag(verb, speaker, sure=True)


def _first_mention(narration: Narration) -> Mention | None:
    """Return the first person mentioned in the first sentence."""
    return next((mention for mention in narration.mentions if mention.sentence == 0), None)


def _tag_by_speech_verb(narration: Narration, text: str, *, joined: bool) -> DialogueTag | None:
    """Match `said Bruce`, `Bruce whispered`, `Bruce, looking up, replied`."""
    for verb in narration.verbs:
        if verb.sentence > 0 or verb.word > _REACH:
            break
        if verb.explicit or verb.word <= NEAR_BEFORE:
            tag = _tag_after_speech(narration, verb, text, joined=joined)
            if tag:
                return tag
    return None


def _tag_after_speech(
    narration: Narration, verb: SpeechVerb, text: str, *, joined: bool
) -> DialogueTag | None:
    speaker = find_subject(narration, verb, text)
    if speaker is None:
        others = _has_other_subject(narration, verb, text, joined=joined)
        return DialogueTag(verb, _whose_voice(narration, text), sure=True) if others else None
    begins = verb.word == 0 or speaker.word <= 2
    if not (begins or joined) or is_denied(narration, speaker, verb, text):
        return None
    return DialogueTag(verb, speaker, sure=verb.explicit or joined)


def _has_other_subject(narration: Narration, verb: SpeechVerb, text: str, *, joined: bool) -> bool:
    """Return whether the verb has a subject that is no person known here: `said a voice`.

    Or `the radio said`, `the radio went on`, where the narration carries on the sentence of the
    speech.
    """
    if verb.word == 0:
        return True
    if not joined or verb.participle:
        return False
    before = text[narration.start : verb.start]
    if verb.explicit:
        return not re.search(r"[,.;:!?—]", before)
    resumes = text[verb.start : verb.end].lower() in word_set("resuming_verbs")
    return resumes and _THING.fullmatch(before) is not None


def _whose_voice(narration: Narration, text: str) -> Mention | None:
    """Return Ann where a thing speaks with her voice: `the radio said, in Ann's patient voice`."""
    for mention in narration.mentions:
        if mention.sentence > 0:
            break
        if mention.role is GrammaticalRole.OWNER and _WHOSE_VOICE.match(text, mention.end):
            before = text[narration.start : mention.start]
            if before.endswith(("in ", "with ")):
                return mention
    return None


def is_denied(narration: Narration, speaker: Mention, verb: SpeechVerb, text: str) -> bool:
    """Return whether nothing is said: `Bruce did not speak`, `nobody spoke`."""
    if speaker.words(text) == "nobody":
        return True
    following = text[verb.end : min(narration.end, verb.end + 12)].lower()
    if not _NEGATIONS.isdisjoint(WORD.findall(following)[:1]):
        return True
    between = text[min(speaker.end, verb.end) : max(speaker.start, verb.start)]
    return any(negation in between for negation in (" not ", "n't ", "n’t ", " never "))


def _tag_by_any_verb(narration: Narration, text: str) -> DialogueTag | None:
    """Match `hooted Bruce`, `Bruce grinned`, `put in Cynthia`: whatever the verb."""
    speaker, words = _first_mention(narration), _first_words(narration, text)
    if speaker is None or speaker.word > NEAR_AFTER or words[0].lower() in prepositions():
        return None
    phrasal = (
        len(words) > 1 and words[1].lower() in word_set("particles_of_verbs") and speaker.word <= 3
    )
    if not (phrasal or _may_be_speaker(speaker, words[0], text)):
        return None
    verb = SpeechVerb(narration.start, narration.start + len(words[0]), word=0, sentence=0)
    return DialogueTag(verb, speaker, sure=True)


def _may_be_speaker(mention: Mention, first_word: str, text: str) -> bool:
    """Return whether the first mention in narration is the subject of its first verb."""
    if first_word.lower() in _leading():
        return False
    if mention.role is GrammaticalRole.OWNER:  # `was Bruce's answer`
        return not words_with("speech_nouns", "tag").isdisjoint(words_after(text, mention, 4))
    if mention.role is GrammaticalRole.OBJECT:
        return mention.word <= 3 and first_word.endswith("ed")
    return True


# --- before a speech -----------------------------------------------------------------------------


def find_before_speech(narration: Narration, text: str) -> DialogueTag | None:
    """Return the tag in the last sentence of narration that precedes a speech."""
    leading = leads_on(narration, text)
    for verb in reversed(narration.verbs):
        if verb.sentence != narration.sentences - 1:
            break
        if not leading and _SAID_BEFORE.match(text, verb.end, narration.end):
            continue
        if leading or (verb.explicit and not _is_intended(text, narration.start, verb)):
            speaker = find_subject(narration, verb, text)
            if speaker is not None:
                return DialogueTag(verb, speaker, sure=leading)
    if not leading:
        return None
    return (
        _tag_by_noun(narration, text)
        or _tag_by_agent(narration, text)
        or _tag_by_colon(narration, text)
    )


def _is_intended(text: str, start: int, verb: SpeechVerb) -> bool:
    """Return whether speech is only wished for: `knew better than to ask`, not `began to ask`."""
    words = text[max(start, verb.start - 30) : verb.start].lower().split()
    return words[-1:] == ["to"] and word_set("beginning_verbs").isdisjoint(words[-2:-1])


def _tag_by_noun(narration: Narration, text: str) -> DialogueTag | None:
    """Match `Bruce's only answer was, `."""
    for mention in reversed(narration.mentions):
        if mention.sentence < narration.sentences - 1 or mention.role is not GrammaticalRole.OWNER:
            continue
        words = [*WORD.finditer(text, mention.end, min(narration.end, mention.end + 50))][:4]
        nouns = words_with("speech_nouns", "tag")
        noun = next((word for word in words if word.group().lower() in nouns), None)
        if noun and narration.end - noun.end() <= _NOUN_REACH:
            verb = SpeechVerb(*noun.span(), mention.word, mention.sentence)
            return DialogueTag(verb, mention, sure=True)
    return None


def _tag_by_agent(narration: Narration, text: str) -> DialogueTag | None:
    """Match `He was addressed by Bruce, `, `this remark from Bruce:`."""
    mention = narration.mentions[-1] if narration.mentions else None
    if mention is None or mention.role is not GrammaticalRole.OBJECT:
        return None
    if narration.end - mention.end > _AGENT_REACH:
        return None
    match = _AGENT.search(text, narration.start, mention.start)
    nouns = words_with("speech_nouns", "tag")
    if match is None or not (match[2].lower() == "by" or match[1].lower() in nouns):
        return None
    verb = SpeechVerb(*match.span(1), mention.word, mention.sentence)
    return DialogueTag(verb, mention, sure=True)


def _tag_by_colon(narration: Narration, text: str) -> DialogueTag | None:
    """Match `Bruce turned on him with`, `Bruce waved to them:`, `Bruce was like`: any verb."""
    last = _LAST_WORD.search(text, narration.start, narration.end)
    if last is None or not (
        narration.ending == ":"
        or last.group(1).lower() == "with"
        or _QUOTATIVE.search(text, narration.start, narration.end)
    ):
        return None
    # So far from every mention that none counts as adjacent.
    word = 1 + max((mention.word for mention in narration.mentions), default=0) + NEAR_BEFORE
    verb = SpeechVerb(*last.span(1), word, narration.sentences - 1)
    speaker = find_subject(narration, verb, text)
    if speaker is None or speaker.role is not GrammaticalRole.SUBJECT:
        return None
    return DialogueTag(verb, speaker, sure=True)
