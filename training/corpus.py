"""Annotated novels: folders in the form of the Project Dialogism Novel Corpus (PDNC).

Each has `novel_text.txt`, `quotation_info.csv` and `character_info.csv`.
"""

import ast
import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.quotations.spans import Span
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Character, Gender

KINDS = ("Explicit", "Anaphoric", "Implicit")
AUTHORS = {
    "APassageToIndia": "Forster", "ARoomWithAView": "Forster", "HowardsEnd": "Forster",
    "WhereAngelsFearToTread": "Forster",
    "Emma": "Austen", "MansfieldPark": "Austen", "NorthangerAbbey": "Austen",
    "Persuasion": "Austen", "PrideAndPrejudice": "Austen", "SenseAndSensibility": "Austen",
    "TheMysteriousAffairAtStyles": "Christie", "TheSignOfTheFour": "Doyle",
    "TheManWhoWasThursday": "Chesterton", "NightAndDay": "Woolf", "MrsDalloway": "Woolf",
}  # fmt: skip
"""The authors with several novels in the corpus; other novels are their author's only one."""
_GENDERS = {"M": Gender.MALE, "F": Gender.FEMALE}


@dataclass(frozen=True, slots=True)
class Quotation:
    """An annotated quotation: its spans, its speaker (an index in the cast) and its kind."""

    spans: tuple[tuple[int, int], ...]
    speaker: int
    kind: str


@dataclass(frozen=True, slots=True)
class Novel:
    """An annotated novel, or a scene of contemporary fiction.

    `author` is the novel's name where it is the author's only one; `cast` is all characters with a
    name.
    """

    name: str
    author: str
    book: Book
    cast: tuple[Character, ...]
    quotations: tuple[Quotation, ...]
    is_scene: bool = False


def load(folder: Path) -> Novel:
    """Read one novel and its annotation."""
    csv.field_size_limit(10**9)
    cast = tuple(_characters(folder / "character_info.csv"))
    name = folder.name
    book = read(folder / "novel_text.txt")
    quotations = in_text(_quotations(folder / "quotation_info.csv", cast), book)
    return Novel(name, AUTHORS.get(name, name), book, cast, quotations)


def novel_folders(corpus: Path) -> list[Path]:
    """Return the folders of the novels in a copy of the corpus."""
    return sorted(path.parent for path in corpus.glob("*/quotation_info.csv"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _characters(path: Path) -> Iterator[Character]:
    """Yield the characters but for the corpus's placeholders, whose names begin with `_`."""
    for row in _rows(path):
        name = row["Main Name"].strip()
        if not name.startswith("_"):
            aliases = {alias.strip() for alias in ast.literal_eval(row["Aliases"])} - {name}
            yield Character(name, tuple(sorted(aliases)), _GENDERS.get(row["Gender"]))


def _quotations(path: Path, cast: Sequence[Character]) -> Iterator[Quotation]:
    """Yield the quotations whose speaker is in the cast."""
    by_name: dict[str, int] = {}
    for index, character in enumerate(cast):
        for name in (character.name, *character.aliases):
            by_name.setdefault(name.lower(), index)
    # A name that two characters have counts for the first.
    first = {character.name: index for index, character in reversed(list(enumerate(cast)))}
    for row in _rows(path):
        speaker = by_name.get(row["speaker"].strip().lower())
        if speaker is not None:
            spans = tuple(sorted(map(tuple, ast.literal_eval(row["quoteByteSpans"]))))
            yield Quotation(spans, first[cast[speaker].name], row["quoteType"])


def lower_names(character: Character) -> set[str]:
    """Return all names of a character in lower case."""
    return {name.lower() for name in (character.name, *character.aliases)}


def in_text(quotations: Iterable[Quotation], book: Book) -> tuple[Quotation, ...]:
    """Return quotations at offsets in the file as such at offsets in the text that is read."""
    source = book.source
    if source is None:
        return tuple(quotations)
    return tuple(
        replace(
            quotation,
            spans=tuple(
                (source.offset_of(start), source.offset_of(end)) for start, end in quotation.spans
            ),
        )
        for quotation in quotations
    )


def turn_speakers(
    quotations: Sequence[Quotation], turns: Sequence[Turn], spans: Sequence[Span]
) -> list[int | None]:
    """Return the annotated speaker of each turn, None where no quotation overlaps it.

    `spans` are all spans of the book, which the turns refer to by index.
    """
    annotated = sorted((start, end, q.speaker) for q in quotations for start, end in q.spans)
    starts = [start for start, _, _ in annotated]
    speakers: list[int | None] = []
    for turn in turns:
        overlaps: Counter[int] = Counter()
        for speech in map(spans.__getitem__, turn.spans):
            at = max(0, bisect_right(starts, speech.start) - 1)
            while at < len(annotated) and starts[at] < speech.end:
                start, end, speaker = annotated[at]
                overlaps[speaker] += max(0, min(end, speech.end) - max(start, speech.start))
                at += 1
        best = overlaps.most_common(1)
        speakers.append(best[0][0] if best and best[0][1] else None)
    return speakers
