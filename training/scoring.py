"""How often speakers are right, end to end, and whether confidence means what it says."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.characters import NARRATOR, Character
from pipeline.model.script import Kind, Line, Script
from training.corpus import KINDS, Novel

_BINS = 10


def _cell() -> list[float]:
    return [0, 0, 0.0]


@dataclass(slots=True)
class Score:
    """Counts over quotations; `bins` hold right, all, and the sum of confidence."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    bins: dict[int, list[float]] = field(default_factory=lambda: defaultdict(_cell))
    missed: int = 0
    speech: int = 0
    speech_in_gold: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def percent(self, kind: str = "All") -> float:
        """How many quotations of a kind are right, in percent."""
        return 100 * self.right[kind] / self.total[kind] if self.total[kind] else 0.0

    @property
    def calibration_error(self) -> float:
        """The expected calibration error over ten bins, 0 to 1."""
        gaps = (abs(right - confidence) for right, _, confidence in self.bins.values())
        return sum(gaps) / max(1, self.total["All"])

    @property
    def sure(self) -> tuple[float, float]:
        """Of confidence 0.9 and more: the percentage of all quotations, and how many are right."""
        right, total, _ = self.bins.get(_BINS - 1, [0, 0, 0.0])
        return 100 * total / max(1, self.total["All"]), 100 * right / max(1, total)

    @property
    def missed_percent(self) -> float:
        """How many quotations the narrator was given."""
        return 100 * self.missed / max(1, self.total["All"])

    @property
    def precision(self) -> float:
        """How much of what is called speech is annotated as speech, in percent of characters."""
        return 100 * self.speech_in_gold / max(1, self.speech)


def score(novel: Novel, script: Script, cast: Sequence[Character] | None = None) -> Score:
    """Compare a script with the annotation: a quotation's speaker is who has most of it.

    With a `cast` that was found, a speaker is right who shares a name with the annotated one.
    """
    result = Score()
    known = {character.name: _names(character) for character in cast or ()}
    lines = [line for line in script if line.start is not None]
    starts = [line.start or 0 for line in lines]
    names = [character.name for character in novel.cast]
    for quotation in novel.quotations:
        cover: Counter[str] = Counter()
        confidence: dict[str, float] = {}
        for line, size in _over(lines, starts, quotation.spans):
            cover[line.speaker] += size
            confidence[line.speaker] = line.confidence if line.kind is Kind.SPEECH else 0.0
            result.speech_in_gold += size if line.kind is Kind.SPEECH else 0
        who = cover.most_common(1)[0][0] if cover else NARRATOR
        wanted = names[quotation.speaker]
        right = who == wanted
        if cast is not None:
            right = not _names(novel.cast[quotation.speaker]).isdisjoint(known.get(who, ()))
        _count(result, quotation.kind, right, confidence.get(who, 0.0))
        result.missed += who == NARRATOR
        if not right:
            result.confusions[who, wanted] += 1
    result.speech = sum(
        (line.end or 0) - (line.start or 0) for line in lines if line.kind is Kind.SPEECH
    )
    return result


def _names(character: Character) -> set[str]:
    return {name.lower() for name in (character.name, *character.aliases)}


def _count(result: Score, kind: str, right: bool, confidence: float) -> None:
    for key in ("All", kind if kind in KINDS else "Other"):
        result.right[key] += right
        result.total[key] += 1
    cell = result.bins[min(_BINS - 1, int(_BINS * confidence))]
    cell[0] += right
    cell[1] += 1
    cell[2] += confidence


def _over(
    lines: Sequence[Line], starts: Sequence[int], spans: Iterable[tuple[int, int]]
) -> Iterable[tuple[Line, int]]:
    """The lines that lie over spans of text, each with how many characters it shares."""
    for start, end in spans:
        at = max(0, bisect_right(starts, start) - 1)
        while at < len(lines) and starts[at] < end:
            size = min(end, lines[at].end or 0) - max(start, starts[at])
            if size > 0:
                yield lines[at], size
            at += 1


def add(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    total = Score()
    for one in scores:
        total.right += one.right
        total.total += one.total
        total.confusions += one.confusions
        total.missed += one.missed
        total.speech += one.speech
        total.speech_in_gold += one.speech_in_gold
        for key, cell in one.bins.items():
            total.bins[key] = [a + b for a, b in zip(total.bins[key], cell, strict=True)]
    return total
