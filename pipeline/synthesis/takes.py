"""From lines to clips: what is missing is spoken by the executor and kept in the store.

Workers only speak; this process alone writes. The executor is any `concurrent.futures.Executor`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache

from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line
from pipeline.model.voice import Voice
from pipeline.synthesis.clip_cache import clip_key
from pipeline.synthesis.delivery_effect import voiced
from pipeline.tts.lexicon.lexicon import Lexicon
from pipeline.tts.segmentation import utterance_key, utterances

CHARACTERS_A_WORD = 5.7
"""English prose with its spaces, as counted over novels; a word of `rate` is one of these."""

Fingerprints = Mapping[tuple[str, str | None], str]
"""What decides how a voice sounds, by engine and the voice's id."""


@dataclass(frozen=True, slots=True)
class Take:
    """An utterance to be had: the text as spoken, the voice, and the clip's key."""

    text: str
    voice: Voice
    key: str


def spoken_in(text: str, voice: Voice) -> float:
    """Estimate in how many seconds a text is spoken."""
    return len(text) / CHARACTERS_A_WORD * 60 / voice.rate


class TakeMaker:
    """Turns lines into takes: the cast's voices and lexicon, the voices' fingerprints.

    Takes are at full volume: what a role's volume takes off is gain, and belongs to assembly.
    """

    def __init__(self, cast: Cast, fingerprints: Fingerprints, language: str):
        self._cast = cast
        self._fingerprints = fingerprints
        self._language = language
        self._lexicons: dict[str, Lexicon] = {}

    def of(self, line: Line) -> Iterator[Take]:
        """Give the takes that make up a line, in order."""
        heading = line.kind is Kind.HEADING
        said = utterances(line.text, self._lexicon(line), self._language, heading)
        return self.takes(said, self._voice(line))

    def recipe(self, line: Line) -> Sequence[object]:
        """Give all that decides the takes of a line, as JSON can hold it, without making them."""
        voice = self._voice(line)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        text = utterance_key(line.text, self._lexicon(line), self._language)
        return [*text, line.kind is Kind.HEADING, self._language, fingerprint, _settings(voice)]

    def _voice(self, line: Line) -> Voice:
        role = self._cast.role(line.speaker)
        return voiced(role.voice, line.delivery, role.rates) if self._cast.delivery else role.voice

    def _lexicon(self, line: Line) -> Lexicon:
        role = self._cast.role(line.speaker)
        lexicon = self._lexicons.get(role.name)
        if lexicon is None:
            lexicon = self._lexicons[role.name] = Lexicon(self._cast.lexicon_of(role))
        return lexicon

    def takes(self, texts: Iterable[str], voice: Voice) -> Iterator[Take]:
        """Give a take for each text."""
        full = replace(voice, volume=1.0)
        fingerprint = self._fingerprints[voice.engine, voice.id]
        for text in texts:
            yield Take(text, full, clip_key(fingerprint, full, text))


@cache
def _settings(voice: Voice) -> Sequence[object]:
    """Give the fields of a voice at full volume: copying them line by line is what costs."""
    return astuple(replace(voice, volume=1.0))
