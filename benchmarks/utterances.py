"""Whether voices speak short, odd and long utterances without fault.

usage: python -m benchmarks.utterances [--engine NAME ...] [--voice ID ...] [--rate 165]

Each utterance of `utterances.txt` is normalised, spoken, trimmed and faded as in a render. A clip
is listed if

- trimming took something of its sound above 2.5 kHz, where the consonants are;
- it sounds 1.5 times as long as others of its length, pauses aside, or 0.4 times: it babbles, or
  something is missing;
- it is silent for more than 0.8 s within;
- it begins or ends with a step, which clicks.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.audio import editing
from pipeline.core.errors import PipelineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from pipeline.tts.segmentation import utterances

MAX_LOSS = -40.0
"""dB relative to the RMS of a clip: what trimming may take from it above `CONSONANTS`. What fading
takes from the onset of eSpeak NG's vowels is -41 at most."""
CONSONANTS = 2_500.0
"""Hz, above which consonants have their energy."""
PACES = (0.4, 1.5)
"""Limits of a clip's length as a multiple of that of others of that length."""
MAX_SILENCE = 0.8
"""Seconds within a clip."""
MAX_STEP = 0.02
"""Of the peak: between two samples at either end."""

_NEIGHBOURS = 20  # utterances of the most similar length, before and after
_OVERHEAD = 4  # letters: by how much the last word of a phrase is longer
_SHORTEST = 3  # letters as which the shortest words sound: X is as long as "ecks"
_PHRASE = re.compile(r"[^.…!?,;:]*\w[^.…!?,;:]*")
_QUIET = 0.01  # of the peak: RMS of 10 ms that is silence
_END = 0.002  # seconds of an end, at which a step would click

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance as it is spoken, its clip, and that clip as it is mixed."""

    text: str
    clip: Clip
    mixed: Clip

    @property
    def length(self) -> int:
        """The length of the text in letters, as far as it decides how long a clip sounds."""
        phrases = len(_PHRASE.findall(self.text))
        words = (max(len(word), _SHORTEST) for word in re.findall(r"\w+", self.text))
        return sum(words) + _OVERHEAD * phrases


def main() -> None:
    """Speak all utterances with each voice, and print what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", action="append", choices=registry.names())
    parser.add_argument("--voice", action="append")
    parser.add_argument("--rate", type=int, default=165)
    arguments = parser.parse_args()
    for engine in arguments.engine or registry.names():
        for name in arguments.voice or [None]:
            try:
                spoken = speak(texts(), Voice(engine, name, arguments.rate))
            except PipelineError as error:
                print(f"{engine:8} {error}", flush=True)
                continue
            wrong = list(faults(spoken))
            print(f"{engine} {name or ''}: {len(spoken)} utterances, {len(wrong)} faults")
            print("\n".join(f"  {fault}" for fault in wrong), flush=True)


def texts() -> list[str]:
    """Return the utterances of the file, as they are spoken."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return [text for line in lines if not line.startswith("#") for text in utterances(line)]


def speak(spoken: Sequence[str], voice: Voice) -> list[Spoken]:
    """Speak utterances with a voice."""
    clips = ((text, registry.speak(voice.engine, text, voice)) for text in spoken)
    return [Spoken(text, clip, editing.fade(editing.trim(clip), 0.0)) for text, clip in clips]


def faults(spoken: Sequence[Spoken]) -> Iterator[str]:
    """Yield what is wrong with clips of one voice."""
    for utterance, pace in zip(spoken, relative_lengths(spoken), strict=True):
        loss, silence = consonant_loss(utterance), longest_silence(utterance.mixed)
        if loss > MAX_LOSS:
            yield f"{utterance.text!r}: {loss:.0f} dB of its consonants are cut"
        if not PACES[0] <= pace <= PACES[1]:
            yield f"{utterance.text!r}: {pace:.2f} times as long as others of its length"
        if silence > MAX_SILENCE:
            yield f"{utterance.text!r}: {silence:.2f} s of silence within"
        if end_step(utterance.mixed) > MAX_STEP:
            yield f"{utterance.text!r}: a step of {end_step(utterance.mixed):.3f} of the peak"


def relative_lengths(spoken: Sequence[Spoken]) -> list[float]:
    """Return how long each clip sounds as a multiple of clips of that length."""
    order = sorted(range(len(spoken)), key=lambda number: spoken[number].length)
    paces = [sounding(spoken[number].mixed) / spoken[number].length for number in order]
    relative = [0.0] * len(spoken)
    for place, number in enumerate(order):
        first = max(0, min(place - _NEIGHBOURS, len(order) - 2 * _NEIGHBOURS))
        nearest = paces[first : first + 2 * _NEIGHBOURS + 1]
        relative[number] = paces[place] / float(np.median(nearest))
    return relative


def consonant_loss(spoken: Spoken) -> float:
    """Return the dB, relative to the clip, of the loudest that it lost above `CONSONANTS`."""
    rest, rms = lost(spoken)
    level = band(rest, spoken.clip.rate, CONSONANTS)
    return float(20 * np.log10(max(level, 1e-6) / max(rms, 1e-6)))


def lost(spoken: Spoken) -> tuple[Samples, float]:
    """Return what trimming and fading took from a clip, and its RMS; scaled to 16 bits."""
    original, kept = samples_of(spoken.clip), samples_of(spoken.mixed)
    size = len(original) + len(kept)
    spectrum = np.fft.rfft(original, size) * np.conj(np.fft.rfft(kept, size))
    shift = int(np.argmax(np.fft.irfft(spectrum, size)))
    shift -= size if shift > len(original) else 0
    rest = np.pad(original, len(kept))
    rest[len(kept) + shift :][: len(kept)] -= kept
    return rest, float(np.sqrt(np.mean(original**2)))


def band(samples: Samples, rate: int, low: float) -> float:
    """Return the loudest RMS of 10 ms of what lies above `low` Hz."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / rate) < low] = 0
    return float(_levels(np.fft.irfft(spectrum, len(samples)), rate).max())


def sounding(clip: Clip) -> float:
    """Return the seconds of a clip that are not silent."""
    levels = _levels(samples_of(clip), clip.rate)
    return float(np.sum(levels > _QUIET * levels.max(initial=0.0))) / 100


def longest_silence(clip: Clip) -> float:
    """Return the seconds of the longest silence within a clip."""
    levels = _levels(samples_of(clip), clip.rate)
    if not len(levels):
        return 0.0
    loud = np.flatnonzero(levels > _QUIET * levels.max())
    return float(np.diff(loud, prepend=loud[0]).max() - 1) / 100


def end_step(clip: Clip) -> float:
    """Return the largest step between samples at either end, as a share of the peak."""
    samples = samples_of(clip)
    ends = round(_END * clip.rate)
    steps = np.abs(np.diff(samples, prepend=0.0, append=0.0))
    peak = np.abs(samples).max(initial=1.0)
    return float(max(steps[:ends].max(initial=0.0), steps[-ends:].max(initial=0.0)) / peak)


def samples_of(clip: Clip) -> Samples:
    """Return the samples of a clip, scaled to 16 bits."""
    return np.frombuffer(clip.pcm, "<i2").astype(float)


def _levels(samples: Samples, rate: int) -> Samples:
    """Return the RMS of each 10 ms."""
    size = rate // 100
    steps = samples[: len(samples) // size * size].reshape(-1, size)
    return np.asarray(np.sqrt(np.square(steps).mean(axis=1)))


if __name__ == "__main__":
    main()
