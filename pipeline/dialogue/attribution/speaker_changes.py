"""Changes of speaker inside a paragraph: `"One," said Tom, and "Two," said Ann.`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dialogue.attribution.addressees import Speech
from pipeline.dialogue.attribution.dialogue_tags import (
    DialogueTag,
    ends_in,
    find_after_speech,
    find_before_speech,
)
from pipeline.dialogue.attribution.grammatical_roles import GrammaticalRole
from pipeline.dialogue.attribution.narration import (
    MENTION_GENDERS,
    Mention,
    MentionKind,
    Narration,
    SpeechVerb,
)
from pipeline.dialogue.attribution.tokens import WORD
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.characters import Gender


@dataclass(frozen=True, slots=True)
class ParagraphPart:
    """A span of a paragraph with its analysis; `index` is its place among the book's spans."""

    index: int
    span: Span
    content: Speech | Narration


@dataclass(frozen=True, slots=True)
class Run:
    """Parts of a paragraph in which one person speaks.

    `introduction` is the narration at the end of the run before, if that introduces this one;
    `claim` is who is taken to speak, by a tag or by acting beside the speech, where the paragraph
    has several runs.
    """

    parts: list[ParagraphPart]
    introduction: Narration | None = None
    claim: Mention | None = None


def split_by_speaker(
    parts: Sequence[ParagraphPart], text: str, genders: Sequence[Gender | None]
) -> list[Run]:
    """Return the parts of a paragraph in runs of one speaker, cut where another speaks.

    Two speeches with nothing between them are by two people.
    """
    runs = [Run([])]
    claims = _claims(parts, text, genders)
    last: Mention | None = None
    previous: Speech | Narration | None = None
    for position, part in enumerate(parts):
        claim = claims.get(position)
        if isinstance(previous, Speech) and isinstance(part.content, Speech):
            runs.append(Run([], None, claim))
            last = claim
        elif claim:
            if last and _speakers_differ(last, claim, previous, genders):
                runs.append(Run([], _introduction(previous, last, text), claim))
            elif last is None:
                runs[-1] = replace(runs[-1], claim=claim)
            last = claim
        runs[-1].parts.append(part)
        previous = part.content
    return runs if len(runs) > 1 else [Run(list(parts))]


def _introduction(
    previous: Speech | Narration | None, last: Mention, text: str
) -> Narration | None:
    """Return the narration before a new speaker's first speech, unless it only names the last."""
    if not isinstance(previous, Narration):
        return None
    tag = find_before_speech(previous, text)
    return None if tag and tag.speaker is last else previous


def _claims(
    parts: Sequence[ParagraphPart], text: str, genders: Sequence[Gender | None]
) -> dict[int, Mention]:
    """Return who speaks each speech, by its position, as far as its paragraph shows it.

    That is who acts after each speech, or before each of two (`Tom came in. "Is it late?" Ann shook
    her head. "No."`); or whom a tag names. Where the tags name two people, or the last speech is an
    answer (`"Is it late?" asked Tom. "No." Ann shook her head.`), whoever acts beside a speech
    without a tag speaks it; and whoever acts after one before the first tag, if that cannot mean
    them (`"Is it late?" Ann sat up. "No," he said.`).
    """
    speeches = [place for place, part in enumerate(parts) if isinstance(part.content, Speech)]
    after = {place: _actor_after(parts, place, text) for place in speeches}
    if len(speeches) > 1 and all(after.values()):
        return _known(after)
    tags = {place: _nearest_tag(parts, place, text) for place in speeches}
    claims = {place: tag.speaker for place, tag in tags.items() if tag and tag.speaker}
    before = {place: _actor_before(parts, place, text) for place in speeches}
    if not claims and speeches == [1, 3] and len(parts) == 4 and all(before.values()):
        return _known(before)
    untagged = [place for place, tag in tags.items() if tag is None or not tag.sure]
    if len({mention.characters for mention in claims.values() if mention.characters}) > 1:
        claims |= _known({place: after[place] or before[place] for place in untagged})
    elif _ends_in_answer(parts, untagged, text):
        claims |= _known({place: after[place] for place in untagged})
    else:
        first, tag = min(claims.items(), default=(0, None))
        actors = _known({place: after[place] for place in untagged if place < first})
        claims |= {p: a for p, a in actors.items() if mean_two_people(a, tag, genders)}
    return claims


def _known(actors: Mapping[int, Mention | None]) -> dict[int, Mention]:
    return {place: actor for place, actor in actors.items() if actor}


def _ends_in_answer(parts: Sequence[ParagraphPart], untagged: Sequence[int], text: str) -> bool:
    """Return whether the last speech is the only one without a tag, and answers a question."""
    speeches = [place for place, part in enumerate(parts) if isinstance(part.content, Speech)]
    if untagged != speeches[-1:] or len(speeches) < 2:
        return False
    asked, answer = (text[parts[place].content.end - 1] for place in speeches[-2:])
    return asked == "?" != answer


def _actor_after(parts: Sequence[ParagraphPart], position: int, text: str) -> Mention | None:
    """Return who acts in a beat of one sentence after a speech."""
    if position + 1 == len(parts):
        return None
    beat = parts[position + 1].content
    return _acting(beat, text) if isinstance(beat, Narration) else None


def _actor_before(parts: Sequence[ParagraphPart], position: int, text: str) -> Mention | None:
    """Return who acts in the last sentence of the narration before a speech."""
    beat = parts[position - 1].content if 0 < position < len(parts) else None
    if not isinstance(beat, Narration) or beat.ending in ",:":
        return None
    last = [m for m in beat.mentions if m.sentence == beat.sentences - 1]
    if not last or not last[0].characters or last[0].role is not GrammaticalRole.SUBJECT:
        return None
    before = text[beat.start : last[0].start].rstrip(" \"'")
    return last[0] if not before or before[-1] in ".!?" else None


def _nearest_tag(parts: Sequence[ParagraphPart], position: int, text: str) -> DialogueTag | None:
    """Return the sure tag right after a speech, else the one right before it, else a loose one."""
    following = parts[position + 1].content if position + 1 < len(parts) else None
    after = find_after_speech(following, text) if isinstance(following, Narration) else None
    if after and after.sure:
        return after
    previous = parts[position - 1].content if position else None
    before = find_before_speech(previous, text) if isinstance(previous, Narration) else None
    return before or after


def claim_tag(claim: Mention, text: str) -> DialogueTag:
    """Return who is taken to speak a run, as a tag of its speech."""
    action = WORD.search(text, claim.end)
    verb_span = action.span() if action else (claim.start, claim.end)
    return DialogueTag(SpeechVerb(*verb_span, word=1, sentence=0, explicit=False), claim, sure=True)


def _acting(beat: Narration, text: str) -> Mention | None:
    """Return the person, by name, with whom a beat of one sentence begins.

    After a full stop even `Ann laughed.` is one, after a comma or an exclamation mark it is a tag.
    """
    first = beat.mentions[0] if beat.mentions else None
    named = first is not None and first.word == 0 and bool(first.characters)
    if first is None or not named or first.role is not GrammaticalRole.SUBJECT:
        return None
    tagged = any(verb.explicit for verb in beat.verbs) and not ends_in(".", text, beat.start)
    return None if tagged or beat.sentences > 1 else first


def _speakers_differ(
    first: Mention,
    second: Mention,
    between: Speech | Narration | None,
    genders: Sequence[Gender | None],
) -> bool:
    """Return whether two mentions mean two people, by their names, order or genders."""
    if first is second:
        return False
    order = isinstance(between, Narration) and _is_named_later(first, second, between)
    return (order and not (first.characters and second.characters)) or mean_two_people(
        first, second, genders
    )


def mean_two_people(
    first: Mention | None, second: Mention | None, genders: Sequence[Gender | None]
) -> bool:
    """Return whether two mentions mean two people: one is `I`, or by their names or genders."""
    if first is None or second is None:
        return False
    if (first.kind is MentionKind.I) is not (second.kind is MentionKind.I):
        return True
    if first.characters and second.characters:
        return set(first.characters).isdisjoint(second.characters)
    return {_gender(first, genders), _gender(second, genders)} == {Gender.MALE, Gender.FEMALE}


def _is_named_later(pronoun: Mention, name: Mention, between: Narration) -> bool:
    """Return whether a name follows a pronoun in a later sentence, and so means somebody else.

    `he replied, and sat down. But Tom said`: a pronoun does not precede the name it stands for.
    """
    if not name.characters or name.nominal or pronoun.nominal:
        return False
    return pronoun.sentence < name.sentence and between.start <= pronoun.start < name.start


def _gender(mention: Mention, genders: Sequence[Gender | None]) -> Gender | None:
    if mention.characters:
        known = {genders[character] for character in mention.characters}
        return known.pop() if len(known) == 1 else None
    return MENTION_GENDERS.get(mention.kind)
