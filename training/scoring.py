"""Scores of a script against annotation: how many speakers are right, and calibration."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model.characters import NARRATOR, Character
from pipeline.model.script import Kind, Line, Script
from training.corpus import KINDS, Novel, lower_names

_BINS = 10


def _empty_bin() -> list[float]:
    return [0, 0, 0.0]


@dataclass(slots=True)
class Score:
    """Counts over quotations; each of `bins` has right, all, and the sum of confidence.

    `missed` are quotations given to the narrator. `parts` counts the pieces of broken quotations
    one by one, and `right_parts` those of them that are right. `speech` and `annotated_speech`
    count the characters of text in speeches, and those of them that are annotated.
    """

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    bins: dict[int, list[float]] = field(default_factory=lambda: defaultdict(_empty_bin))
    missed: int = 0
    parts: int = 0
    right_parts: int = 0
    speech: int = 0
    annotated_speech: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def percent(self, kind: str = "All") -> float:
        """Return how many quotations of a kind are right, in percent."""
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
        """The percentage of quotations given to the narrator."""
        return 100 * self.missed / max(1, self.total["All"])

    @property
    def parts_percent(self) -> float:
        """The percentage of the pieces of quotations that are right."""
        return 100 * self.right_parts / max(1, self.parts)

    @property
    def precision(self) -> float:
        """The percentage of the text in speeches that is annotated as speech."""
        return 100 * self.annotated_speech / max(1, self.speech)

    def count(self, kind: str, right: bool, confidence: float) -> None:
        """Count one quotation."""
        for key in ("All", kind if kind in KINDS else "Other"):
            self.right[key] += right
            self.total[key] += 1
        own = self.bins[min(_BINS - 1, int(_BINS * confidence))]
        own[0] += right
        own[1] += 1
        own[2] += confidence


def score(novel: Novel, script: Script, cast: Sequence[Character] | None = None) -> Score:
    """Compare a script with the annotation: a quotation's speaker is whoever has most of it.

    With the `cast` that fullcast identified, a speaker who shares a name with the annotated one is
    right.
    """
    result = Score()
    names = None if cast is None else {character.name: lower_names(character) for character in cast}
    lines = [line for line in script if line.start is not None]
    starts = [line.start or 0 for line in lines]
    for quotation in novel.quotations:
        overlaps = list(_overlapping(lines, starts, quotation.spans))
        speaker, confidence = _main_speaker(overlaps)
        annotated = novel.cast[quotation.speaker]
        right = _is_right(speaker, annotated, names)
        result.count(quotation.kind, right, confidence)
        for span in quotation.spans:
            part_speaker, _ = _main_speaker(_overlapping(lines, starts, [span]))
            result.parts += 1
            result.right_parts += _is_right(part_speaker, annotated, names)
        result.annotated_speech += _speech_size(overlaps)
        result.missed += speaker == NARRATOR
        if not right:
            result.confusions[speaker, annotated.name] += 1
    speeches = (line for line in lines if line.kind is Kind.SPEECH)
    result.speech = sum((line.end or 0) - (line.start or 0) for line in speeches)
    return result


def _is_right(
    speaker: str, annotated: Character, names: Mapping[str, Container[str]] | None
) -> bool:
    """Return whether a speaker is the annotated one, by the names of identified characters."""
    if names is None:
        return speaker == annotated.name
    return any(name in names.get(speaker, ()) for name in lower_names(annotated))


def _overlapping(
    lines: Sequence[Line], starts: Sequence[int], spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[Line, int]]:
    """Yield the lines over spans of text, each with how many characters it shares with one."""
    for start, end in spans:
        at = max(0, bisect_right(starts, start) - 1)
        while at < len(lines) and starts[at] < end:
            size = min(end, lines[at].end or 0) - max(start, starts[at])
            if size > 0:
                yield lines[at], size
            at += 1


def _speech_size(overlaps: Iterable[tuple[Line, int]]) -> int:
    return sum(size for line, size in overlaps if line.kind is Kind.SPEECH)


def _main_speaker(overlaps: Iterable[tuple[Line, int]]) -> tuple[str, float]:
    """Return the speaker of most of a quotation, and the confidence of their last line in it."""
    sizes: Counter[str] = Counter()
    confidence: dict[str, float] = {}
    for line, size in overlaps:
        sizes[line.speaker] += size
        confidence[line.speaker] = line.confidence if line.kind is Kind.SPEECH else 0.0
    if not sizes:
        return NARRATOR, 0.0
    speaker = sizes.most_common(1)[0][0]
    return speaker, confidence[speaker]


def add(scores: Iterable[Score]) -> Score:
    """Return the sum of scores."""
    total = Score()
    for score in scores:
        total.right += score.right
        total.total += score.total
        total.confusions += score.confusions
        total.missed += score.missed
        total.parts += score.parts
        total.right_parts += score.right_parts
        total.speech += score.speech
        total.annotated_speech += score.annotated_speech
        for key, own in score.bins.items():
            total.bins[key] = [a + b for a, b in zip(total.bins[key], own, strict=True)]
    return total
