"""Changes of speaker inside a paragraph: `"One," said Tom, and "Two," said Ann.`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.dialogue.attribution.addressees import Speech
from pipeline.dialogue.attribution.dialogue_tags import (
    DialogueTag,
    find_after_speech,
    find_before_speech,
)
from pipeline.dialogue.attribution.narration import MENTION_GENDERS, Mention, Narration
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
    """Yield the parts of a paragraph in runs of one speaker, cut where its tags name another.

    With each run comes the narration at the end of the run before, which may introduce it.
    """
    run: list[ParagraphPart] = []
    last_tag: DialogueTag | None = None
    introduction: Narration | None = None
    for position, part in enumerate(parts):
        if isinstance(part.content, Speech):
            tag = _nearest_tag(parts, position, text)
            previous = parts[position - 1].content if position else None
            if run and last_tag and tag and _speakers_differ(last_tag, tag, previous, genders):
                yield run, introduction
                run, introduction = [], previous if isinstance(previous, Narration) else None
            last_tag = tag or last_tag
        run.append(part)
    yield run, introduction


def _nearest_tag(parts: Sequence[ParagraphPart], position: int, text: str) -> DialogueTag | None:
    """Return the tag right after a speech, else the one right before it."""
    following = parts[position + 1].content if position + 1 < len(parts) else None
    if isinstance(following, Narration):
        tag = find_after_speech(following, text)
        if tag:
            return tag
    previous = parts[position - 1].content if position else None
    return find_before_speech(previous, text) if isinstance(previous, Narration) else None


def _speakers_differ(
    earlier: DialogueTag,
    later: DialogueTag,
    between: Speech | Narration | None,
    genders: Sequence[Gender | None],
) -> bool:
    """Return whether two tags name two people, by their names, order or genders."""
    first, second = earlier.speaker, later.speaker
    if first is None or second is None or first is second:
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
