"""Which words of its text a clip holds, by pocketsphinx's English acoustic model.

Runs in a worker process. Two searches over one clip: one in which each word may be left out, at a
cost, and one in which none may be. A word is missing when the first leaves it out and the second
can give it no more time than a word takes that is not there. Each alone gives more false alarms:
the first where a voice has another accent, the second in short words that are slurred.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.editing import resample, trim
from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip

RATE = 16_000
"""Hz that the acoustic model is for."""
FRAME = 160
"""Samples of a frame of the aligner: a hundredth of a second."""
LEFT_OUT = 1e-20
"""Probability of leaving a word out: rare enough that a voice's accent does not."""
SQUEEZED = 4.0
"""Frames a phoneme, at most, of a word that is not there: three is the least that there can be, and
half of all words that were spoken have over seven. At five, 84 of 100 words that nobody said are
found and not 80, and twice as many clips that are good are doubted (docs/voices.md)."""
UNJUDGED = {"a"}
"""Words that tell nothing when they alone are not heard: a schwa is lost in its neighbours. Of 21
that were left out two were found."""
LOUD = 0.15
"""Of the clip's RMS: over this a frame that belongs to no word is sound and no pause."""
_EDGE = 3  # frames beside a word that are its own beginning and end

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_IPA = re.compile(r"(\[\[.*?\]\])")
_FORM = re.compile(r"\(\d+\)$")  # another way of saying a word has its number behind it

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """What was heard of a text in a clip.

    `words` are those that the dictionary has, `unknown` those that it has not, `missing` those that
    were not heard. `phones` counts the phonemes of all that are known, `seconds` is the clip's
    length without the silence at its ends, `stray` how much sound is in it that belongs to no word,
    `misfit` how ill the words fit the sound on the whole: 0 is best, 1 is worst.
    """

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    phones: int
    seconds: float
    stray: float
    misfit: float = 0.0


def hear(text: str, clip: Clip) -> WordAlignment:
    """Align a clip with its text; EngineError when pocketsphinx is not installed."""
    decoder = _decoder()
    spoken = words(text)
    listed = [_listed(decoder, word) for word in spoken]
    known = [word for word in listed if word]
    unknown = tuple(word for word, form in zip(spoken, listed, strict=True) if not form)
    sound = resample(trim(clip), RATE)
    samples: Samples = np.frombuffer(sound.pcm, dtype="<i2")
    phones = sum(_phones(decoder, word) for word in known)
    if not known or not len(samples):
        return WordAlignment(tuple(known), unknown, tuple(known), phones, sound.seconds, 0.0)
    free = _search(decoder, samples, known, LEFT_OUT)
    return WordAlignment(
        words=tuple(known),
        unknown=unknown,
        missing=_missing(decoder, samples, known, free),
        phones=phones,
        seconds=sound.seconds,
        stray=_stray(samples, free),
        misfit=_misfit(free),
    )


def words(text: str) -> list[str]:
    """Give the words of a text as the dictionary spells them, and those in IPA as they stand."""
    found: list[str] = []
    for number, part in enumerate(_IPA.split(text)):
        if number % 2:
            found.append(part)
            continue
        plain = unicodedata.normalize("NFKD", part).replace("’", "'").lower()
        found += _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return found


@cache
def _decoder() -> Any:
    try:
        from pocketsphinx import Decoder, get_model_path  # noqa: PLC0415 - an extra
    except ImportError as error:
        remedy = "install it with: pip install 'fullcast[words]'"
        raise EngineError.of("pocketsphinx is not installed", remedy=remedy) from error
    return Decoder(
        hmm=get_model_path("en-us/en-us"),
        dict=get_model_path("en-us/cmudict-en-us.dict"),
        lm=None,
        loglevel="FATAL",
        bestpath=False,
        # Its own beams lose the way in a third of what eSpeak's British voice says.
        beam=1e-100,
        pbeam=1e-100,
        wbeam=1e-80,
        maxhmmpf=-1,
    )


def _listed(decoder: Any, word: str) -> str:
    """Give a word as the dictionary has it: a possessive may stand there without its ending."""
    plain = word.removesuffix("'s")
    return next((form for form in (word, plain) if decoder.lookup_word(form)), "")


def _phones(decoder: Any, word: str) -> int:
    return len(decoder.lookup_word(word).split())


def _search(decoder: Any, samples: Samples, known: list[str], left_out: float) -> list[Any]:
    """Find the best way through the words; without `left_out`, through all of them.

    Gives segments with `word`, `start_frame` and `end_frame`; none when there is no way.
    """
    steps: list[tuple[object, ...]] = []
    for number, word in enumerate(known):
        steps.append((number, number + 1, 1.0, word))
        if left_out:
            steps.append((number, number + 1, left_out))
    decoder.add_fsg("words", decoder.create_fsg("words", 0, len(known), steps))
    decoder.activate_search("words")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    return list(decoder.seg()) if decoder.hyp() else []


def _spoken(segments: list[Any]) -> list[Any]:
    """Give the segments that are words, and not pauses or noises."""
    return [segment for segment in segments if segment.word[0] not in "<[(+"]


def _missing(decoder: Any, samples: Samples, known: list[str], free: list[Any]) -> tuple[str, ...]:
    heard = [_FORM.sub("", segment.word) for segment in _spoken(free)]
    there: set[int] = set()
    for block in SequenceMatcher(None, known, heard, autojunk=False).get_matching_blocks():
        there.update(range(block.a, block.a + block.size))
    absent = [number for number in range(len(known)) if number not in there]
    if not absent:
        return ()
    forced = _spoken(_search(decoder, samples, known, 0.0))
    if len(forced) == len(known):
        absent = [number for number in absent if _squeezed(decoder, forced[number])]
    missing = tuple(known[number] for number in absent)
    lone = set(missing) <= UNJUDGED and len(missing) < len(known)
    return () if lone else missing


def _squeezed(decoder: Any, segment: Any) -> bool:
    frames = segment.end_frame - segment.start_frame + 1
    return bool(frames / _phones(decoder, segment.word) <= SQUEEZED)


def _misfit(free: list[Any]) -> float:
    """Give what the decoder's own probabilities of the words lack to 1, on average."""
    said = [float(segment.prob) for segment in _spoken(free)]
    return 1 - sum(said) / len(said) if said else 1.0


def _stray(samples: Samples, free: list[Any]) -> float:
    """Give the seconds of sound between the words."""
    frames = samples[: len(samples) // FRAME * FRAME].astype(np.float64).reshape(-1, FRAME)
    levels = np.sqrt(np.square(frames).mean(axis=1))
    loud = levels > LOUD * np.sqrt(np.square(frames).mean()) if len(levels) else levels > 0
    said = _spoken(free)
    edges = [0, *(e for s in said for e in (s.start_frame, s.end_frame + 1)), len(loud)]
    gaps = list(pairwise(edges))[::2]
    inner = [loud[start + _EDGE : max(start, end - _EDGE)] for start, end in gaps]
    return sum(int(gap.sum()) for gap in inner) * FRAME / RATE
