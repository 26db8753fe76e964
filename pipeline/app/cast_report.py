"""How much each role of a cast speaks, in which voice, and how certainly it is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.casting.voice_figures import voice_figures
from pipeline.model.cast import Cast
from pipeline.model.characters import NARRATOR
from pipeline.model.script import Kind, Line, Script


@dataclass(slots=True)
class SpeakerTotals:
    """What one speaker of a script says: `doubts` of the lines have a doubtful speaker."""

    lines: int = 0
    words: int = 0
    doubts: int = 0

    def add(self, line: Line) -> None:
        """Count a line."""
        self.lines += 1
        self.words += len(line.text.split())
        self.doubts += line.is_doubtful


@dataclass(frozen=True, slots=True)
class CastReport:
    """The totals of each speaker, the narrator first, then by lines; and who has none."""

    cast: Cast
    speakers: dict[str, SpeakerTotals]
    silent: tuple[str, ...]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a heading, then for each speaker the role, voice, lines, share and doubts.

        After the voice are its figures: words that a recogniser gets wrong, and quality.
        """
        words = sum(totals.words for totals in self.speakers.values())
        yield "role", "voice", "unclear", "quality", "lines", "words", "doubts"
        for name, totals in self.speakers.items():
            voice = self.cast.role(name).voice
            figures = voice_figures(voice)
            share = f"{totals.words / max(1, words):.1%}"
            counts = f"{totals.lines:,}", share, f"{totals.doubts:,}"
            yield name, voice.settings, figures.wrong_label, figures.quality_label, *counts


def cast_report(script: Script, cast: Cast) -> CastReport:
    """Count the lines, words and doubts of each speaker."""
    speakers: dict[str, SpeakerTotals] = {}
    for line in script:
        speakers.setdefault(line.speaker, SpeakerTotals()).add(line)
    ordered = sorted(speakers.items(), key=lambda item: (item[0] != NARRATOR, -item[1].lines))
    silent = () if cast.one_voice else tuple(name for name in cast.roles if name not in speakers)
    return CastReport(cast, dict(ordered), silent)


def count_doubts(lines: Iterable[Line]) -> tuple[int, int]:
    """Return the numbers of doubtful speeches and of all speeches."""
    speeches = [line for line in lines if line.kind is Kind.SPEECH]
    return sum(line.is_doubtful for line in speeches), len(speeches)
