"""Count how a book uses the names of its characters, to find who says `I` in the narration."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.dialogue.attribution.addressees import Speech, SpeechMention
from pipeline.dialogue.attribution.narration import MentionKind, Narration
from pipeline.dialogue.attribution.turns import Item, Turn
from pipeline.dialogue.first_person import NameUse

_MAX_NAME = 2  # words of a speech that gives nothing but a name
_NAME_ALONE = 0.4
"""The part of a call that a name counts as which is all that `I` says: it may be the speaker's."""
_SPOKEN_OF = 0.75
"""The part of a call that a mention in what `I` says counts as: `Ivo has the map`."""


def count_name_uses(text: str, items: Iterable[Item], cast_size: int) -> dict[int, NameUse]:
    """Return how the narration and the speeches use the names of each character."""
    uses = {character: NameUse() for character in range(cast_size)}
    previous: Turn | None = None
    for item in items:
        if isinstance(item, Narration):
            for mention in item.mentions:
                for character in mention.characters:
                    uses[character].in_narration += 1
        else:
            _count_in_turn(text, item, previous, uses)
            previous = item
    return uses


def _count_in_turn(
    text: str, turn: Turn, previous: Turn | None, uses: Mapping[int, NameUse]
) -> None:
    if _is_by_first_person(turn):
        _count_in_first_person_turn(text, turn, previous, uses)
        return
    for mention, _ in _names_in(turn):
        _count(mention, uses)


def _is_by_first_person(turn: Turn) -> bool:
    """Return whether the text says that `I` speaks: by a tag, or acting right after."""
    speakers = [tag.speaker for tag in turn.tags if tag.speaker]
    actors = turn.after[0].subjects(0)[:1] if turn.after else []
    said_by = [*speakers, *actors][:1]
    return any(mention.kind is MentionKind.I for mention in said_by)


def _names_in(turn: Turn) -> Iterator[tuple[SpeechMention, Speech]]:
    """Yield the names in a turn that mean one character, each with its speech."""
    for speech in turn.speeches:
        for mention in speech.mentions:
            if len(mention.characters) == 1:
                yield mention, speech


def _count(mention: SpeechMention, uses: Mapping[int, NameUse]) -> None:
    use = uses[mention.characters[0]]
    use.addressed += _is_addressed(mention)
    use.spoken_of += not _is_addressed(mention)


def _is_addressed(mention: SpeechMention) -> bool:
    return mention.vocative > 0.5


def _count_in_first_person_turn(
    text: str, turn: Turn, previous: Turn | None, uses: Mapping[int, NameUse]
) -> None:
    """Count the names in a turn of `I`, who answers if the turn before addresses somebody."""
    was_asked = previous is not None and text[previous.speeches[-1].end - 1] == "?"
    for mention, speech in _names_in(turn):
        use = uses[mention.characters[0]]
        _count(mention, uses)
        is_alone = _is_addressed(mention) and speech.length <= _MAX_NAME
        if mention.self_introduction or (is_alone and was_asked):
            use.answers += 1
        elif is_alone:
            use.named_by_first_person += _NAME_ALONE
        else:
            use.named_by_first_person += 1 if _is_addressed(mention) else _SPOKEN_OF
    if previous and not turn.opens_scene and not _is_by_first_person(previous):
        for mention, _ in _names_in(previous):
            uses[mention.characters[0]].answers += _is_addressed(mention)
