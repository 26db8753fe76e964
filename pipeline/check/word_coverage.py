"""Deciding by alignments which clips may not contain the words of their text.

A clip is compared with what is usual for its voice, as an aligner fits some voices better than
others. If it fits too few clips of a voice, the voice itself is reported instead of its clips.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.check.alignment import WordAlignment
from pipeline.model.script import Line
from pipeline.model.voice import Voice
from pipeline.synthesis.takes import Take

MAX_PACE, MIN_PACE = 1.7, 0.6
"""Relative to a voice's usual seconds per phoneme: outside these a clip is out of proportion."""
MIN_PHONEMES = 12
"""Phonemes below which the length of a clip means nothing: a single word may be drawn out."""
MAX_STRAY = 0.7
"""Seconds of sound belonging to no word, from which on a clip says something else."""
MAX_MISFIT = 2.0
"""Relative to a voice's usual misfit: beyond it a clip says something else."""
MAX_NAMED = 8
"""Missing words named in a message."""
MAX_DOUBTFUL = 0.12
"""Share of a voice's clips in doubt beyond which it is the aligner that does not fit the voice."""
MIN_CLIPS = 10
"""Clips of a voice needed to conclude that."""

FITS, STILL, SAME = "fits now", "still does not fit", "is spoken the same each time"
"""The outcomes of a retake."""


@dataclass(frozen=True, slots=True)
class AlignedTake:
    """A take, the first line that contains it, and the alignment of its clip.

    `recognised` is whether the recogniser decided which words are missing.
    """

    line: Line
    take: Take
    alignment: WordAlignment
    recognised: bool = False

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The words that nothing was found out about; nobody knows how IPA is spelled."""
        unknown = self.alignment.unknown
        return tuple(w for w in unknown if not self.recognised or w.startswith("[["))


@dataclass(frozen=True, slots=True)
class DoubtfulClip:
    """A clip that does not fit its text: the place of its line, the speaker, what is wrong.

    `outcome` is that of its retake. `SAME` means that this is how the voice speaks the text, for a
    listener to decide on.
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


@dataclass(frozen=True, slots=True)
class VoiceBaseline:
    """What is usual for a voice: seconds per phoneme, and the misfit of its alignments."""

    pace: float
    misfit: float


def voice_baselines(aligned: Iterable[AlignedTake]) -> dict[Voice, VoiceBaseline]:
    """Return the baseline of each voice, from its longer clips without unknown words."""
    usable: defaultdict[Voice, list[WordAlignment]] = defaultdict(list)
    for item in aligned:
        if item.alignment.phonemes >= MIN_PHONEMES and not item.alignment.unknown:
            usable[item.take.voice].append(item.alignment)
    return {
        voice: VoiceBaseline(
            pace=median(alignment.seconds / alignment.phonemes for alignment in alignments),
            misfit=median(alignment.misfit for alignment in alignments),
        )
        for voice, alignments in usable.items()
    }


def find_defects(aligned: Sequence[AlignedTake]) -> list[tuple[AlignedTake, str]]:
    """Return the takes whose clips do not fit their text, with what is wrong."""
    baselines = voice_baselines(aligned)
    defects = ((item, defect(item.alignment, baselines.get(item.take.voice))) for item in aligned)
    return [(item, wrong) for item, wrong in defects if wrong]


def unalignable_voices(
    aligned: Iterable[AlignedTake], defects: Iterable[tuple[AlignedTake, str]]
) -> dict[str, tuple[int, int]]:
    """Return the voices that the aligner cannot follow, by label: all clips and those in doubt."""
    clips = Counter(item.take.voice.label for item in aligned)
    doubtful = Counter(item.take.voice.label for item, _ in defects)
    return {
        voice: (number, doubtful[voice])
        for voice, number in clips.items()
        if number >= MIN_CLIPS and doubtful[voice] > MAX_DOUBTFUL * number
    }


def defect(alignment: WordAlignment, baseline: VoiceBaseline | None) -> str:
    """Return what is wrong with a clip; empty if it fits its text.

    Without a `baseline` its length and its overall fit are not checked.
    """
    if not alignment.words:
        return ""  # no word can be checked
    if alignment.missing:
        more = ", ..." if len(alignment.missing) > MAX_NAMED else ""
        return f"not heard: {', '.join(alignment.missing[:MAX_NAMED])}{more}"
    if alignment.unknown:
        return ""  # their sound would count as stray, and their length is unknown
    if alignment.stray >= MAX_STRAY:
        return f"{alignment.stray:.1f} s of sound that is no word of the text"
    if baseline is None or alignment.phonemes < MIN_PHONEMES:
        return ""
    return _deviation(alignment, baseline)


def _deviation(alignment: WordAlignment, baseline: VoiceBaseline) -> str:
    ratio = alignment.seconds / alignment.phonemes / baseline.pace
    if not MIN_PACE <= ratio <= MAX_PACE:
        return f"lasts {ratio:.1f} times as long as this voice takes for such a text"
    if alignment.misfit > MAX_MISFIT * baseline.misfit:
        return "does not sound like its text"
    return ""


def most_frequent(words: Mapping[str, int], limit: int = 8) -> Iterator[str]:
    """Yield the most frequent words, given how often each occurs."""
    yield from (word for word, _ in Counter(words).most_common(limit))
