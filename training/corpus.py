"""Annotated novels: folders in the form of the Project Dialogism Novel Corpus (PDNC).

Each holds `novel_text.txt`, `quotation_info.csv` and `character_info.csv`.
"""

import ast
import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.dialogue.attribution import turns
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.quotations.spans import Span
from pipeline.ingest.reader import read
from pipeline.model.book import Book
from pipeline.model.characters import Character, Gender

_GENDERS = {"M": Gender.MALE, "F": Gender.FEMALE}
KINDS = ("Explicit", "Anaphoric", "Implicit")
AUTHORS = {
    "APassageToIndia": "Forster", "ARoomWithAView": "Forster", "HowardsEnd": "Forster",
    "WhereAngelsFearToTread": "Forster",
    "Emma": "Austen", "MansfieldPark": "Austen", "NorthangerAbbey": "Austen",
    "Persuasion": "Austen", "PrideAndPrejudice": "Austen", "SenseAndSensibility": "Austen",
    "TheMysteriousAffairAtStyles": "Christie", "TheSignOfTheFour": "Doyle",
    "TheManWhoWasThursday": "Chesterton", "NightAndDay": "Woolf", "MrsDalloway": "Woolf",
}  # fmt: skip
"""Whose the novels are that are not their author's only one; the others stand for themselves."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """An annotated quotation: its spans, its speaker (a place in the cast) and its kind."""

    spans: tuple[tuple[int, int], ...]
    speaker: int
    kind: str


@dataclass(frozen=True, slots=True)
class Novel:
    """An annotated novel; `cast` is all characters with a name."""

    name: str
    book: Book
    cast: tuple[Character, ...]
    quotations: tuple[Quotation, ...]

    @property
    def author(self) -> str:
        """Whose novel it is, or its own name."""
        return AUTHORS.get(self.name, self.name)


def load(folder: Path) -> Novel:
    """Read one novel and its annotation."""
    csv.field_size_limit(10**9)
    cast = tuple(_characters(folder / "character_info.csv"))
    quotations = tuple(_quotations(folder / "quotation_info.csv", cast))
    return Novel(folder.name, read(folder / "novel_text.txt"), cast, quotations)


def folders(corpus: Path) -> list[Path]:
    """The novels of a copy of the corpus."""
    return sorted(path.parent for path in corpus.glob("*/quotation_info.csv"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _characters(path: Path) -> Iterator[Character]:
    for row in _rows(path):
        name = row["Main Name"].strip()
        if not name.startswith("_"):
            aliases = {alias.strip() for alias in ast.literal_eval(row["Aliases"])} - {name}
            yield Character(name, tuple(sorted(aliases)), _GENDERS.get(row["Gender"]))


def _quotations(path: Path, cast: Sequence[Character]) -> Iterator[Quotation]:
    """All quotations but those of the placeholders."""
    known: dict[str, int] = {}
    for index, character in enumerate(cast):
        for name in (character.name, *character.aliases):
            known.setdefault(name.lower(), index)
    first = {character.name: index for index, character in reversed(list(enumerate(cast)))}
    for row in _rows(path):
        speaker = known.get(row["speaker"].strip().lower())
        if speaker is not None:
            spans = tuple(sorted(map(tuple, ast.literal_eval(row["quoteByteSpans"]))))
            yield Quotation(spans, first[cast[speaker].name], row["quoteType"])


def truth(
    quotations: Sequence[Quotation], said: Sequence[Turn], cut: Sequence[Span]
) -> list[int | None]:
    """Who speaks each turn by the annotation, None where it names nobody; `cut` are all spans."""
    spans = sorted((a, b, q.speaker) for q in quotations for a, b in q.spans)
    starts = [start for start, _, _ in spans]
    result: list[int | None] = []
    for turn in said:
        covers: Counter[int] = Counter()
        for speech in map(cut.__getitem__, turn.spans):
            at = max(0, bisect_right(starts, speech.start) - 1)
            while at < len(spans) and spans[at][0] < speech.end:
                start, end, who = spans[at]
                covers[who] += max(0, min(end, speech.end) - max(start, speech.start))
                at += 1
        best = covers.most_common(1)
        result.append(best[0][0] if best and best[0][1] else None)
    return result


__all__ = ["KINDS", "Novel", "Quotation", "folders", "load", "truth", "turns"]
