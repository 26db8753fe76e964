"""Evidence for and against the candidate speakers of a turn, one small function a source.

A piece of evidence has a kind, a key of `weights.WEIGHTS`; how much a kind counts is decided
there, not here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pipeline.core.data import words_with
from pipeline.dialogue.attribution.addressees import SpeechMention
from pipeline.dialogue.attribution.dialogue_tags import DialogueTag, spoke_before
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import Mention, MentionKind, Narration
from pipeline.dialogue.attribution.salience import Salience
from pipeline.dialogue.attribution.turns import SAME_PARAGRAPH, Turn

NOBODY = -1
"""The candidate that stands for any speaker outside the cast."""
MENTIONED_LATELY = "mentioned lately"
_SALIENT = 8  # the most salient characters, who are candidates; filled up with the most named
_MIN_SHARE = 0.2  # the probability above which a character counts as an actor
_INDEFINITE = frozenset({"a", "an", "another", "some", "somebody's", "someone's"})


class Evidence(NamedTuple):
    """A reason for or against a candidate; `value` is its strength, mostly 0 to 1.

    `reason` is what a person reads of it, empty where it explains nothing.
    """

    candidate: int
    kind: str
    value: float
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class EvidenceContext:
    """What the evidence for one turn is drawn from.

    `by_frequency` is the whole cast, whom the narration names most first; `outsider` the words by
    which the turn's tag or beat names somebody who is not in it.
    """

    text: str
    turn: Turn
    previous: Turn | None
    following: Turn | None
    salience: Salience
    first_person: int | None
    by_frequency: Sequence[int]
    outsider: str | None


def gather(context: EvidenceContext) -> list[Evidence]:
    """Return all evidence on a turn, for every candidate."""
    evidence: list[Evidence] = []
    for source in (
        _own_tags,
        _lead_tag,
        _actors_beside,
        _actors_in_neighbouring_paragraphs,
        _addressed_in_turn,
        _addressed_before,
        _addressed_in_reply,
        _listeners,
    ):
        evidence += source(context)
    candidates = _candidates(context, evidence)
    evidence += _recency(context, candidates)
    evidence += _gender_mismatch(context, candidates)
    evidence += _newcomer(context, candidates)
    evidence += _outsider(context)
    return evidence


def _candidates(context: EvidenceContext, evidence: Iterable[Evidence]) -> set[int]:
    salient = context.salience.most_salient(_SALIENT)
    others = (character for character in context.by_frequency if character not in salient)
    salient += islice(others, _SALIENT - len(salient))
    candidates = {item.candidate for item in evidence} | {*salient}
    candidates |= _named_beside_next_turn(context)
    candidates.discard(NOBODY)
    return candidates


def _named_beside_next_turn(context: EvidenceContext) -> set[int]:
    """Return whom the next turn's narration names, who may be present already."""
    following = context.following
    if following is None or following.opens_scene:
        return set()
    return {
        mention.characters[0]
        for part in (*following.before, *following.after)
        for mention in part.mentions
        if len(mention.characters) == 1
    }


# --- tags ----------------------------------------------------------------------------------------


def _own_tags(context: EvidenceContext) -> Iterator[Evidence]:
    for tag in context.turn.tags[context.outsider is not None : 3]:
        yield from _from_tag(context, "tag" if tag.sure else "loose tag", tag)


def _lead_tag(context: EvidenceContext) -> Iterator[Evidence]:
    tag = context.turn.lead_tag
    if tag is not None:
        yield from _from_tag(context, "lead tag", tag)


def _from_tag(context: EvidenceContext, kind: str, tag: DialogueTag) -> Iterator[Evidence]:
    """Yield whom a tag means: a name outright, a pronoun by salience."""
    speaker = tag.speaker
    if speaker is None or speaker.kind is MentionKind.OUTSIDER:
        return
    reason = f"tag: {tag.quote(context.text)}"
    if speaker.kind is MentionKind.I:
        first_person = NOBODY if context.first_person is None else context.first_person
        yield Evidence(first_person, f"{kind} name", 1.0, reason)
        return
    named, unnamed = ("description", "noun") if speaker.nominal else ("name", "pronoun")
    kind = f"{kind} {named if speaker.characters else unnamed}"
    for character, share in context.salience.resolve(speaker).items():
        yield Evidence(character, kind, share, reason)


def _gender_mismatch(context: EvidenceContext, candidates: set[int]) -> Iterator[Evidence]:
    """Yield the candidates whose gender does not fit the pronoun of the first sure tag."""
    tag = next((tag for tag in context.turn.tags if tag.speaker and tag.sure), None)
    if tag is None or tag.speaker is None:
        return
    kind = tag.speaker.kind
    if kind not in (MentionKind.HE, MentionKind.SHE):
        return
    fits = {candidate: context.salience.fit(candidate, kind) for candidate in candidates}
    if not any(fits.values()):
        return  # the cast's genders are not the text's, and its pronouns exclude nobody
    for candidate, fit in fits.items():
        if fit < 1:
            reason = f"tag: {tag.quote(context.text)}"
            yield Evidence(candidate, "wrong gender", 1 - fit, reason)


def _newcomer(context: EvidenceContext, candidates: set[int]) -> Iterator[Evidence]:
    """Yield the characters present already where a tag introduces one: `said a voice`."""
    for tag in context.turn.tags[:1]:
        speaker = tag.speaker
        if speaker is None or not speaker.nominal:
            continue
        before = context.text[max(0, speaker.start - 25) : speaker.start].lower().split()
        if _INDEFINITE.isdisjoint(before[-3:]):
            continue
        for candidate in candidates & set(context.salience.most_salient(_SALIENT)):
            yield Evidence(candidate, "known already", 1.0)


def _outsider(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield the signs of a speaker outside the cast."""
    yield Evidence(NOBODY, "nobody", 1.0)
    if context.outsider:
        yield Evidence(NOBODY, "outsider tag", 1.0, f"somebody else: {context.outsider}")
        return
    for tag in context.turn.tags[:1]:
        if _is_nameless(tag.speaker):
            yield Evidence(NOBODY, "nameless tag", 1.0, f"tag: {tag.quote(context.text)}")


def _is_nameless(speaker: Mention | None) -> bool:
    if speaker is None or speaker.nominal:
        return True
    return speaker.kind in (MentionKind.THEY, MentionKind.SOMEBODY)


# --- people in the narration ---------------------------------------------------------------------


def _actors_beside(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield the subjects in the narration of the turn's own paragraphs, its tags apart."""
    turn = context.turn
    for part in turn.before[-1:]:
        subjects = _untagged_subjects(turn, part)
        yield from _from_actors(context, "acts before", subjects[-1:])
        yield from _from_owner(context, "owner before", part, part.sentences - 1)
        yield from _from_actors(context, "acts first", subjects[:1] if len(subjects) > 1 else [])
    if not any(tag.sure for tag in turn.tags):
        for part in turn.after[:1]:
            subjects = _untagged_subjects(turn, part)
            yield from _from_actors(context, "acts after", subjects[:1])
            yield from _from_owner(context, "owner after", part, 0)


def _from_owner(
    context: EvidenceContext, kind: str, part: Narration, sentence: int
) -> Iterator[Evidence]:
    """Yield whose the subject of a sentence is: `Her jaw tightened.`."""
    first = next((m for m in part.mentions if m.sentence == sentence), None)
    if first is not None and first.role is GrammaticalRole.OWNER:
        yield from _from_actors(context, kind, [first])


def _untagged_subjects(turn: Turn, part: Narration) -> list[Mention]:
    tagged = {id(tag.speaker) for tag in turn.tags}
    return [mention for mention in part.subjects() if id(mention) not in tagged]


def _actors_in_neighbouring_paragraphs(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield the people in the paragraphs of narration right before and after the turn."""
    if context.turn.lead is not None:
        yield from _in_lead(context, context.turn.lead)
    follow = context.turn.follow
    if follow is not None:
        yield from _from_actors(context, "acts in follow", follow.subjects(0)[:1])
        yield from _voice_in_follow(context, follow)


def _in_lead(context: EvidenceContext, lead: Narration) -> Iterator[Evidence]:
    last_sentence = lead.sentences - 1
    last = lead.subjects(last_sentence)[:1]
    first = [mention for mention in lead.subjects()[:1] if mention not in last]
    first = [mention for mention in first if not spoke_before(context.text, mention)]
    yield from _from_actors(context, "acts in lead", last)
    yield from _from_actors(context, "acts first in lead", first)
    in_last_sentence = [mention for mention in lead.mentions if mention.sentence == last_sentence]
    if not last:
        owners = [m for m in in_last_sentence[:1] if m.role is GrammaticalRole.OWNER]
        yield from _from_actors(context, "owner in lead", owners)
    for mention in in_last_sentence:
        if mention.characters and mention.role is not GrammaticalRole.SUBJECT:
            for character, share in context.salience.resolve(mention).items():
                yield Evidence(character, "mentioned in lead", share, "named just before")


def _voice_in_follow(context: EvidenceContext, follow: Narration) -> Iterator[Evidence]:
    """Yield whose voice is spoken of right after a speech: `The clown's tone ...`."""
    voices = words_with("speech_nouns", "voice")
    for mention in follow.mentions:
        if mention.sentence > 0:
            return
        after = context.text[mention.end : mention.end + 40].lower()
        words = after.replace("’", " ").replace("'", " ").split()
        if mention.role is GrammaticalRole.OWNER and not voices.isdisjoint(words[:4]):
            for character, share in context.salience.resolve(mention).items():
                kind = "voice" if mention.characters else "voice pronoun"
                yield Evidence(character, kind, share, "whose voice is spoken of after")


def _from_actors(
    context: EvidenceContext, kind: str, mentions: Iterable[Mention]
) -> Iterator[Evidence]:
    for mention in mentions:
        quoted = context.text[mention.start : mention.end + 20].split()[:4]
        reason = "actor: " + " ".join(quoted)
        for character, share in context.salience.resolve(mention).items():
            if share > _MIN_SHARE:
                is_sure = mention.characters or mention.kind is MentionKind.I
                suffix = "" if is_sure else " pronoun"
                yield Evidence(character, kind + suffix, share, reason)


def _listeners(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield whom the narration names as an object beside this turn and the one before."""
    for character, share in _objects_beside(context, context.turn):
        yield Evidence(character, "named beside", share, "named beside the speech")
    previous = context.previous
    if previous is not None and _may_reply(context.turn):
        for character, share in _objects_beside(context, previous):
            yield Evidence(character, "was told", share, "was just spoken to")


def _objects_beside(context: EvidenceContext, turn: Turn) -> Iterator[tuple[int, float]]:
    tagged = {tag.speaker.characters for tag in turn.tags if tag.speaker}
    for part in (*turn.before[-1:], *turn.after[:1]):
        for mention in part.mentions:
            named = mention.characters and mention.characters not in tagged
            if named and mention.role is GrammaticalRole.OBJECT:
                yield from context.salience.resolve(mention).items()


# --- people in the speeches ----------------------------------------------------------------------


def _may_reply(turn: Turn) -> bool:
    """Return whether a turn may be a reply to the one before it."""
    return not (turn.opens_scene or turn.continues or turn.gap == SAME_PARAGRAPH)


def _speech_mentions(turn: Turn) -> Iterator[SpeechMention]:
    return (mention for speech in turn.speeches for mention in speech.mentions)


def _addressed_in_turn(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield whom the turn names: an addressee is not the speaker, and few name themselves."""
    vocatives: dict[int, float] = {}
    for mention in _speech_mentions(context.turn):
        for character in mention.characters:
            if mention.self_introduction:
                share = 1 / len(mention.characters)
                yield Evidence(character, "names himself", share, "says who he is")
            elif len(mention.characters) == 1:
                vocatives[character] = max(vocatives.get(character, 0), mention.vocative)
    for character, share in _addressed_by_title(context, context.turn):
        yield Evidence(character, "is addressed by title", share, "a title addresses another")
    for character, vocative in vocatives.items():
        if vocative:
            yield Evidence(character, "is addressed", vocative, "is addressed")
        else:
            yield Evidence(character, "is spoken of", 1.0, "is spoken of")


def _addressed_before(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield whom the turn before addresses, who is likely to answer."""
    previous = context.previous
    if previous is None or not _may_reply(context.turn):
        return
    yield from _vocatives(previous, "was addressed", "was just addressed")
    for character, share in _addressed_by_title(context, previous):
        reason = "was just addressed by a title"
        yield Evidence(character, "was addressed by title", share, reason)


def _addressed_in_reply(context: EvidenceContext) -> Iterator[Evidence]:
    """Yield whom the next turn addresses, who is likely to have spoken this one."""
    following = context.following
    if following is not None and _may_reply(following):
        yield from _vocatives(following, "is answered", "is addressed in reply")


def _vocatives(turn: Turn, kind: str, reason: str) -> Iterator[Evidence]:
    for mention in _speech_mentions(turn):
        if mention.vocative:
            for character in mention.characters:
                share = mention.vocative / len(mention.characters)
                yield Evidence(character, kind, share, reason)


def _addressed_by_title(context: EvidenceContext, turn: Turn) -> Iterator[tuple[int, float]]:
    """Yield those present of the gender that a title in the turn addresses: `Yes, sir`."""
    gender = turn.addressed_gender
    if gender is None:
        return
    present = context.salience.most_salient(_SALIENT)
    fitting = [c for c in present if context.salience.genders[c] is gender]
    for character in fitting:
        yield character, 1 / len(fitting)


# --- mentions before the turn --------------------------------------------------------------------


def _recency(context: EvidenceContext, candidates: set[int]) -> Iterator[Evidence]:
    """Yield how lately each candidate was mentioned."""
    ranking = context.salience.most_salient(_SALIENT)
    ranks = {character: rank for rank, character in enumerate(ranking)}
    for candidate in candidates:
        rank = ranks.get(candidate)
        if rank is None:
            yield Evidence(candidate, "absent", 1.0)
        else:
            yield Evidence(candidate, f"recent {min(rank, 3)}", 1.0, MENTIONED_LATELY)
