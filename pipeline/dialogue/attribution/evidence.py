"""Evidence for and against each candidate, one small function for each kind of it.

A piece of evidence names its kind, a key of `pipeline.attribution.weights.WEIGHTS`, how strongly
it is present, and what a person may read of it. What a kind is worth is not decided here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.dialogue.attribution.addressees import Address
from pipeline.dialogue.attribution.dialogue_tags import Tag
from pipeline.dialogue.attribution.narration import GrammaticalRole, Narration, Ref, Sort
from pipeline.dialogue.attribution.salience import Salience
from pipeline.dialogue.attribution.turns import SAME_PARAGRAPH, Turn
from pipeline.dialogue.word_lists import vocabulary

NOBODY = -1
"""The candidate that stands for anyone who cannot be named."""
LATELY = "mentioned lately"
_MANY = 8  # characters kept in mind as candidates
FEW = 6  # characters of a cast so small that all are candidates always
_NEW = vocabulary("a an another some somebody's someone's")
_VOICES = vocabulary(
    "voice tone words word reply answer response remark question speech whisper shout laugh "
    "exclamation statement request outburst suggestion"
)


class Evidence(NamedTuple):
    """`kind` speaks for (or against) `who`, `value` strong (0 to 1, mostly)."""

    who: int
    kind: str
    value: float
    words: str = ""


@dataclass(slots=True)
class Scene:
    """What the evidence for one turn is drawn from."""

    text: str
    turn: Turn
    previous: Turn | None
    following: Turn | None
    mind: Salience
    first_person: int | None
    cast: int


def gather(scene: Scene) -> list[Evidence]:
    """All evidence on a turn, for every candidate."""
    found: list[Evidence] = []
    for source in (_tags, _lead_tag, _actors, _neighbours, _addressed, _answers, _called, _told_to):
        found += source(scene)
    candidates = {item.who for item in found} | set(scene.mind.ranked(_MANY))
    candidates |= set(range(scene.cast)) if scene.cast <= FEW else _expected(scene)
    candidates.discard(NOBODY)
    found += _recency(scene, candidates)
    found += _genders(scene, candidates)
    found += _newcomer(scene, candidates)
    found += _nobody(scene)
    return found


def _expected(scene: Scene) -> set[int]:
    """Who is named beside the next turn, and so may be there already."""
    following = scene.following
    if following is None or following.scene:
        return set()
    parts = (*following.before, *following.after)
    return {ref.who[0] for part in parts for ref in part.refs if len(ref.who) == 1}


def _told(scene: Scene, kind: str, tag: Tag) -> Iterator[Evidence]:
    """What a tag says: a name outright, a pronoun by who is on the reader's mind."""
    by = tag.by
    if by is None:
        return
    words = f"tag: {tag.words(scene.text)}"
    if by.sort is Sort.I:
        who = NOBODY if scene.first_person is None else scene.first_person
        yield Evidence(who, f"{kind} name", 1.0, words)
        return
    kinds = ("description", "noun") if by.nominal else ("name", "pronoun")
    sort = kinds[0] if by.who else kinds[1]
    for who, share in scene.mind.resolve(by).items():
        yield Evidence(who, f"{kind} {sort}", share, words)


def _tags(scene: Scene) -> Iterator[Evidence]:
    for tag in scene.turn.tags[:3]:
        yield from _told(scene, "tag" if tag.sure else "loose tag", tag)


def _lead_tag(scene: Scene) -> Iterator[Evidence]:
    tag = scene.turn.lead_tag
    if tag is not None:
        yield from _told(scene, "lead tag" if tag.sure else "loose lead tag", tag)


def _acts(scene: Scene, kind: str, refs: list[Ref]) -> Iterator[Evidence]:
    for ref in refs:
        words = "actor: " + " ".join(scene.text[ref.start : ref.end + 20].split()[:4])
        for who, share in scene.mind.resolve(ref).items():
            if share > 0.2:
                sort = "" if ref.who else " pronoun"
                yield Evidence(who, kind + sort, share, words)


def _actors(scene: Scene) -> Iterator[Evidence]:
    """Who acts in the narration of the turn's own paragraphs, its tags apart."""
    tagged = {id(tag.by) for tag in scene.turn.tags}
    for part in scene.turn.before[-1:]:
        subjects = [ref for ref in part.subjects() if id(ref) not in tagged]
        yield from _acts(scene, "acts before", subjects[-1:])
        yield from _acts(scene, "acts first", subjects[:1] if len(subjects) > 1 else [])
    for part in scene.turn.after[:1]:
        subjects = [ref for ref in part.subjects() if id(ref) not in tagged]
        if not any(tag.sure for tag in scene.turn.tags):
            yield from _acts(scene, "acts after", subjects[:1])


def _neighbours(scene: Scene) -> Iterator[Evidence]:
    """Who acts in the paragraphs of narration right before and right after the turn."""
    lead, follow = scene.turn.lead, scene.turn.follow
    if lead is not None:
        last = lead.subjects(lead.sentences - 1)[:1]
        yield from _acts(scene, "acts in lead", last)
        yield from _acts(
            scene, "acts first in lead", [r for r in lead.subjects()[:1] if r not in last]
        )
        owners = [r for r in lead.refs if r.sentence == lead.sentences - 1 and not last][:1]
        yield from _acts(
            scene, "owner in lead", [r for r in owners if r.role is GrammaticalRole.OWNER]
        )
        yield from _mentioned(scene, "in lead", lead, lead.sentences - 1)
    if follow is not None:
        yield from _acts(scene, "acts in follow", follow.subjects(0)[:1])
        yield from _voice(scene, follow)


def _mentioned(scene: Scene, kind: str, part: Narration, sentence: int) -> Iterator[Evidence]:
    for ref in part.refs:
        if ref.sentence == sentence and ref.who and ref.role is not GrammaticalRole.SUBJECT:
            for who, share in scene.mind.resolve(ref).items():
                yield Evidence(who, f"mentioned {kind}", share, "named just before")


def _voice(scene: Scene, follow: Narration) -> Iterator[Evidence]:
    """`The clown's tone ...`: a voice spoken of right after a speech is the speaker's."""
    for ref in follow.refs:
        if ref.sentence > 0:
            return
        after = scene.text[ref.end : ref.end + 40].lower().replace("’", " ").replace("'", " ")
        if ref.role is GrammaticalRole.OWNER and not _VOICES.isdisjoint(after.split()[:4]):
            for who, share in scene.mind.resolve(ref).items():
                kind = "voice" if ref.who else "voice pronoun"
                yield Evidence(who, kind, share, "whose voice is spoken of after")


def _replies(turn: Turn) -> bool:
    """Whether a turn may be another's reply to the one before it."""
    return not (turn.scene or turn.continues or turn.gap == SAME_PARAGRAPH)


def _named(turn: Turn) -> Iterable[Address]:
    return (address for speech in turn.speeches for address in speech.named)


def _addressed(scene: Scene) -> Iterator[Evidence]:
    """Who is spoken to does not speak, and hardly anybody names himself."""
    worst: dict[int, float] = {}
    for address in _named(scene.turn):
        for who in address.who:
            if address.oneself:
                yield Evidence(who, "names himself", 1 / len(address.who), "says who he is")
            elif len(address.who) == 1:
                worst[who] = max(worst.get(who, 0), address.vocative)
    for who, share in _titled(scene, scene.turn):
        yield Evidence(who, "is addressed by title", share, "a title addresses another")
    for who, vocative in worst.items():
        if vocative:
            yield Evidence(who, "is addressed", vocative, "is addressed")
        else:
            yield Evidence(who, "is spoken of", 1.0, "is spoken of")


def _vocatives(turn: Turn, kind: str, words: str) -> Iterator[Evidence]:
    """Evidence for each who is addressed in a turn."""
    for address in _named(turn):
        for who in address.who:
            if address.vocative:
                yield Evidence(who, kind, address.vocative / len(address.who), words)


def _titled(scene: Scene, turn: Turn) -> Iterator[tuple[int, float]]:
    """Who is there of the gender that a title in a turn addresses: `Yes, sir`."""
    if turn.title is None:
        return
    here = range(scene.cast) if scene.cast <= FEW else scene.mind.ranked(_MANY)
    fitting = [who for who in here if scene.mind.genders[who] is turn.title]
    if scene.cast <= FEW and len(fitting) > 1:
        return  # of two men either may say it to the other; that a woman speaks is no likelier
    for who in fitting:
        yield who, 1 / len(fitting)


def _answers(scene: Scene) -> Iterator[Evidence]:
    """Who was addressed in the turn before is likely to answer."""
    previous = scene.previous
    if previous is None or not _replies(scene.turn):
        return
    yield from _vocatives(previous, "was addressed", "was just addressed")
    for who, share in _titled(scene, previous):
        yield Evidence(who, "was addressed by title", share, "was just addressed by a title")


def _called(scene: Scene) -> Iterator[Evidence]:
    """Who is addressed in the turn after is likely to have spoken now."""
    following = scene.following
    if following is None or not _replies(following):
        return
    yield from _vocatives(following, "is answered", "is addressed in reply")


def _told_to(scene: Scene) -> Iterator[Evidence]:
    """Whoever is named beside the speech takes part, and may answer next."""
    for part in (*scene.turn.before[-1:], *scene.turn.after[:1]):
        for who, share in _objects(scene, part, scene.turn):
            yield Evidence(who, "named beside", share, "named beside the speech")
    previous = scene.previous
    if previous is None or not _replies(scene.turn):
        return
    for part in (*previous.before[-1:], *previous.after[:1]):
        for who, share in _objects(scene, part, previous):
            yield Evidence(who, "was told", share, "was just spoken to")


def _objects(scene: Scene, part: Narration, turn: Turn) -> Iterator[tuple[int, float]]:
    tagging = {ref.who for ref in (tag.by for tag in turn.tags) if ref}
    for ref in part.refs:
        if ref.who and ref.role is GrammaticalRole.OBJECT and ref.who not in tagging:
            yield from scene.mind.resolve(ref).items()


def _recency(scene: Scene, candidates: set[int]) -> Iterator[Evidence]:
    """How lately each was mentioned."""
    rank = {who: place for place, who in enumerate(scene.mind.ranked(_MANY))}
    for who in candidates:
        place = rank.get(who)
        if place is None:
            yield Evidence(who, "absent", 1.0)
        else:
            yield Evidence(who, f"recent {min(place, 3)}", 1.0, LATELY)


def _genders(scene: Scene, candidates: set[int]) -> Iterator[Evidence]:
    """Whose gender the pronoun in a tag fits."""
    tags = (*scene.turn.tags, scene.turn.lead_tag)
    told = next((tag for tag in tags if tag and tag.by and tag.sure), None)
    if told is None or told.by is None or told.by.sort not in (Sort.HE, Sort.SHE):
        return
    fits = {who: scene.mind.fits(who, told.by.sort) for who in candidates}
    if not any(fits.values()):
        return  # the text and the cast disagree; the text's pronouns tell nothing then
    for who, fit in fits.items():
        if fit < 1:
            yield Evidence(who, "wrong gender", 1 - fit, f"tag: {told.words(scene.text)}")


def _newcomer(scene: Scene, candidates: set[int]) -> Iterator[Evidence]:
    """`Said a voice`: somebody who has not been there."""
    for tag in scene.turn.tags[:1]:
        by = tag.by
        if by is None or not by.nominal:
            continue
        if _NEW.isdisjoint(scene.text[max(0, by.start - 25) : by.start].lower().split()[-3:]):
            continue
        here = set(scene.mind.ranked(_MANY))
        for who in candidates & here:
            yield Evidence(who, "known already", 1.0)


def _nobody(scene: Scene) -> Iterator[Evidence]:
    """Signs that somebody speaks who is not in the cast."""
    yield Evidence(NOBODY, "nobody", 1.0)
    for tag in scene.turn.tags[:1]:
        if tag.by is None or tag.by.sort in (Sort.THEY, Sort.SOMEBODY) or tag.by.nominal:
            yield Evidence(NOBODY, "nameless tag", 1.0, f"tag: {tag.words(scene.text)}")
