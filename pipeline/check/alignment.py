"""Forced alignment of a clip with its text, by pocketsphinx's English acoustic model.

Runs in a worker process. Each clip is searched twice: once where every word may be skipped, at a
cost, and once where none may. A word is missing if the first search skips it and the second can
give it no more time than an absent word takes. Either search alone raises more false alarms: the
first on a voice with another accent, the second on short words that are slurred.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.editing import resample, trim
from pipeline.core.errors import EngineError
from pipeline.core.install_hint import pip_install
from pipeline.model.clip import Clip

RATE = 16_000
"""Hz: the sample rate of the acoustic model."""
FRAME = 160
"""Samples of a frame of the aligner: a hundredth of a second."""
SKIP_PROBABILITY = 1e-20
"""Probability of skipping a word: so low that a voice's accent does not cause it."""
MAX_SQUEEZED = 4.0
"""Frames per phoneme, at most, of a word that is absent: three is the least possible, and half of
all spoken words have over seven. With five, 84 of 100 absent words are found rather than 80, and
twice as many good clips are doubted (docs/voices.md)."""
MAX_SUSPECT = 8.0
"""Likewise of a word that may be absent: whether it is, the recogniser decides."""
IGNORED = {"a"}
"""Words that mean nothing if they alone are missing: a schwa is lost in its neighbours. Of 21 that
were left out two were found."""
LOUD = 0.15
"""Share of the clip's RMS above which a frame that belongs to no word is sound and no pause."""
_LONGEST_PAUSE = 80  # frames: a longer one counts as time that the words take
_EDGE = 3  # frames next to a word that are its own beginning and end

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_IPA = re.compile(r"(\[\[.*?\]\])")
_PRONUNCIATION_NUMBER = re.compile(r"\(\d+\)$")  # follows a word pronounced another way

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """The words of a text that were found in a clip.

    `words` are those in the dictionary, `unknown` those that are not, `missing` those that were not
    found in the clip, `suspects` these and others of which that is less sure. `phonemes` is the
    number of phonemes in `words`. `seconds` is the length of the clip without the silence at its
    ends and the pauses between words, up to 0.8 s of each; `stray` is the length of the sound that
    belongs to no word. `misfit` is how badly the words fit the sound overall, from 0 (best) to 1.
    """

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    phonemes: int
    seconds: float
    stray: float
    misfit: float = 0.0
    suspects: tuple[str, ...] = ()


def align(text: str, clip: Clip) -> WordAlignment:
    """Align a clip with its text; raise EngineError if pocketsphinx is not installed."""
    decoder = _decoder()
    all_words = words(text)
    entries = [_dictionary_entry(decoder, word) for word in all_words]
    known = [entry for entry in entries if entry]
    unknown = tuple(word for word, entry in zip(all_words, entries, strict=True) if not entry)
    audio = resample(trim(clip), RATE)
    samples: Samples = np.frombuffer(audio.pcm, dtype="<i2")
    phonemes = sum(_phoneme_count(decoder, word) for word in known)
    if not known or not len(samples):
        return WordAlignment(tuple(known), unknown, tuple(known), phonemes, audio.seconds, 0.0)
    segments = _search(decoder, samples, known, SKIP_PROBABILITY)
    room = _room_of_skipped(decoder, samples, known, segments)
    stray, pauses = _between_words(samples, segments)
    return WordAlignment(
        words=tuple(known),
        unknown=unknown,
        missing=_within(known, room, MAX_SQUEEZED),
        phonemes=phonemes,
        seconds=audio.seconds - pauses,
        stray=stray,
        misfit=_misfit(segments),
        suspects=_within(known, room, MAX_SUSPECT),
    )


def words(text: str) -> list[str]:
    """Return the words of a text as the dictionary spells them; IPA is left as it is."""
    result: list[str] = []
    for number, part in enumerate(_IPA.split(text)):
        if number % 2:
            result.append(part)
            continue
        plain = unicodedata.normalize("NFKD", part).replace("’", "'").lower()
        result += _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return result


def known_and_ipa(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the words of a text that are spelled, and those in IPA."""
    every = words(text)
    ipa = tuple(word for word in every if word.startswith("[["))
    return [word for word in every if not word.startswith("[[")], ipa


@cache
def _decoder() -> Any:
    try:
        from pocketsphinx import Decoder, get_model_path  # noqa: PLC0415 - an extra
    except ImportError as error:
        remedy = f"install it with: {pip_install('words')}"
        raise EngineError.of("pocketsphinx is not installed", remedy=remedy) from error
    return Decoder(
        hmm=get_model_path("en-us/en-us"),
        dict=get_model_path("en-us/cmudict-en-us.dict"),
        lm=None,
        loglevel="FATAL",
        bestpath=False,
        # With its default beams it loses track in a third of what eSpeak's British voice says.
        beam=1e-100,
        pbeam=1e-100,
        wbeam=1e-80,
        maxhmmpf=-1,
    )


def _dictionary_entry(decoder: Any, word: str) -> str:
    """Return a word as the dictionary lists it, perhaps without a possessive ending; else ""."""
    plain = word.removesuffix("'s")
    return next((form for form in (word, plain) if decoder.lookup_word(form)), "")


def _phoneme_count(decoder: Any, word: str) -> int:
    return len(decoder.lookup_word(word).split())


def _search(decoder: Any, samples: Samples, known: list[str], skip_probability: float) -> list[Any]:
    """Find the best path through the words; with a probability of 0 it visits all of them.

    Returns segments with `word`, `start_frame` and `end_frame`; none if there is no path.
    """
    transitions: list[tuple[object, ...]] = []
    for number, word in enumerate(known):
        transitions.append((number, number + 1, 1.0, word))
        if skip_probability:
            transitions.append((number, number + 1, skip_probability))
    decoder.add_fsg("words", decoder.create_fsg("words", 0, len(known), transitions))
    decoder.activate_search("words")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    return list(decoder.seg()) if decoder.hyp() else []


def _word_segments(segments: list[Any]) -> list[Any]:
    """Return the segments that are words, and neither pauses nor noise."""
    return [segment for segment in segments if segment.word[0] not in "<[(+"]


def _room_of_skipped(
    decoder: Any, samples: Samples, known: list[str], segments: list[Any]
) -> dict[int, float]:
    """Return the words that the first search skips, with the frames per phoneme of the second.

    They have none where the second finds no path.
    """
    aligned = [_PRONUNCIATION_NUMBER.sub("", s.word) for s in _word_segments(segments)]
    present: set[int] = set()
    for block in SequenceMatcher(None, known, aligned, autojunk=False).get_matching_blocks():
        present.update(range(block.a, block.a + block.size))
    skipped = [number for number in range(len(known)) if number not in present]
    if not skipped:
        return {}
    forced = _word_segments(_search(decoder, samples, known, 0.0))
    if len(forced) != len(known):
        return dict.fromkeys(skipped, 0.0)
    return {number: _frames_per_phoneme(decoder, forced[number]) for number in skipped}


def _within(known: Sequence[str], room: Mapping[int, float], limit: float) -> tuple[str, ...]:
    """Return the skipped words that are given no more frames per phoneme than the limit."""
    return notable([known[number] for number, frames in room.items() if frames <= limit], known)


def notable(missing: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the missing words of a text; none if they are but some that mean nothing alone."""
    negligible = set(missing) <= IGNORED and len(missing) < len(known)
    return () if negligible else tuple(missing)


def _frames_per_phoneme(decoder: Any, segment: Any) -> float:
    frames = segment.end_frame - segment.start_frame + 1
    return float(frames / _phoneme_count(decoder, segment.word))


def _misfit(segments: list[Any]) -> float:
    """Return 1 minus the mean of the decoder's probabilities of the words."""
    probabilities = [float(segment.prob) for segment in _word_segments(segments)]
    return 1 - sum(probabilities) / len(probabilities) if probabilities else 1.0


def _between_words(samples: Samples, segments: list[Any]) -> tuple[float, float]:
    """Return the seconds of sound between the words, and those of the pauses between them."""
    frames = samples[: len(samples) // FRAME * FRAME].astype(np.float64).reshape(-1, FRAME)
    levels = np.sqrt(np.square(frames).mean(axis=1))
    loud = levels > LOUD * np.sqrt(np.square(frames).mean()) if len(levels) else levels > 0
    bounds = [(s.start_frame, s.end_frame + 1) for s in _word_segments(segments)]
    edges = [0, *(frame for bound in bounds for frame in bound), len(loud)]
    gaps = list(pairwise(edges))[::2]
    inner = [loud[start + _EDGE : max(start, end - _EDGE)] for start, end in gaps]
    stray = sum(int(gap.sum()) for gap in inner)
    pauses = sum(min(len(gap) - int(gap.sum()), _LONGEST_PAUSE) for gap in inner)
    return stray * FRAME / RATE, pauses * FRAME / RATE
