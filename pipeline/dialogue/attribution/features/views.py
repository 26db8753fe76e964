"""Views: what the features see of a book, of a chapter and of a turn."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.dialogue.attribution import conversation, mention_offsets, tag_nouns
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.dialogue_tags import DialogueTag
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.attribution.log_linear import ChapterEvidence, Guesses
from pipeline.dialogue.attribution.mention_offsets import MentionOffsets
from pipeline.dialogue.attribution.narration import Mention
from pipeline.dialogue.attribution.speaker_style import SpeakerStyle
from pipeline.dialogue.attribution.subjects import hearer
from pipeline.dialogue.attribution.turns import Turn
from pipeline.model.characters import Character

_NO_OFFSETS = MentionOffsets()


class BookView:
    """What all chapters of a book share.

    `speech_shares` are the shares of the book's turns that each character is guessed to speak,
    `noun_shares` whom each noun in the book's tags means, and `role_nouns` the nouns that suit each
    character's names. `tagged_share` is the share of turns with a tag: old novels have many,
    today's fiction few. `beat_share` is the share of turns with narration in their own paragraphs:
    much fiction on the web gives each beat a paragraph instead. `described_share` is the share of
    the characters who have a name and a description, as `Ines` and `the sergeant`: a cast that was
    found has few of them, one that a reader made many.
    """

    def __init__(self, book: AnalysedBook, guesses: Sequence[Guesses]):
        self.text, self.names, self.first_person = book.text, book.names, book.first_person
        self.name_counts = book.name_counts
        self.speech_shares = _speech_shares(guesses)
        turns = book.all_turns()
        self.tagged_share = _share([bool(turn.tags) for turn in turns])
        self.beat_share = _share([bool(turn.before or turn.after) for turn in turns])
        self.described_share = _share([*map(_is_described, book.names.characters)])
        self.noun_shares = _noun_shares(book, guesses)
        self.role_nouns = book.role_nouns
        flat = [guess for chapter in guesses for guess in chapter]
        self.style = SpeakerStyle(book.style_counts, flat)


def _share(values: Sequence[bool]) -> float:
    """Return which share of the values is true, 0 without any."""
    return sum(values) / max(1, len(values))


def _is_described(character: Character) -> bool:
    """Return whether a character has both a name and a description."""
    names = (character.name, *character.aliases)
    descriptions = sum(name.islower() for name in names)
    return 0 < descriptions < len(names)


def _speech_shares(guesses: Sequence[Guesses]) -> Mapping[int, float]:
    total = sum(map(len, guesses)) or 1
    shares: defaultdict[int, float] = defaultdict(float)
    for chapter in guesses:
        for guess in chapter:
            for candidate, probability in guess.items():
                shares[candidate] += probability / total
    return shares


def _noun_shares(
    book: AnalysedBook, guesses: Sequence[Guesses]
) -> Mapping[str, Mapping[int, float]]:
    """Return for each noun in a tag the share of it that each character is guessed to have."""
    weights: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for number, chapter in enumerate(guesses):
        for turn, guess in zip(book.turns(number), chapter, strict=True):
            nouns = (tag_nouns.head_noun(book.text, tag) for tag in turn.tags)
            noun = next(filter(None, nouns), None)
            if noun:
                for candidate, probability in guess.items():
                    weights[noun][candidate] += probability
    return {noun: _shares_of_characters(by_candidate) for noun, by_candidate in weights.items()}


def _shares_of_characters(weights: Mapping[int, float]) -> dict[int, float]:
    total = sum(weights.values())
    return {c: weight / total for c, weight in weights.items() if c != NOBODY}


class ChapterView:
    """A chapter with its evidence and the guesses of the pass before.

    `posteriors` are the probabilities by the evidence alone, `shares` those of the chapter's turns
    that each candidate is guessed to speak. `best_turns` are the indices of the turns in which each
    is the best guess. An anchor is the one character whom a turn's sure tag names: `anchors` has it
    turn by turn, `anchored_turns` the indices of turns by character.
    """

    def __init__(
        self,
        book: BookView,
        analysed: AnalysedBook,
        number: int,
        chapter: ChapterEvidence,
        guesses: Guesses,
    ):
        self.book, self.guesses = book, guesses
        self.turns: Sequence[Turn] = analysed.turns(number)
        self.evidence, self.salience = chapter.evidence, chapter.salience
        self.resolved = chapter.resolved
        self.scores = chapter.scores
        self.posteriors = conversation.posteriors(self.turns, self.scores)
        self.offsets = mention_offsets.collect(analysed.chapters[number], chapter.resolved)
        self.anchors = [_anchor(turn) for turn in self.turns]
        self.anchored_turns: dict[int, list[int]] = {}
        for index, anchor in enumerate(self.anchors):
            if anchor is not None:
                self.anchored_turns.setdefault(anchor, []).append(index)
        self.best_turns: dict[int, list[int]] = {}
        shares: defaultdict[int, float] = defaultdict(float)
        for index, guess in enumerate(guesses):
            self.best_turns.setdefault(next(iter(guess)), []).append(index)
            for candidate, probability in guess.items():
                shares[candidate] += probability / len(guesses)
        self.shares = dict(shares)

    @property
    def names(self) -> CastNames:
        """The cast."""
        return self.book.names

    def turn_at(self, index: int) -> Turn | None:
        """Return the turn at an index that may lie outside the chapter."""
        return self.turns[index] if 0 <= index < len(self.turns) else None

    def meaning(self, start: int) -> Mapping[int, float]:
        """Return whom the mention at an offset means, with probabilities."""
        return self.resolved.get(start, {})

    def share(self, mention: Mention | None, candidate: int, absent: float = -1.0) -> float:
        """Return how probably a mention means a candidate, `absent` without a mention."""
        return absent if mention is None else self.meaning(mention.start).get(candidate, 0.0)


def _anchor(turn: Turn) -> int | None:
    for tag in turn.tags:
        speaker = tag.speaker
        if tag.sure and speaker and len(speaker.characters) == 1 and not speaker.nominal:
            return speaker.characters[0]
    return None


class TurnView:
    """A turn of a chapter and its candidates, the best first and NOBODY last.

    `hearers` are the mentions of those who hear it by its own tags (`Tom heard her whisper`). They
    are not counted as beats: `before` and `after` are the turn's narration without them.
    """

    def __init__(self, chapter: ChapterView, index: int, candidates: Sequence[int]):
        self.chapter, self.index, self.candidates = chapter, index, candidates
        self.turn = chapter.turns[index]
        self.start, self.end = bounds(self.turn)
        self.hearers = list(_hearers(self.turn, chapter.book.text))
        self.before = [part.without(self.hearers) for part in self.turn.before]
        self.after = [part.without(self.hearers) for part in self.turn.after]

    def best_tag(self) -> DialogueTag | None:
        """Return the first sure tag, else the first, else the one in the paragraph before."""
        tags = self.turn.tags
        if not tags:
            return self.turn.lead_tag
        return next((tag for tag in tags if tag.sure), tags[0])

    def offsets(self, candidate: int) -> MentionOffsets:
        """Return where the chapter mentions a candidate."""
        return self.chapter.offsets.get(candidate, _NO_OFFSETS)


def _hearers(turn: Turn, text: str) -> Iterator[Mention]:
    speakers = [tag.speaker for tag in turn.tags if tag.sure and tag.speaker]
    for part in (*turn.before, *turn.after):
        for speaker in speakers:
            if part.start <= speaker.start < part.end and (mention := hearer(part, speaker, text)):
                yield mention


def bounds(turn: Turn) -> tuple[int, int]:
    """Return the offsets of a turn's first and last character of speech."""
    return turn.speeches[0].start, turn.speeches[-1].end
