"""Annotated novels ready for the ranker, and changed copies of them that teach more."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.attribute import analyse
from pipeline.dialogue.attribution.conversation import KnownSpeakers
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.log_linear import Guesses, first_guesses
from pipeline.dialogue.attribution.narration import MentionKind
from pipeline.dialogue.attribution.ranking import SpeakersByChapter
from pipeline.dialogue.attribution.speaker_model import LOG_LINEAR_ALONE
from pipeline.dialogue.attribution.tag_nouns import is_outsider
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.characters.identification import identify_characters
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Chapter, Paragraph
from pipeline.model.characters import Character
from training.corpus import Novel, lower_names, turn_speakers
from training.loose_paragraphs import with_loose_paragraphs

_EXCERPTS = 30  # of a novel or a scene
_MAX_PARAGRAPHS = 8
_ABSENT = 0.35  # the share of a cast that is left out in the copies with absent characters
_KNOWN = 0.15  # the share of turns with a known speaker in the copies with corrections


@dataclass(frozen=True, slots=True)
class PreparedNovel:
    """A novel ready for the ranker.

    `speakers` are the annotated speakers of its turns, chapter after chapter, and `guesses` those
    of the log-linear model by chapter. `known` are speakers that count as certain.
    """

    novel: Novel
    book: AnalysedBook
    speakers: list[int | None]
    guesses: list[Guesses]
    known: SpeakersByChapter = field(default_factory=dict)

    @classmethod
    def of(cls, novel: Novel, first_person: str | None = None) -> "PreparedNovel":
        """Analyse a novel and attribute it by the log-linear model.

        The first person is found if None.
        """
        spans = split(novel.book)
        book = analyse(novel.book, novel.cast, first_person)
        speakers = turn_speakers(novel.quotations, book.all_turns(), spans)
        guesses = [first_guesses(book, number) for number in range(len(book.chapters))]
        return cls(novel, book, speakers, guesses)

    @property
    def is_annotated(self) -> bool:
        """Whether the speaker of any turn is annotated."""
        return any(speaker is not None for speaker in self.speakers)


def place_of(speaker: int, candidates: Sequence[int]) -> int:
    """Return the place of a speaker among candidates; whoever is none counts as NOBODY."""
    return candidates.index(speaker if speaker in candidates else NOBODY)


def copies_of(prepared: PreparedNovel) -> list[PreparedNovel]:
    """Return the changed copies of a novel that have annotated turns; a scene has more kinds."""
    novel = prepared.novel
    copies = [*with_absent_characters(novel, _ABSENT), *excerpts(novel)]
    if novel.is_scene:
        own = with_identified_cast(novel), PreparedNovel.of(with_loose_paragraphs(novel))
        copies = [*own, *copies, with_known_speakers(prepared, _KNOWN)]
    return [copy for copy in copies if copy.is_annotated]


def _with_absent_characters(novel: Novel, share: float) -> Novel:
    """Return a copy whose cast lacks a random share of the characters: NOBODY speaks for them."""
    generator = np.random.default_rng(0)
    kept = [i for i, drawn in enumerate(generator.random(len(novel.cast))) if drawn >= share]
    return _with_cast(novel, kept)


def _with_cast(novel: Novel, kept: Sequence[int]) -> Novel:
    """Return a copy whose cast is the characters with these numbers."""
    index_of = {old: new for new, old in enumerate(kept)}
    quotations = tuple(
        replace(quotation, speaker=index_of.get(quotation.speaker, NOBODY))
        for quotation in novel.quotations
    )
    return replace(novel, cast=tuple(novel.cast[i] for i in kept), quotations=quotations)


def with_absent_characters(novel: Novel, share: float) -> Iterator[PreparedNovel]:
    """Yield a copy, and excerpts, with a smaller cast.

    They teach who is meant by a name or noun that nobody in the cast has. Only turns with such a
    tag, or with the name of a character, are kept: in most books all who speak are in the cast.
    """
    smaller = _with_absent_characters(novel, share)
    return _prepared_where([smaller, *_excerpts(smaller)], _names_somebody)


def _prepared_where(
    novels: Iterable[Novel], is_kept: Callable[[AnalysedBook, Turn], bool]
) -> Iterator[PreparedNovel]:
    """Yield novels of which only the turns that are kept count as annotated."""
    for prepared in map(PreparedNovel.of, novels):
        speakers = [
            speaker if is_kept(prepared.book, turn) else None
            for turn, speaker in zip(prepared.book.all_turns(), prepared.speakers, strict=True)
        ]
        yield replace(prepared, speakers=speakers)


def _names_somebody(book: AnalysedBook, turn: Turn) -> bool:
    """Return whether a sure tag of a turn names a character, or somebody outside the cast."""
    return any(
        (tag.speaker is not None and tag.speaker.characters and not tag.speaker.nominal)
        or is_outsider(book.text, tag, book.cast_nouns)
        for tag in turn.tags
        if tag.sure
    )


def excerpts(novel: Novel) -> Iterator[PreparedNovel]:
    """Yield excerpts of a few paragraphs, of which the turns with a tag or a beat are kept.

    They teach what a tag or a beat is worth where hardly anything else is known. Half of the
    excerpts have as cast those alone who speak or are named in them.
    """
    return _prepared_where(_excerpts(novel), _is_beside_narration)


def _excerpts(novel: Novel) -> Iterator[Novel]:
    """Yield excerpts that cover a scene, and as many from a novel."""
    generator = np.random.default_rng(0)
    paragraphs = [p for chapter in novel.book.chapters for p in chapter.paragraphs]
    stride = max(1, len(paragraphs) // _EXCERPTS)
    for number, start in enumerate(range(0, len(paragraphs), stride)):
        own = tuple(paragraphs[start : start + int(generator.integers(1, _MAX_PARAGRAPHS))])
        book = replace(novel.book, chapters=(Chapter(1, "", own),))
        excerpt = replace(novel, book=book)
        yield _with_own_cast(excerpt, own) if number % 2 else excerpt


def _with_own_cast(novel: Novel, paragraphs: Sequence[Paragraph]) -> Novel:
    """Return an excerpt whose cast is those who speak or are named in its paragraphs."""
    start, end = paragraphs[0].start, paragraphs[-1].end
    within = [q for q in novel.quotations if q.spans and start <= q.spans[0][0] < end]
    text = novel.book.text[start:end]
    named = {
        i
        for i, character in enumerate(novel.cast)
        if any(name in text for name in (character.name, *character.aliases))
    }
    speaking = {quotation.speaker for quotation in within} - {NOBODY}
    kept = sorted(named | speaking)
    return _with_cast(novel, kept)


def _is_beside_narration(book: AnalysedBook, turn: Turn) -> bool:
    """Return whether a turn has a tag or a beat, and it is known who `I` is there, if anybody."""
    mentions = [mention for part in (*turn.before, *turn.after) for mention in part.mentions]
    by_i = any(mention.kind is MentionKind.I for mention in mentions)
    return bool(turn.before or turn.after) and not (by_i and book.first_person is None)


def with_identified_cast(novel: Novel) -> PreparedNovel:
    """Return a copy whose cast fullcast identified.

    It teaches what evidence is worth where genders are not known and people are missing. Turns of
    people who are two in that cast, or share one with somebody, are left out, and so are those of
    voices that are not annotated. The characters are identified without trees: those that ship may
    have seen the novel.
    """
    identified = identify_characters(novel.book, model=LOG_LINEAR_ALONE)
    cast = tuple(person.character for person in identified.characters)
    identified_index = identified_as(novel.cast, CastNames(cast))
    quotations = tuple(
        replace(quotation, speaker=identified_index[quotation.speaker])
        for quotation in novel.quotations
        if quotation.speaker in identified_index
    )
    copy = replace(novel, cast=cast, quotations=quotations)
    return PreparedNovel.of(copy, identified.first_person)


def identified_as(annotated: Sequence[Character], names: CastNames) -> dict[int, int]:
    """Return which identified character each annotated one is, NOBODY if none.

    They match by a shared name, else by part of a name. Whoever matches several, or shares a match,
    is left out.
    """
    matches = [_matches(character, names) for character in annotated]
    counts = Counter(index for indices in matches for index in indices)
    return {
        number: next(iter(indices), NOBODY)
        for number, indices in enumerate(matches)
        if len(indices) <= 1 and all(counts[index] == 1 for index in indices)
    }


def _matches(character: Character, names: CastNames) -> set[int]:
    """Return the characters that share a name with this one, else those with part of a name."""
    lower = lower_names(character)
    sharing = {i for i, other in enumerate(names.characters) if lower & lower_names(other)}
    all_names = (character.name, *character.aliases)
    return sharing or {index for name in all_names for index in names.bearers(name)}


def with_known_speakers(prepared: PreparedNovel, share: float) -> PreparedNovel:
    """Return a copy in which the speakers of a random share of the turns are certain.

    It teaches what a correction says of the turns around; only those are kept.
    """
    drawn = np.random.default_rng(0).random(len(prepared.speakers)) < share
    certain = (
        speaker if is_drawn else None
        for speaker, is_drawn in zip(prepared.speakers, drawn, strict=True)
    )
    known = {
        number: _known(islice(certain, len(prepared.book.turns(number))))
        for number in range(len(prepared.book.chapters))
    }
    guesses = [first_guesses(prepared.book, number, own) for number, own in known.items()]
    others = [
        None if is_drawn else speaker
        for speaker, is_drawn in zip(prepared.speakers, drawn, strict=True)
    ]
    return replace(prepared, speakers=others, guesses=guesses, known=known)


def _known(speakers: Iterable[int | None]) -> KnownSpeakers:
    return {turn: speaker for turn, speaker in enumerate(speakers) if speaker is not None}
