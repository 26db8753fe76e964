"""Turns: what one person says before another does, and the narration around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from pipeline.core.data import word_set
from pipeline.dialogue.attribution import addressees, narration
from pipeline.dialogue.attribution.addressees import Speech
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.dialogue_tags import (
    DialogueTag,
    find_after_speech,
    find_before_speech,
)
from pipeline.dialogue.attribution.lead_tags import find_in_lead, find_in_trail
from pipeline.dialogue.attribution.narration import Mention, Narration
from pipeline.dialogue.attribution.speaker_changes import (
    ParagraphPart,
    Run,
    claim_tag,
    mean_two_people,
    split_by_speaker,
)
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Block, Chapter
from pipeline.model.characters import Gender

SAME_PARAGRAPH = -1
"""The `gap` of a turn in the paragraph of the turn before."""


@dataclass(slots=True, kw_only=True)
class Turn:
    """One or more spans of speech by one person.

    `spans` are their indices in the book. `gap` counts the paragraphs of narration since the turn
    before, `opens_scene` is true after a scene break, and `continues` where the quote marks carry
    on the speech of the turn before. `before` and `after` are narration in the turn's own
    paragraphs; `lead` and `follow` paragraphs of narration that touch it. A turn without tags may
    have a `lead_tag` in the paragraph before, which is not sure to belong to it. `resumes` is true
    where a tag says so (`she added`), `two_present` where only two people seem to be there.
    """

    speeches: list[Speech]
    spans: list[int]
    gap: int
    opens_scene: bool
    continues: bool
    tags: list[DialogueTag] = field(default_factory=list)
    before: list[Narration] = field(default_factory=list)
    after: list[Narration] = field(default_factory=list)
    lead: Narration | None = None
    lead_tag: DialogueTag | None = None
    follow: Narration | None = None
    resumes: bool = False
    two_present: bool = False

    @property
    def addressed_gender(self) -> Gender | None:
        """The gender of whomever the turn addresses by title or kinship term."""
        return next((s.addressed_gender for s in self.speeches if s.addressed_gender), None)

    @property
    def is_bare(self) -> bool:
        """Whether no narration touches it: it stands among other speeches."""
        return not (self.before or self.after or self.lead or self.follow)

    @property
    def beats(self) -> list[tuple[Narration, int]]:
        """The narration in the turn's paragraphs beside its speech, with the sentence nearest."""
        before = [(part, part.sentences - 1) for part in self.before[-1:]]
        return before + [(part, 0) for part in self.after[:1]]


Item = Narration | Turn
"""A piece of a chapter, in reading order; a turn stands where its first speech does."""


def read_turns(
    text: str, chapter: Chapter, spans: Sequence[tuple[int, Span]], names: CastNames
) -> list[Item]:
    """Return the turns and narration of a chapter; `spans` come with their index in the book."""
    builder = _TurnBuilder(text, names, chapter)
    for paragraph, group in groupby(spans, key=lambda pair: pair[1].paragraph):
        builder.add_paragraph(paragraph, list(group))
    return builder.items


class _TurnBuilder:
    """Builds the items of one chapter, paragraph by paragraph.

    `lead` is the paragraph of narration right before, `trail` the narration that ends the
    paragraph before if that has speech.
    """

    def __init__(self, text: str, names: CastNames, chapter: Chapter):
        self.text, self.names = text, names
        self.blocks = [paragraph.block for paragraph in chapter.paragraphs]
        self.items: list[Item] = []
        self.turn: Turn | None = None
        self.gap = 0
        self.last_paragraph = -1
        self.lead: Narration | None = None
        self.trail: Narration | None = None
        self.opens_scene = True

    def add_paragraph(self, number: int, spans: list[tuple[int, Span]]) -> None:
        """Add the spans of one paragraph."""
        skipped = self.blocks[self.last_paragraph + 1 : number]
        self.last_paragraph = number
        if any(block is not Block.PROSE for block in skipped):
            self.gap, self.lead, self.trail = 0, None, None
            self.opens_scene = True
        if any(span.speech for _, span in spans):
            self._add_speech(spans)
        else:
            self._add_narration(spans)

    def _add_narration(self, spans: list[tuple[int, Span]]) -> None:
        for _, span in spans:
            part = narration.analyse(self.text, span, self.names)
            if self.turn and not self.opens_scene and self.gap == 0 and self.turn.follow is None:
                self.turn.follow = part
            self.items.append(part)
            self.lead = part
        self.gap += 1
        self.trail = None

    def _add_speech(self, spans: list[tuple[int, Span]]) -> None:
        parts = [ParagraphPart(index, span, self._analyse(span)) for index, span in spans]
        for run in split_by_speaker(parts, self.text, self.names.genders):
            self._add_turn(run)
            self.opens_scene = False
            self.gap, self.lead, self.trail = SAME_PARAGRAPH, None, None
        self.gap = 0
        last = parts[-1].content
        self.trail = last if isinstance(last, Narration) else None

    def _analyse(self, span: Span) -> Speech | Narration:
        if span.speech:
            return addressees.analyse(self.text, span, self.names)
        return narration.analyse(self.text, span, self.names)

    def _add_turn(self, run: Run) -> None:
        introduction = run.introduction
        spoken = [part for part in run.parts if part.span.speech]
        turn = Turn(
            speeches=[part.content for part in run.parts if isinstance(part.content, Speech)],
            spans=[part.index for part in spoken],
            gap=self.gap,
            opens_scene=self.opens_scene,
            continues=spoken[0].span.continues and not self.opens_scene,
            lead=self.lead,
        )
        if introduction:
            tag = find_before_speech(introduction, self.text)
            if tag:
                turn.before, turn.tags = [introduction], [tag]
        if self.turn is not None and not self.opens_scene and self._asks_for_name(self.turn):
            turn.speeches[0] = addressees.as_answer_with_name(self.text, turn.speeches[0])
        self._place(turn, run.parts)
        if run.claim and not any(tag.sure for tag in turn.tags):
            turn.tags = [claim_tag(run.claim, self.text)]
        if turn.continues and self.turn is not None:
            speakers = _shown_speaker(self.turn), _shown_speaker(turn)
            # A closing mark was forgotten: the speech before ended all the same.
            turn.continues = not mean_two_people(*speakers, self.names.genders)
        if not turn.tags:
            self._tag_from_paragraph_before(turn)
        turn.resumes = any(
            self.text[tag.verb.start : tag.verb.end].lower() in word_set("resuming_verbs")
            for tag in (*turn.tags, turn.lead_tag)
            if tag
        )
        self.turn = turn

    def _asks_for_name(self, turn: Turn) -> bool:
        last = turn.speeches[-1]
        return addressees.asks_for_name(self.text[last.start : last.end])

    def _place(self, turn: Turn, run: list[ParagraphPart]) -> None:
        """Add the turn and the narration of its run to the items, and that narration to it."""
        placed = False
        for position, part in enumerate(run):
            if isinstance(part.content, Narration):
                self.items.append(part.content)
                (turn.after if placed else turn.before).append(part.content)
                turn.tags += _tags_of(part.content, run, position, self.text)
            elif not placed:
                self.items.append(turn)
                placed = True

    def _tag_from_paragraph_before(self, turn: Turn) -> None:
        """Tag the turn from the paragraph before; a sure tag there is its own."""
        before = self.lead or self.trail
        if before is None:
            return
        tag = (find_in_lead if self.lead else find_in_trail)(before, self.text)
        if tag and tag.sure:
            turn.tags = [tag]
        else:
            turn.lead_tag = tag


def _shown_speaker(turn: Turn) -> Mention | None:
    """Return whom a sure tag of a turn names, else who acts first beside its speech."""
    named = (tag.speaker for tag in turn.tags if tag.sure and tag.speaker)
    acting = (
        subject for part in (*turn.after[:1], *turn.before[-1:]) for subject in part.subjects()[:1]
    )
    return next(chain(named, acting), None)


def _tags_of(
    part: Narration, run: Sequence[ParagraphPart], position: int, text: str
) -> Iterator[DialogueTag]:
    """Yield the tag of a span of narration for the speech before it, else that after it."""
    if position and isinstance(run[position - 1].content, Speech):
        tag = find_after_speech(part, text)
        if tag:
            yield tag
            return
    if position + 1 < len(run):
        tag = find_before_speech(part, text)
        if tag:
            yield tag
