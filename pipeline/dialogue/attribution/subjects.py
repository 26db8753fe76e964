"""The subject of a verb of speech: who, of the people in its sentence, says it.

There is no parser here: commas, semicolons and the words that open clauses tell which of several
subjects a verb at the sentence's end belongs to.
"""

import re

from pipeline.dialogue.attribution.narration import GrammaticalRole, Narration, Ref, Sort, Verb
from pipeline.dialogue.attribution.tokens import DETERMINERS, PREPOSITIONS, WORD
from pipeline.dialogue.word_lists import vocabulary

SAYINGS = vocabulary(
    "voice tone words word reply answer response remark question comment explanation consolation "
    "exclamation greeting verdict opinion observation retort rejoinder cry whisper address "
    "conclusion inquiry enquiry amendment injunction summing offer invitation contribution "
    "salutation ejaculation announcement advice admonition warning command order suggestion "
    "request statement outburst apology farewell comfort thought reflection contention argument "
    "declaration complaint reproach reasoning shout"
)
_HEARING = vocabulary("hear hears heard hearing")
_COORDINATE = vocabulary("and but then")
_WITHIN = vocabulary(
    "that if as because than what how why whether which whom where since though although lest "
    "unless whose who"
)  # what opens a clause inside another
_ASKING = vocabulary("what how")
_WITHIN_UNPAUSED = vocabulary("when while till until before after for or")

NEAR_BEFORE = 3  # words from a subject to its verb, adverbs between
NEAR_AFTER = 4  # words from a verb to its subject: `said the very old man`
_WHO = re.compile(r"\s*[,—-]*\s*(?:and\s+)?who\b", re.IGNORECASE)


def doer(narration: Narration, verb: Verb, text: str) -> Ref | None:
    """The subject of `verb`: right before it, right after it, or its clause's own."""
    same = [ref for ref in narration.refs if ref.sentence == verb.sentence]
    prior = [ref for ref in same if ref.at < verb.at]
    earlier = [ref for ref in prior if _acts(text, ref, verb) and not _appended(text, ref)]
    between = text[earlier[-1].end : verb.start].lower() if earlier else ""
    words = between.split()
    near = earlier and verb.at - earlier[-1].at <= NEAR_BEFORE and not verb.participle
    if near and _COORDINATE.isdisjoint(words):
        return earlier[-1]
    for ref in same:
        if 0 < ref.at - verb.at <= NEAR_AFTER and _inverted(ref, verb, text):
            return ref
    told = _relative(prior, verb, text) or _heard(prior, verb, text)
    if told or not earlier:
        return told
    coordinate = bool(words) and (words[-1] in _COORDINATE or "," in between or ";" in between)
    if not (verb.participle or coordinate):
        return earlier[-1]
    clause = text.rfind(";", narration.start, verb.start)
    earlier = [ref for ref in earlier if ref.start > clause] or earlier
    return next((ref for ref in reversed(earlier) if not _within(text, ref, verb)), earlier[0])


def _acts(text: str, ref: Ref, verb: Verb) -> bool:
    """Whether a person may be the subject of a verb, `for Bruce to turn and say` among them."""
    if ref.role is GrammaticalRole.SUBJECT:
        return True
    following = text[ref.end : ref.end + 20].lower()
    if ref.role is GrammaticalRole.OWNER:  # `Bruce's giving a sigh, and saying`
        gerund = re.match(r"['’]?s\s\w+ing\s", following)
        return verb.participle and gerund is not None
    told = bool(ref.who) and following.startswith(" to ")
    return told and text[max(0, ref.start - 4) : ref.start] == "for "


def _appended(text: str, ref: Ref) -> bool:
    """Whether `and Bruce` only adds to who was named before: `behind her and Bruce, and said`."""
    words = text[max(0, ref.start - 24) : ref.start].split()
    joined = words[-1:] == ["and"] and len(words) > 1 and words[-2][-1].isalnum()
    return joined and text[ref.end : ref.end + 1] in ",;:"


def _within(text: str, ref: Ref, verb: Verb) -> bool:
    """Whether the clause of a subject is inside another: `where Bruce sat, and said`."""
    if ref.role is not GrammaticalRole.SUBJECT:
        return False  # `for Bruce to turn and say`
    before = text[max(0, ref.start - 40) : ref.start].lower().split()
    if before and before[-1] in DETERMINERS - _WITHIN:
        before.pop()
    if len(before) > 1 and before[-1] == "and" and before[-2].isalnum():
        before = before[:-2]  # `where she and Bruce sat`
    if not before or before[-1] in _WITHIN or not _ASKING.isdisjoint(before[-3:]):
        return bool(before)
    if before[-1] not in _WITHIN_UNPAUSED:
        return False
    told = text[ref.end : verb.start].rstrip()
    if told.startswith(","):
        return False  # `while Bruce, at a loss, said`: what he does is still to come
    paused = len(before) > 1 and before[-2][-1] in ",;:"
    return not paused or told.endswith(",")


def words_after(text: str, ref: Ref, most: int) -> list[str]:
    """The words right after a person, the possessive `s` among them."""
    return WORD.findall(text[ref.end : ref.end + 50].lower())[:most]


def _relative(prior: list[Ref], verb: Verb, text: str) -> Ref | None:
    """`Bruce, who in great haste exclaimed`; `Bruce's saying`."""
    if prior and text[prior[-1].end : verb.start] in ("'s ", "’s "):
        return prior[-1]
    for place, ref in reversed(list(enumerate(prior))):
        if not _WHO.match(text, ref.end, verb.start):
            continue
        if any(other.role is GrammaticalRole.SUBJECT for other in prior[place + 1 :]):
            return None
        joined = text[ref.end : verb.start].rstrip().endswith((", and", ", but", "; and"))
        return None if joined and ref.role is not GrammaticalRole.SUBJECT else ref
    return None


def _heard(prior: list[Ref], verb: Verb, text: str) -> Ref | None:
    """`Ann heard him mutter`, `in time to hear Bruce say`."""
    if text[verb.start : verb.end].lower().endswith(("ed", "s", "id", "ing")) or not prior:
        return None
    words = text[max(0, prior[-1].start - 24) : prior[-1].start].lower().split()
    near = verb.at - prior[-1].at <= NEAR_AFTER
    return prior[-1] if near and not _HEARING.isdisjoint(words[-2:]) else None


def _inverted(ref: Ref, verb: Verb, text: str) -> bool:
    """Whether `said Bruce`: nothing but an article or an adjective stands between."""
    between = text[verb.end : ref.start].split()
    if ref.role is GrammaticalRole.OWNER:
        return not SAYINGS.isdisjoint(words_after(text, ref, 2))  # `said Bruce's voice`
    if ref.role is GrammaticalRole.OBJECT and ref.sort is not Sort.NAME and not ref.nominal:
        return False
    if any(word[-1] in ",;:." for word in between[:-1]) or (between and between[-1][-1] in ",;:"):
        return False
    return PREPOSITIONS.isdisjoint(between) or between[-2:-1] == ["voice"] or "in" in between[:1]
