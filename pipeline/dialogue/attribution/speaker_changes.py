"""Changes of speaker inside a paragraph: `"One," said Tom, and "Two," said Ann.`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def split_by_speaker(
    parts: Sequence[ParagraphPart], text: str, genders: Sequence[Gender | None]
) -> Iterator[tuple[list[ParagraphPart], Narration | None]]:
    """Yield the parts of a paragraph in runs of one speaker, cut where another speaks.

    With each run comes the narration at the end of the run before, if that introduces it.
    """
    run: list[ParagraphPart] = []
    last: Mention | None = None
    introduction: Narration | None = None
    speakers = _beat_subjects(parts, text) or _tagged_speakers(parts, text)
    for position, part in enumerate(parts):
        speaker = speakers.get(position)
        if speaker:
            previous = parts[position - 1].content if position else None
            if run and last and _speakers_differ(last, speaker, previous, genders):
                yield run, introduction
                run, introduction = [], _introduction(previous, last, text)
            last = speaker
        run.append(part)
    yield run, introduction


def _introduction(
    previous: Speech | Narration | None, last: Mention, text: str
) -> Narration | None:
    """Return the narration before a new speaker's first speech, unless it only names the last."""
    if not isinstance(previous, Narration):
        return None
    tag = find_before_speech(previous, text)
    return None if tag and tag.speaker is last else previous


def _tagged_speakers(parts: Sequence[ParagraphPart], text: str) -> dict[int, Mention]:
    """Return whom the tag nearest to each speech names, by the speech's position."""
    tags = {
        position: _nearest_tag(parts, position, text)
        for position, part in enumerate(parts)
        if isinstance(part.content, Speech)
    }
    return {position: tag.speaker for position, tag in tags.items() if tag and tag.speaker}


def _nearest_tag(parts: Sequence[ParagraphPart], position: int, text: str) -> DialogueTag | None:
    """Return the sure tag right after a speech, else the one right before it, else a loose one."""
    following = parts[position + 1].content if position + 1 < len(parts) else None
    after = find_after_speech(following, text) if isinstance(following, Narration) else None
    if after and after.sure:
        return after
    previous = parts[position - 1].content if position else None
    before = find_before_speech(previous, text) if isinstance(previous, Narration) else None
    return before or after


def _beat_subjects(parts: Sequence[ParagraphPart], text: str) -> dict[int, Mention]:
    """Return who acts after each speech of `"Hello." Tom waved. "Hi." Ann waved back.`.

    Nobody, unless every speech has such a beat after it and none has a tag: a beat between two
    speeches by one person may well be the listener's.
    """
    speeches, beats = parts[::2], parts[1::2]
    if len(speeches) != len(beats) or len(beats) < 2:
        return {}
    subjects: dict[int, Mention] = {}
    for index, (speech, beat) in enumerate(zip(speeches, beats, strict=True)):
        if not isinstance(speech.content, Speech) or not isinstance(beat.content, Narration):
            return {}
        subject = _acting(beat.content, text)
        if subject is None:
            return {}
        subjects[2 * index] = subject
    return subjects


def beat_tag(run: Sequence[ParagraphPart], text: str) -> DialogueTag | None:
    """Return the beat that ends one of several runs of a paragraph, as a tag of its speech."""
    beat = run[-1].content
    subject = _acting(beat, text) if isinstance(beat, Narration) else None
    action = WORD.search(text, subject.end, beat.end) if subject else None
    if subject is None or action is None:
        return None
    verb = SpeechVerb(*action.span(), word=1, sentence=0, explicit=False)
    return DialogueTag(verb, subject, sure=True)


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
    if first.characters and second.characters:
        return set(first.characters).isdisjoint(second.characters)
    if isinstance(between, Narration) and _is_named_later(first, second, between):
        return True
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
