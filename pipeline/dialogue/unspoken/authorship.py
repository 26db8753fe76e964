"""Who thinks or writes the passages of a book, by the evidence that attribution has of speakers.

That is a tag (`she thought`), else who acts or speaks beside the passage in its paragraph, else who
else thinks in the scene, else who acts last in the paragraph before. A pronoun means whom it means
where it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.data import word_set
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.dialogue_tags import (
    DialogueTag,
    find_after_speech,
    find_before_speech,
)
from pipeline.dialogue.attribution.log_linear import gather_evidence
from pipeline.dialogue.attribution.narration import MENTION_GENDERS, Mention, MentionKind, Narration
from pipeline.dialogue.attribution.salience import Shares
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.unspoken.passage import PassageKind, Unspoken
from pipeline.model.script import DOUBTFUL

_ACTOR_TRUST = 0.9
"""Confidence in somebody who acts beside a passage, where a tag has 1."""
_SCENE_TRUST = 0.75
_LEAD_TRUST = 0.7


@dataclass(frozen=True, slots=True)
class Author:
    """Who thinks or wrote a passage, with the confidence and the reason in words."""

    character: int
    confidence: float
    why: str
    tagged: bool = False


@dataclass(frozen=True)
class ChapterAuthors:
    """The evidence on the passages of one chapter, counted from 0.

    `spans` are those of the book as analysed, in its text; `passages` maps the indices of some to
    what they are, and `speakers` those of speeches to who speaks them.
    """

    book: AnalysedBook
    chapter: int
    spans: Sequence[Span]
    passages: Mapping[int, Unspoken]
    speakers: Mapping[int, int]

    def authors(self) -> dict[int, Author]:
        """Return the authors of the passages, as far as they are known, by the span's index."""
        own = {index: self._beside(index, passage) for index, passage in self.passages.items()}
        thoughts = [i for i, p in self.passages.items() if p.kind is PassageKind.THOUGHT]
        for scene in self._scenes(thoughts):
            thinkers = {index: author for index in scene if (author := own[index])}
            for index in scene:
                own[index] = self._in_scene(index, own[index], thinkers) or self._by_lead(index)
        return {index: a for index, a in own.items() if a and a.confidence >= DOUBTFUL}

    @cached_property
    def _resolved(self) -> Mapping[int, Shares]:
        turns = self.book.turns(self.chapter)
        known = [{self.speakers[s]: 1.0 for s in t.spans[:1] if s in self.speakers} for t in turns]
        return gather_evidence(self.book, self.chapter, known).resolved

    @cached_property
    def _narration(self) -> Mapping[int, Narration]:
        """The spans of narration by where they start."""
        items = self.book.chapters[self.chapter]
        return {item.start: item for item in items if isinstance(item, Narration)}

    @cached_property
    def _turns(self) -> Mapping[int, Turn]:
        return {index: turn for turn in self.book.turns(self.chapter) for index in turn.spans}

    def _neighbour(self, index: int, step: int) -> int | None:
        """Return the index of the span beside one in its paragraph."""
        other = index + step
        if not 0 <= other < len(self.spans) or self.spans[other].place != self.spans[index].place:
            return None
        return other

    def _part(self, index: int | None) -> Narration | None:
        return None if index is None else self._narration.get(self.spans[index].start)

    # --- beside the passage ----------------------------------------------------------------------

    def _beside(self, index: int, passage: Unspoken) -> Author | None:
        """Return the author by the name with the passage, its tag, or who acts beside it."""
        if passage.writer is not None:
            return Author(passage.writer, 1.0, passage.why)
        tag = self._tag(index)
        if tag and tag.speaker:
            why = f"tag: {tag.quote(self.book.text)}"
            return self._author(tag.speaker, 1.0, why, tagged=True)
        if tag or passage.kind is PassageKind.MESSAGE:
            return None
        return self._actor(index)

    def _tag(self, index: int) -> DialogueTag | None:
        """Return the tag right after a passage, else the one that leads on to it."""
        after = self._part(self._neighbour(index, 1))
        tag = find_after_speech(after, self.book.text) if after else None
        if tag and tag.sure:
            return tag
        before = self._part(self._neighbour(index, -1))
        tag = find_before_speech(before, self.book.text) if before else None
        return tag if tag and tag.sure else None

    def _actor(self, index: int) -> Author | None:
        """Return who acts or speaks before a passage in its paragraph, else who does after it."""
        return next(filter(None, (self._acting(index, step) for step in (-1, 1))), None)

    def _acting(self, index: int, step: int) -> Author | None:
        other = self._neighbour(index, step)
        if other is not None and other in self.speakers:
            return Author(self.speakers[other], _ACTOR_TRUST, "speaks beside the thought")
        part = self._part(other)
        if part is None:
            return None
        sentence = part.sentences - 1 if step < 0 else 0
        return self._first_acting(part, sentence, _ACTOR_TRUST) or (
            self._first_acting(part, None, _ACTOR_TRUST) if step < 0 else None
        )

    def _first_acting(self, part: Narration, sentence: int | None, trust: float) -> Author | None:
        """Return who acts in a sentence, or whose something does; in any if it is None."""
        if sentence is None:
            mention = next(reversed(part.subjects()), None)
        else:
            mention = part.actor(sentence)
        if mention is None:
            return None
        words = self.book.text[mention.start : mention.end + 20].split()[:4]
        return self._author(mention, trust, "actor: " + " ".join(words))

    def _author(
        self, mention: Mention, trust: float, why: str, *, tagged: bool = False
    ) -> Author | None:
        if mention.kind is MentionKind.I and self.book.first_person is not None:
            return Author(self.book.first_person, trust, why, tagged)
        shares = self._resolved.get(mention.start, {})
        if not shares:
            return None
        best = max(shares, key=lambda character: shares[character])
        return Author(best, trust * shares[best], why, tagged)

    # --- further off -----------------------------------------------------------------------------

    def _scenes(self, indices: Sequence[int]) -> Iterator[list[int]]:
        """Yield the passages scene by scene."""
        scene: list[int] = []
        turns = self.book.turns(self.chapter)
        opening = iter([turn.spans[0] for turn in turns if turn.opens_scene])
        following = next(opening, None)
        for index in indices:
            while following is not None and following <= index:
                if scene:
                    yield scene
                scene, following = [], next(opening, None)
            scene.append(index)
        if scene:
            yield scene

    def _in_scene(
        self, index: int, author: Author | None, thinkers: Mapping[int, Author]
    ) -> Author | None:
        """Return the author, or whoever else thinks in the scene where that is doubtful.

        It is where nobody acts beside the thought, and where whoever does is the `he` of it.
        """
        if author and (author.tagged or not self._is_about(index, author.character)):
            return author
        others = [other for other in thinkers if other != index and thinkers[other].tagged]
        others = others or ([] if author else [other for other in thinkers if other != index])
        if not others:
            return author
        nearest = min(others, key=lambda other: abs(other - index))
        return Author(thinkers[nearest].character, _SCENE_TRUST, "thinks in this scene")

    def _is_about(self, index: int, character: int) -> bool:
        """Return whether a thought speaks of somebody like the character, and not of `I`."""
        span, gender = self.spans[index], self.book.names.genders[character]
        words = self.book.text[span.start : span.end].replace("'", " ").split()
        pronouns = {word.strip(".,!?;:").lower() for word in words}
        if not pronouns.isdisjoint(word_set("first_person_pronouns")):
            return False
        kinds = (MentionKind.HE, MentionKind.SHE, MentionKind.THEY)
        return any(
            kind.value in pronouns and gender in (None, MENTION_GENDERS[kind]) for kind in kinds
        )

    def _by_lead(self, index: int) -> Author | None:
        """Return who acts last in the paragraph of narration before a thought."""
        turn = self._turns.get(index)
        if turn is None or turn.lead is None or self._neighbour(index, -1) is not None:
            return None
        lead = turn.lead
        return self._first_acting(lead, lead.sentences - 1, _LEAD_TRUST)
