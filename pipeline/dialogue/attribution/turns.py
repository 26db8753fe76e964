"""Turns: what one person says before another does, and the narration that stands around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pipeline.dialogue.attribution import addressees, dialogue_tags, narration
from pipeline.dialogue.attribution.addressees import Speech
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.dialogue_tags import Tag
from pipeline.dialogue.attribution.narration import GENDERS, Narration, Ref
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.word_lists import vocabulary
from pipeline.model.book import Block, Chapter
from pipeline.model.characters import Gender

_RESUMING = vocabulary(
    "continue continued continuing continues add added adding adds resume resumed resuming "
    "proceed proceeded proceeding pursued went repeated"
)
SAME_PARAGRAPH = -1


@dataclass(slots=True)
class Turn:
    """One or more spans of speech by one person.

    `before` and `after` are narration in the turn's own paragraphs; `lead` and `follow` paragraphs
    of narration that touch it. `gap` counts the paragraphs of narration since the turn before
    (SAME_PARAGRAPH: there is not even a new paragraph), `scene` says that a scene begins between,
    `continues` that the marks carry the speech of the turn before on, `pair` that only two people
    seem to be there.
    """

    speeches: list[Speech]
    spans: list[int]
    gap: int
    scene: bool
    continues: bool
    tags: list[Tag] = field(default_factory=list)
    before: list[Narration] = field(default_factory=list)
    after: list[Narration] = field(default_factory=list)
    lead: Narration | None = None
    lead_tag: Tag | None = None
    follow: Narration | None = None
    resumes: bool = False
    pair: bool = False

    @property
    def title(self) -> Gender | None:
        """The gender of whom the turn addresses by a title or as kin."""
        return next((speech.title for speech in self.speeches if speech.title), None)


Item = Narration | Turn
"""What a chapter is made of, in reading order; a turn stands where its first speech does."""


def read(
    text: str, chapter: Chapter, spans: Sequence[tuple[int, Span]], names: Names
) -> list[Item]:
    """The turns and the narration of a chapter; `spans` come with their places in the book."""
    builder = _Builder(text, names, chapter)
    for paragraph, group in groupby(spans, key=lambda pair: pair[1].paragraph):
        builder.paragraph(paragraph, list(group))
    return builder.items


class _Builder:
    def __init__(self, text: str, names: Names, chapter: Chapter):
        self.text, self.names = text, names
        self.blocks = [p.block for p in chapter.paragraphs]
        self.items: list[Item] = []
        self.turn: Turn | None = None
        self.gap = 0
        self.last_paragraph = -1
        self.lead: Narration | None = None
        self.trail: Narration | None = None
        self.scene = True

    def paragraph(self, number: int, spans: list[tuple[int, Span]]) -> None:
        """Take in the spans of one paragraph."""
        broken = any(
            block is not Block.PROSE for block in self.blocks[self.last_paragraph + 1 : number]
        )
        self.last_paragraph = number
        if broken:
            self.gap, self.lead, self.trail = 0, None, None
            self.scene = True
        if not any(span.speech for _, span in spans):
            self._narrate(spans)
            return
        parts = [
            addressees.analyse(self.text, span, self.names)
            if span.speech
            else narration.analyse(self.text, span, self.names)
            for _, span in spans
        ]
        for run, told in _same_speaker(
            list(zip(spans, parts, strict=True)), self.text, self.names.genders
        ):
            self._speak(run, self.scene, told)
            self.scene = False
            self.gap, self.lead, self.trail = SAME_PARAGRAPH, None, None
        self.gap = 0
        self.trail = parts[-1] if isinstance(parts[-1], Narration) else None

    def _narrate(self, spans: list[tuple[int, Span]]) -> None:
        for _, span in spans:
            told = narration.analyse(self.text, span, self.names)
            if self.turn and not self.scene and self.gap == 0 and self.turn.follow is None:
                self.turn.follow = told
            self.items.append(told)
            self.lead = told
        self.gap += 1
        self.trail = None

    def _speak(self, run: "list[_Part]", scene: bool, told: Narration | None) -> None:
        said = [(index, part) for (index, _), part in run if isinstance(part, Speech)]
        first_span = next(span for (_, span), part in run if isinstance(part, Speech))
        turn = Turn(
            [part for _, part in said],
            [index for index, _ in said],
            self.gap,
            scene,
            first_span.continues and not scene,
            lead=self.lead,
        )
        shared = dialogue_tags.before(told, self.text) if told else None
        if told and shared:
            turn.before, turn.tags = [told], [shared]
        seen = False
        for position, (_, part) in enumerate(run):
            if isinstance(part, Speech):
                if not seen:
                    self.items.append(turn)
                seen = True
                continue
            self.items.append(part)
            (turn.after if seen else turn.before).append(part)
            turn.tags += _tags_of(part, run, position, self.text)
        if not turn.tags:
            self._led(turn)
        found = [tag for tag in (*turn.tags, turn.lead_tag) if tag]
        turn.resumes = any(_verb(tag, self.text) in _RESUMING for tag in found)
        self.turn = turn

    def _led(self, turn: Turn) -> None:
        """Look for the tag in the paragraph before; one that leads on is the turn's own."""
        told = self.lead or self.trail
        if told is None:
            return
        tag = (dialogue_tags.lead if self.lead else dialogue_tags.trail)(told, self.text)
        if tag and tag.sure and dialogue_tags.leads_on(told, self.text):
            turn.tags = [tag]
        else:
            turn.lead_tag = tag


_Part = tuple[tuple[int, Span], Speech | Narration]


def _verb(tag: Tag, text: str) -> str:
    return text[tag.verb.start : tag.verb.end].lower()


def _tags_of(part: Narration, run: list[_Part], position: int, text: str) -> Iterator[Tag]:
    """The tags of a span of narration, for the speeches on both sides of it."""
    if position and isinstance(run[position - 1][1], Speech):
        tag = dialogue_tags.after(part, text)
        if tag:
            yield tag
            return
    if position + 1 < len(run):
        tag = dialogue_tags.before(part, text)
        if tag:
            yield tag


def _same_speaker(
    parts: list[_Part], text: str, genders: Sequence[Gender | None]
) -> Iterator[tuple[list[_Part], Narration | None]]:
    """Cut a paragraph where its tags name two different speakers.

    With each run comes the narration that stands at the end of the run before and tells of this.
    """
    run: list[_Part] = []
    last: Tag | None = None
    told: Narration | None = None
    for position, item in enumerate(parts):
        part = item[1]
        if isinstance(part, Speech):
            own = _own_tag(parts, position, text)
            previous = parts[position - 1][1] if position else None
            if run and last and own and _differ(last, own, previous, genders):
                yield run, told
                run, told = [], previous if isinstance(previous, Narration) else None
            last = own or last
        run.append(item)
    yield run, told


def _own_tag(parts: list[_Part], position: int, text: str) -> Tag | None:
    """The tag nearest to a speech: after it, else before it."""
    following = parts[position + 1][1] if position + 1 < len(parts) else None
    if isinstance(following, Narration):
        tag = dialogue_tags.after(following, text)
        if tag:
            return tag
    previous = parts[position - 1][1] if position else None
    return dialogue_tags.before(previous, text) if isinstance(previous, Narration) else None


def _differ(
    one: Tag, other: Tag, between: Speech | Narration | None, genders: Sequence[Gender | None]
) -> bool:
    """Whether two tags name two people, by their names, their genders or their order.

    `he replied, and sat down. But Tom said`, with nothing said between: a pronoun is not followed
    by the name that it stands for.
    """
    a, b = one.by, other.by
    if a is None or b is None or a is b:
        return False
    if a.who and b.who:
        return set(a.who).isdisjoint(b.who)
    named_later = b.who and not b.nominal and not a.nominal and a.sentence < b.sentence
    if named_later and isinstance(between, Narration) and between.start <= a.start < b.start:
        return True
    return {_gender(a, genders), _gender(b, genders)} == {Gender.MALE, Gender.FEMALE}


def _gender(ref: Ref, genders: Sequence[Gender | None]) -> Gender | None:
    if ref.who:
        known = {genders[who] for who in ref.who}
        return known.pop() if len(known) == 1 else None
    return GENDERS.get(ref.sort)
