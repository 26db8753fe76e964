"""A book analysed for attribution: its turns and narration, its cast and its first person."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.descriptions import described_nouns
from pipeline.dialogue.attribution.name_uses import count_name_uses
from pipeline.dialogue.attribution.narration import MentionKind, Narration
from pipeline.dialogue.attribution.outsiders import Outsiders
from pipeline.dialogue.attribution.plain_text import plain
from pipeline.dialogue.attribution.speaker_style import StyleCounts
from pipeline.dialogue.attribution.tag_nouns import role_nouns
from pipeline.dialogue.attribution.turns import Item, Turn, read_turns
from pipeline.dialogue.first_person import NarrationSubjects, find_narrator
from pipeline.dialogue.quotations.spans import Span, by_chapter
from pipeline.model.book import Book

_PRIOR = 0.4  # how much a character's share of the names in a book makes a pronoun mean them


@dataclass(frozen=True)
class AnalysedBook:
    """A book whose speakers are to be found; characters are indices in the cast.

    `text` is the book's with its typography normalised, and the offsets in `chapters` refer to it.
    `subjects` are how many subjects of the narration are `I`.
    `name_counts` are how often narration names each character, and `prior_weights` what that adds
    to the odds of a pronoun meaning them, as natural logarithms.
    """

    text: str
    chapters: Sequence[Sequence[Item]]
    names: CastNames
    subjects: NarrationSubjects
    first_person: int | None
    name_counts: Mapping[int, int]
    prior_weights: Sequence[float]

    @cached_property
    def style_counts(self) -> StyleCounts:
        """The words of all speeches."""
        return StyleCounts(self.text, self.all_turns())

    @cached_property
    def cast_nouns(self) -> frozenset[str]:
        """The nouns that suit one of the characters."""
        return frozenset().union(*self.role_nouns)

    @cached_property
    def role_nouns(self) -> list[frozenset[str]]:
        """The nouns that suit each character, by their names or by what the narration says."""
        described = described_nouns(self.text, self._narrations(), len(self.names.characters))
        by_name = map(role_nouns, self.names.characters)
        return [own | more for own, more in zip(by_name, described, strict=True)]

    @cached_property
    def _is_told_by_outsider(self) -> bool:
        """Whether `I` tells the book, and is none of the cast: all of them act in the narration."""
        if self.first_person is not None or not self.subjects.are_clear:
            return False
        acting = {c for part in self._narrations() for m in part.subjects() for c in m.characters}
        return len(acting) == len(self.names.characters)

    @cached_property
    def _outsiders(self) -> dict[int, list[str | None]]:
        return {}

    @cached_property
    def by_frequency(self) -> list[int]:
        """The characters, whom the narration names most first."""
        cast = range(len(self.names.characters))
        return sorted(cast, key=lambda character: -self.name_counts[character])

    @classmethod
    def of(
        cls, book: Book, spans: Sequence[Span], names: CastNames, first_person: int | None = None
    ) -> "AnalysedBook":
        """Analyse a book cut into spans; find its first person if none is named."""
        text, spans = plain(book.text, spans)
        spans_of = by_chapter(spans)
        chapters = [
            read_turns(text, chapter, spans_of.get(chapter.number, []), names)
            for chapter in book.chapters
        ]
        items = [item for chapter in chapters for item in chapter]
        subjects = _subjects(items)
        if first_person is None:
            uses = count_name_uses(text, items, len(names.characters))
            first_person = find_narrator(subjects, uses.items())
        counts, cast = _count_names(chapters), range(len(names.characters))
        weights = [_PRIOR * math.log1p(counts[character]) for character in cast]
        return cls(text, chapters, names, subjects, first_person, counts, weights)

    def turns(self, chapter: int) -> list[Turn]:
        """Return the turns of a chapter, counted from 0."""
        return [item for item in self.chapters[chapter] if isinstance(item, Turn)]

    def outsiders(self, chapter: int) -> list[str | None]:
        """Return for each turn of a chapter the words that name an outsider, None without any."""
        if chapter not in self._outsiders:
            outsiders = Outsiders(
                self.text,
                self.chapters[chapter],
                self.names.genders,
                self.cast_nouns,
                tells_outsider=self._is_told_by_outsider,
            )
            self._outsiders[chapter] = [outsiders.mean(turn) for turn in self.turns(chapter)]
        return self._outsiders[chapter]

    def all_turns(self) -> list[Turn]:
        """Return the turns of all chapters, in order."""
        return [turn for number in range(len(self.chapters)) for turn in self.turns(number)]

    def _narrations(self) -> Iterator[Narration]:
        return (item for items in self.chapters for item in items if isinstance(item, Narration))


def _subjects(items: Iterable[Item]) -> NarrationSubjects:
    kinds: Counter[MentionKind] = Counter()
    tags = 0
    for item in items:
        if isinstance(item, Narration):
            kinds.update(mention.kind for mention in item.subjects())
        else:
            speakers = (tag.speaker for tag in item.tags if tag.sure and tag.speaker)
            tags += any(speaker.kind is MentionKind.I for speaker in speakers)
    return NarrationSubjects(kinds[MentionKind.I], kinds.total(), tags)


def _count_names(chapters: Sequence[Sequence[Item]]) -> Counter[int]:
    """Return how often narration names each character."""
    counts: Counter[int] = Counter()
    for items in chapters:
        for item in items:
            if not isinstance(item, Turn):
                for mention in item.mentions:
                    counts.update(mention.characters)
    return counts
