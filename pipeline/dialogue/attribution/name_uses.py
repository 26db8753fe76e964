"""Count how a book uses the names of its characters, to find who says `I` in the narration."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.dialogue.attribution.addressees import Speech, SpeechMention
from pipeline.dialogue.attribution.narration import Mention, MentionKind, Narration
from pipeline.dialogue.attribution.tokens import WORD, is_possessive
from pipeline.dialogue.attribution.turns import Item, Turn
from pipeline.dialogue.first_person import NameUse
from pipeline.dialogue.verbs import finite_forms
from pipeline.dialogue.vocabulary import auxiliaries

_MAX_NAME = 2  # words of a speech that gives nothing but a name
_NAME_ALONE = 0.4
"""The part of a call that a name counts as which is all that `I` says: it may be the speaker's."""
_SPOKEN_OF = 0.75
"""The part of a call that a mention in what `I` says counts as: `Ivo has the map`."""
_REACH = 40  # characters before a name
_NAMES_TELLER = re.compile(
    r"(?:\bI(?:['’]m| am| was) (?:called|named|born|christened)"
    r"|\b(?:call(?:s|ed|ing)?|name[sd]?|christened|dubbed|nicknamed) me"
    r"|\b[Mm]y (?:[a-z]+ )?name(?: is|['’]s| was))"
    r" (?:just |only |[\"“*_])*$"
)
"""What stands in the narration before a name of whoever tells it: `Nobody calls me Stavros.`"""
_IS_TELLER = re.compile(r"\bI(?:['’]m| am| was) (?:just |only |the )*$")
"""The same before a name that is known to be a person's: `I'm the middle one.`"""
_COMPLIES = re.compile(r" (?:did|was)\.")
"""What follows a hearer who does as told: `"Be quiet." And for once I was.`"""
_PROMISES = re.compile(r"\b(?:I|we|We)\b")
_MARKS = (re.compile('["“”]'), re.compile(r"\*"), re.compile("_"))
"""What stands around a notice, a letter or a message."""
_OPENS_SENTENCE = re.compile(r"(?:[.!?]\s+|\b[Ii]t['’]s\s+)$")


def count_name_uses(text: str, items: Iterable[Item], cast_size: int) -> dict[int, NameUse]:
    """Return how the narration and the speeches use the names of each character."""
    uses = {character: NameUse() for character in range(cast_size)}
    previous: Turn | None = None
    for item in items:
        if isinstance(item, Narration):
            _count_in_narration(text, item, uses)
        else:
            _count_in_turn(text, item, previous, uses)
            previous = item
    return uses


def _count_in_narration(text: str, narration: Narration, uses: Mapping[int, NameUse]) -> None:
    marks = [
        [match.start() for match in pattern.finditer(text, narration.start, narration.end)]
        for pattern in _MARKS
    ]
    for mention in narration.mentions:
        if not mention.characters:
            continue
        tells = names_teller(text, mention.start, mention.end, known=True)
        if not tells and any(_is_within(mention, own) for own in marks):
            continue
        acts = not tells and _acts(text, mention)
        for character in mention.characters:
            use = uses[character]
            use.answers += tells
            use.in_narration += not tells
            use.acts += acts


def names_teller(text: str, start: int, end: int, *, known: bool = False) -> bool:
    """Return whether narration says that whoever tells it has the name `[start, end)`.

    `known` is whether the name is known to be a person's.
    """
    patterns = (_NAMES_TELLER, _IS_TELLER) if known else (_NAMES_TELLER,)
    found = any(pattern.search(text, max(0, start - _REACH), start) for pattern in patterns)
    return found and not is_possessive(text, end)


def _is_within(mention: Mention, marks: Sequence[int]) -> bool:
    """Return whether a mention stands between marks, given where they are: the odd ones open."""
    before = bisect_left(marks, mention.start)
    return before % 2 == 1 and bisect_left(marks, mention.end) < len(marks)


def _acts(text: str, mention: Mention) -> bool:
    """Return whether a verb follows right after a mention."""
    word = WORD.match(text, mention.end + 1)
    verb = word[0].lower() if word else ""
    return verb in finite_forms() or verb in auxiliaries()


def _count_in_turn(
    text: str, turn: Turn, previous: Turn | None, uses: Mapping[int, NameUse]
) -> None:
    if _is_by_first_person(text, turn):
        _count_in_first_person_turn(text, turn, previous, uses)
        return
    for mention, _ in _names_in(turn):
        _count(mention, uses)


def _is_by_first_person(text: str, turn: Turn) -> bool:
    """Return whether the text says that `I` speaks: by a tag, or acting right after."""
    speakers = [tag.speaker for tag in turn.tags if tag.speaker]
    actors = _actors_after(text, turn)
    said_by = [*speakers, *actors][:1]
    return any(mention.kind is MentionKind.I for mention in said_by)


def _actors_after(text: str, turn: Turn) -> list[Mention]:
    """Return who acts first after a turn, but for a hearer who obeys, as in `And I did.`."""
    actors = turn.after[0].subjects(0)[:1] if turn.after else []
    speech = turn.speeches[-1]
    promised = _PROMISES.search(text, speech.start, speech.end)
    return [actor for actor in actors if promised or not _COMPLIES.match(text, actor.end)]


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
    own = _named_twice(text, turn)
    for mention, speech in _names_in(turn):
        use = uses[mention.characters[0]]
        _count(mention, uses)
        is_alone = _is_addressed(mention) and speech.length <= _MAX_NAME
        is_own = mention.characters[0] == own or mention.self_introduction
        if is_own or (is_alone and was_asked):
            use.answers += 1
        elif is_alone:
            use.named_by_first_person += _NAME_ALONE
        else:
            use.named_by_first_person += 1 if _is_addressed(mention) else _SPOKEN_OF
    if previous and not turn.opens_scene and not _is_by_first_person(text, previous):
        for mention, _ in _names_in(previous):
            uses[mention.characters[0]].answers += _is_addressed(mention)


def _named_twice(text: str, turn: Turn) -> int | None:
    """Return whose names are whole sentences of a turn, by several: `It's Juan. Juan Quayle.`."""
    names = defaultdict(set)
    for mention, speech in _names_in(turn):
        before = text[speech.start : mention.start]
        opens = not before or _OPENS_SENTENCE.search(before)
        mark, is_last = text[mention.end : mention.end + 1], mention.end + 1 >= speech.end
        if opens and (mark == "." or (mark == "," and is_last)):
            names[mention.characters[0]].add(text[mention.start : mention.end])
    several = [who for who, own in names.items() if len(own) > 1]
    return several[0] if several and len(names) == 1 else None
