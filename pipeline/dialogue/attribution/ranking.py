"""The speakers of a whole book: evidence, a log-linear model of it, then what was learned.

Each learned pass sees what the one before it made of the turns around.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipeline.dialogue.attribution import (
    conversation,
    features,
    first_person_narrator,
    mentions,
    tag_nouns,
    turns,
)
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.conversation import Chances
from pipeline.dialogue.attribution.evidence import FEW, NOBODY, Evidence, Scene, gather
from pipeline.dialogue.attribution.features import View
from pipeline.dialogue.attribution.plain_text import plain
from pipeline.dialogue.attribution.salience import Salience
from pipeline.dialogue.attribution.speaker_style import SpeakerStyle, StyleCounts
from pipeline.dialogue.attribution.turns import Item, Turn
from pipeline.dialogue.attribution.weights import WEIGHTS
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Book

DOUBT = 1.0  # by how much more often, in logarithms, nobody spoke where the ranker was trained
_BATCH = 6000  # rows
_LINK = 0.2  # how much turn-taking counts beside scores that know of it already
_OFTEN = 0.4  # how much being named often in the book makes a pronoun mean somebody
Rows = NDArray[np.float32]
Scorer = Callable[[Rows], NDArray[np.float64]]
"""Gives each row its score, in natural logarithms of odds, comparable within a turn."""
Guesses = Sequence[Chances]
"""The chances of each turn of a chapter."""
Settled = Mapping[int, Sequence[Guesses]]
"""Of chapters that were judged before, by number from 0, their guesses at each reading."""
_NOTHING: Settled = {}
_NO_ROWS = np.zeros((0, len(features.NAMES)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class AttributionPass:
    """A chapter read once: for each turn the evidence and who is on the reader's mind."""

    evidence: list[list[Evidence]]
    seen: list[dict[int, float]]
    known: Mapping[int, Mapping[int, float]]

    @property
    def scores(self) -> list[dict[int, float]]:
        """The evidence on each turn, weighed and summed for each candidate."""
        return [_sum(items) for items in self.evidence]


def _sum(items: Sequence[Evidence]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for item in items:
        scores[item.who] = scores.get(item.who, 0.0) + WEIGHTS[item.kind] * item.value
    return scores


@dataclass(frozen=True)
class Casebook:
    """A book to be judged: its text, its chapters' items, its cast and the first person.

    `text` is the book's in one manner of writing; the offsets of items are of that.
    """

    text: str
    chapters: Sequence[Sequence[Item]]
    names: Names
    teller: int | None
    counts: Mapping[int, int]
    weights: Sequence[float]

    @cached_property
    def wording(self) -> StyleCounts:
        """The words of all that is said."""
        return StyleCounts(self.text, self.all_turns())

    @classmethod
    def of(
        cls, book: Book, spans: Sequence[Span], names: Names, first_person: int | None = None
    ) -> "Casebook":
        """Read a book whose quote marks are understood."""
        text, spans = plain(book.text, spans)
        by_chapter = {
            number: list(group)
            for number, group in groupby(enumerate(spans), key=lambda pair: pair[1].chapter)
        }
        chapters = [
            turns.read(text, chapter, by_chapter.get(chapter.number, []), names)
            for chapter in book.chapters
        ]
        if first_person is None:
            first_person = first_person_narrator.find(item for items in chapters for item in items)
        counts, cast = _named(chapters), range(len(names.genders))
        often = _OFTEN if len(cast) > FEW else 0.0
        weights = [often * math.log1p(counts[who]) for who in cast]
        return cls(text, chapters, names, first_person, counts, weights)

    def turns(self, chapter: int) -> list[Turn]:
        """The turns of a chapter, counted from 0."""
        return [item for item in self.chapters[chapter] if isinstance(item, Turn)]

    def all_turns(self) -> list[Turn]:
        """The turns of all chapters, in order."""
        return [turn for number in range(len(self.chapters)) for turn in self.turns(number)]


def _named(chapters: Sequence[Sequence[Item]]) -> Counter[int]:
    """How often narration names each character."""
    counts: Counter[int] = Counter()
    for items in chapters:
        for item in items:
            if not isinstance(item, Turn):
                counts.update(who for ref in item.refs for who in ref.who)
    return counts


def observe(book: Casebook, chapter: int, guesses: Guesses) -> AttributionPass:
    """Read a chapter, with the speakers guessed so far on the reader's mind."""
    said = book.turns(chapter)
    # Of a few, whoever tells the story is always there: that `I` acts says nothing then.
    told_by = book.teller if len(book.names.genders) > FEW else None
    mind = Salience(book.names.genders, told_by, book.weights, book.names.families)
    reading = AttributionPass([], [], mind.known)
    for item in book.chapters[chapter]:
        if not isinstance(item, Turn):
            mind.narrate(item)
            continue
        index = len(reading.evidence)
        previous = said[index - 1] if index else None
        following = said[index + 1] if index + 1 < len(said) else None
        item.pair = mind.present() <= 2
        scene = Scene(
            book.text, item, previous, following, mind, book.teller, len(book.names.genders)
        )
        reading.evidence.append(gather(scene))
        reading.seen.append({w: t - mind.clock for w, t in mind.seen.items()})
        guess = guesses[index] if guesses else {}
        mind.speak({who: share for who, share in guess.items() if who >= 0})
    return reading


def first_guesses(book: Casebook, settled: Settled = _NOTHING) -> list[Guesses]:
    """The chances of each turn of each chapter by the log-linear model, two readings deep."""
    return [
        settled[chapter][0] if chapter in settled else _first_guesses(book, chapter)
        for chapter in range(len(book.chapters))
    ]


def _first_guesses(book: Casebook, chapter: int) -> Guesses:
    said, guesses = book.turns(chapter), list[Chances]()
    for _ in range(2):
        guesses = conversation.chances(said, observe(book, chapter, guesses).scores)
    return guesses


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of turns, in order; `who[i]` are turn i's candidates."""

    rows: Rows
    who: list[list[int]]
    readings: list[AttributionPass]

    def scores(self, scores: NDArray[np.float64]) -> list[dict[int, float]]:
        """The scores of the rows by turn and candidate, nobody's as rare as it is in books."""
        result, at = [], 0
        for who in self.who:
            own = scores[at : at + len(who)]
            pairs = zip(who, own, strict=True)
            result.append({one: float(score) - DOUBT * (one == NOBODY) for one, score in pairs})
            at += len(who)
        return result


def tables(
    book: Casebook, guesses: Sequence[Guesses], chapters: Iterable[int] | None = None
) -> Iterator[Table]:
    """What a learned pass is given of each chapter, or some, with `guesses` from the one before.

    One by one, since the rows of a long book fill a computer's memory.
    """
    shared = _Shared(book, guesses)
    for number in range(len(guesses)) if chapters is None else chapters:
        guess = guesses[number]
        reading = observe(book, number, guess)
        rows: list[Rows] = []
        who: list[list[int]] = []
        view = shared.view(number, reading)
        for index in range(len(guess)):
            candidates, made = features.rows(view, index)
            who.append(candidates)
            rows.append(np.array(made, dtype=np.float32))
        table = np.concatenate(rows) if rows else _NO_ROWS
        yield Table(table, who, [reading])


def tabulate(book: Casebook, guesses: Sequence[Guesses]) -> Table:
    """The tables of all chapters as one."""
    parts = list(tables(book, guesses))
    return Table(
        np.concatenate([part.rows for part in parts]),
        [who for part in parts for who in part.who],
        [reading for part in parts for reading in part.readings],
    )


def _batches(tables: Iterable[tuple[int, Table]]) -> Iterator[list[tuple[int, Table]]]:
    """Tables together until they have many rows: trees cost much a call and little a row."""
    batch: list[tuple[int, Table]] = []
    for number, table in tables:
        batch.append((number, table))
        if sum(len(one.rows) for _, one in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def settle(said: Sequence[Turn], scores: Sequence[Mapping[int, float]]) -> list[Chances]:
    """The chances of a chapter's turns by the scores of a learned pass, taken together.

    A turn with a tag of its own helps to judge the others, and is judged by itself.
    """
    together = conversation.chances(said, scores, temper=1.0, link=_LINK)
    return [
        conversation.alone(own) if any(tag.sure and tag.by for tag in turn.tags) else chances
        for turn, own, chances in zip(said, scores, together, strict=True)
    ]


class _Shared:
    """What all chapters of a book share."""

    def __init__(self, book: Casebook, guesses: Sequence[Guesses]):
        self.book, self.guesses = book, guesses
        self.spoken: defaultdict[int, float] = defaultdict(float)
        total = sum(map(len, guesses)) or 1
        heads: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        for number, chapter in enumerate(guesses):
            for turn, guess in zip(book.turns(number), chapter, strict=True):
                head = next((h for tag in turn.tags if (h := tag_nouns.head(book.text, tag))), None)
                for who, chance in guess.items():
                    self.spoken[who] += chance / total
                    if head:
                        heads[head][who] += chance
        self.heads = {head: _shares(by) for head, by in heads.items()}
        flat = [guess for chapter in guesses for guess in chapter]
        self.style = SpeakerStyle(book.wording, flat)
        self.offices = [tag_nouns.offices(character) for character in book.names.characters]

    def view(self, number: int, reading: AttributionPass) -> View:
        said, scores = self.book.turns(number), reading.scores
        return View(
            self.book.text,
            said,
            self.book.names,
            self.book.teller,
            reading.evidence,
            reading.seen,
            reading.known,
            scores,
            conversation.chances(said, scores),
            self.guesses[number],
            mentions.collect(self.book.chapters[number], reading.known),
            self.book.counts,
            self.spoken,
            self.heads,
            self.offices,
            self.style,
        )


def _shares(by: Mapping[int, float]) -> dict[int, float]:
    total = sum(by.values())
    return {who: weight / total for who, weight in by.items() if who != NOBODY}


def rank(
    book: Casebook, passes: Sequence[Scorer], settled: Settled = _NOTHING
) -> tuple[list[list[Guesses]], Mapping[int, AttributionPass]]:
    """The chances of each turn of each chapter at each reading, and the evidence in the end.

    Chapters that are `settled` by as many readings help to judge the others, and are not judged
    themselves; there is no evidence of them. A cast of a few is judged by the log-linear model.
    """
    if len(book.names.genders) <= FEW:
        passes = ()  # a scene for a few is unlike the novels that the passes were learned from
    settled = {n: guesses for n, guesses in settled.items() if len(guesses) == len(passes) + 1}
    anew = [number for number in range(len(book.chapters)) if number not in settled]
    told = [first_guesses(book, settled)]
    readings: dict[int, AttributionPass] = {}
    for scorer in passes:
        judged = {number: guesses[len(told)] for number, guesses in settled.items()}
        for number, guesses, reading in _judged(book, scorer, told[-1], anew):
            judged[number], readings[number] = guesses, reading
        told.append([judged[number] for number in range(len(book.chapters))])
    if not passes:
        readings = {number: observe(book, number, told[0][number]) for number in anew}
    return told, readings


def _judged(
    book: Casebook, scorer: Scorer, guesses: Sequence[Guesses], anew: Sequence[int]
) -> Iterator[tuple[int, Guesses, AttributionPass]]:
    """Some chapters by one learned pass: their numbers, the chances of their turns, what was read.

    All see the same `guesses`, those of the pass before.
    """
    for batch in _batches(zip(anew, tables(book, guesses, anew), strict=True)):
        scores, at = scorer(np.concatenate([table.rows for _, table in batch])), 0
        for number, table in batch:
            own = table.scores(scores[at : at + len(table.rows)])
            [reading] = table.readings
            yield number, settle(book.turns(number), own), reading
            at += len(table.rows)
