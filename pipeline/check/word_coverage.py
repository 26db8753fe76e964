"""Whether a clip holds the words of its text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check.alignment import WordAlignment

SLOW, FAST = 1.7, 0.6
"""Of a voice's usual time for a phoneme: outside of these a length is out of proportion."""


FEW_PHONES = 12
"""Phonemes under which a length tells nothing: a single word may be drawn out."""


STRAY = 0.7
"""Seconds of sound that belongs to no word, from which on the clip says something else."""


MISFIT = 2.0
"""Times a voice's usual misfit, from which on a clip says something else."""


NAMED = 8
"""Words that are named at most, of those that were not heard."""


@dataclass(frozen=True, slots=True)
class DoubtfulClip:
    """A clip that does not fit its text: where the line stands, who says it, what is wrong.

    `outcome` is what came of speaking it again: `fits now`, `still does not fit`, or `is spoken the
    same each time`, which is the voice's own way of saying it, to be judged by ear.
    """

    place: str
    speaker: str
    voice: str
    text: str
    wrong: str
    outcome: str

    @property
    def settled(self) -> bool:
        """Whether the clip is good now."""
        return self.outcome == FITS


FITS, STILL, SAME = "fits now", "still does not fit", "is spoken the same each time"


@dataclass(frozen=True, slots=True)
class UsualFit:
    """What is usual for a voice: seconds a phoneme, and how ill its words fit their sound."""

    pace: float
    misfit: float


def judge(hearing: WordAlignment, usual: UsualFit | None) -> str:
    """Say what is wrong with a clip; nothing when it fits. `usual` is what its voice is like."""
    if not hearing.words:
        return ""  # there is not one that can be checked
    if hearing.missing:
        more = ", ..." if len(hearing.missing) > NAMED else ""
        return f"not heard: {', '.join(hearing.missing[:NAMED])}{more}"
    if hearing.unknown:
        return ""  # their sound is nobody's, and their length is not known
    if hearing.stray >= STRAY:
        return f"{hearing.stray:.1f} s of sound that is no word of the text"
    if usual is None or hearing.phones < FEW_PHONES:
        return ""
    return _unlike(hearing, usual)


def _unlike(hearing: WordAlignment, usual: UsualFit) -> str:
    ratio = hearing.seconds / hearing.phones / usual.pace
    if not FAST <= ratio <= SLOW:
        return f"lasts {ratio:.1f} times as long as this voice takes for such a text"
    if hearing.misfit > MISFIT * usual.misfit:
        return "does not sound like its text"
    return ""


def frequent(unknown: dict[str, int], most: int = 8) -> Iterator[str]:
    """Give the unknown words that occur most."""
    yield from (word for word, _ in Counter(unknown).most_common(most))
