"""Takes: the utterances of a line, each with its voice and the key of its clip."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache

from pipeline.core.fingerprint import cache_key
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line
from pipeline.model.voice import Voice
from pipeline.synthesis.delivery_effect import apply_delivery
from pipeline.tts.engines import pitch_shift
from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.segmentation import utterance_key, utterances

CHARACTERS_PER_WORD = 5.7
"""Of English prose, spaces included, as counted over novels; a voice's `rate` counts such words."""

Fingerprints = Mapping[tuple[str, str | None], str]
"""The fingerprints of voices, by engine and voice id."""


@dataclass(frozen=True, slots=True)
class Take:
    """One rendering of an utterance: its text as spoken, its voice, and the key of its clip."""

    text: str
    voice: Voice
    key: str


def clip_key(fingerprint: str, voice: Voice, text: str) -> str:
    """Return the key of a clip: 64 hexadecimal digits.

    It does not depend on the volume, which is a gain applied in the mix.
    """
    inputs: list[object] = [fingerprint, voice.engine, voice.id, voice.rate, voice.pitch, text]
    shifting = pitch_shift.fingerprint(voice)
    inputs += [voice.shift, shifting] if shifting else []
    inputs += [voice.style] if voice.style else []
    return cache_key(inputs)


def estimated_seconds(text: str, voice: Voice) -> float:
    """Estimate how many seconds a voice takes to speak a text."""
    return len(text) / CHARACTERS_PER_WORD * 60 / voice.rate


class TakeMaker:
    """Turn lines into takes by the voices and the lexicon of a cast.

    Takes are at full volume: the volume of a role is a gain, and belongs to the mix.
    """

    def __init__(self, cast: Cast, fingerprints: Fingerprints, language: str):
        self._cast = cast
        self._fingerprints = fingerprints
        self._language = language
        self._lexicons: dict[str, Lexicon] = {}

    def takes_of(self, line: Line) -> Iterator[Take]:
        """Yield the takes of a line in order."""
        heading = line.kind is Kind.HEADING
        language = line.language or self._language
        texts = utterances(line.text, self._lexicon(line), language, heading)
        return self.takes(texts, self._voice(line))

    def takes(self, texts: Iterable[str], voice: Voice) -> Iterator[Take]:
        """Yield a take for each text."""
        full_volume = replace(voice, volume=1.0)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        for text in texts:
            yield Take(text, full_volume, clip_key(fingerprint, full_volume, text))

    def recipe(self, line: Line) -> Sequence[object]:
        """Return everything that determines the takes of a line, as JSON values.

        Cheaper than the takes themselves: the line is neither normalised nor segmented.
        """
        voice = self._voice(line)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        language = line.language or self._language
        text = utterance_key(line.text, self._lexicon(line), language)
        return [*text, line.kind is Kind.HEADING, language, fingerprint, _settings(voice)]

    def _voice(self, line: Line) -> Voice:
        role = self._cast.role(line.speaker)
        delivery = self._cast.delivery_of(line)
        return apply_delivery(role.voice, delivery, role.rates, role.styles)

    def _lexicon(self, line: Line) -> Lexicon:
        role = self._cast.role(line.speaker)
        if line.pronunciations:
            return _with_own(self._cast.lexicon_of(role), line.pronunciations)
        lexicon = self._lexicons.get(role.name)
        if lexicon is None:
            lexicon = self._lexicons[role.name] = Lexicon(self._cast.lexicon_of(role))
        return lexicon


def _with_own(common: Mapping[str, str], own: Mapping[str, str]) -> Lexicon:
    """Return the lexicon of a line whose own pronunciations replace those of the same words."""
    replaced = {word.casefold() for word in own}
    others = {word: said for word, said in common.items() if word.casefold() not in replaced}
    return Lexicon({**others, **own})


@cache
def _settings(voice: Voice) -> Sequence[object]:
    """Return the fields of a voice at full volume; cached, as copying them per line is costly."""
    return astuple(replace(voice, volume=1.0))
