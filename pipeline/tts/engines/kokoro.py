"""The kokoro engine: 28 English voices in one model, from `pip install 'fullcast[kokoro]'`.

The model is fetched by `fullcast voices install kokoro`.
"""

import logging
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import kokoro_onnx

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import neural, voice_packs
from pipeline.tts.engines.registry import check_range

_RATE = 24_000
_LICENCE = "Apache-2.0"
_SPEEDS = (0.5, 2.0)  # what the library takes
_REVISION = 1  # raise it when the same text begins to sound another way
_DEFAULT = "af_heart"
_ACCENTS = {"a": ("en-us", "American"), "b": ("en-gb", "British")}
_GENDERS = {"f": "female", "m": "male"}
# Words a minute of each voice at a speed of 1, by `neural.pace`: measuring them takes seconds each.
_PACES = {
    "af_alloy": 185, "af_aoede": 187, "af_bella": 178, "af_heart": 186, "af_jessica": 213,
    "af_kore": 178, "af_nicole": 116, "af_nova": 194, "af_river": 207, "af_sarah": 185,
    "af_sky": 190, "am_adam": 193, "am_echo": 185, "am_eric": 213, "am_fenrir": 178,
    "am_liam": 201, "am_michael": 162, "am_onyx": 191, "am_puck": 189, "am_santa": 159,
    "bf_alice": 185, "bf_emma": 197, "bf_isabella": 193, "bf_lily": 189, "bm_daniel": 193,
    "bm_fable": 172, "bm_george": 160, "bm_lewis": 164,
}  # fmt: skip


class Kokoro:
    """Speaks with Kokoro at 24,000 frames a second.

    `pitch` is left alone. Rates go from half the voice's own pace to twice that.
    """

    name = "kokoro"

    def __init__(self) -> None:
        self.fingerprint = f"kokoro {version('kokoro-onnx')} revision {_REVISION}"

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices there are: none before the model is installed."""
        files = _files()
        if files is None:
            return ()
        model = neural.identity(*files)
        return [_info(name, model) for name in sorted(_PACES, key=lambda n: (n != _DEFAULT, n))]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Speak `text`; raise EngineError for an unknown voice or numbers out of range."""
        name = voice.id or _DEFAULT
        neural.check_known(self.name, name, _PACES if _files() else (), self.voices)
        pace = _PACES[name]
        check_range(self.name, "rate", voice.rate, *_rates(name))
        check_range(self.name, "pitch", 50 if voice.pitch is None else voice.pitch, 0, 100)
        check_range(self.name, "volume", voice.volume, 0, 1)
        speed = min(max(voice.rate / pace, _SPEEDS[0]), _SPEEDS[1])
        say = self._model.say
        return neural.spoken(text, _RATE, voice.volume, lambda piece: say(piece, name, speed))

    @cached_property
    def _model(self) -> "_Model":
        return _Model()


class _Model:
    """The model that is loaded, with its voices."""

    def __init__(self) -> None:
        files = _files()
        if files is None:
            raise EngineError.of("the model of kokoro is gone", remedy="install it again")
        # It warns of words whose number of phonemes differs: of no use to a listener.
        logging.getLogger("phonemizer").setLevel(logging.ERROR)
        model, voices = files
        self._kokoro = kokoro_onnx.Kokoro.from_session(neural.session(model), str(voices))

    def say(self, text: str, name: str, speed: float) -> Iterator[neural.Samples]:
        language, _ = _ACCENTS[name[0]]
        # Every second part is a word in IPA already.
        parts = enumerate(neural.PHONEMES.split(text))
        spell = self._kokoro.tokenizer.phonemize
        spelt = [part if n % 2 else spell(part, language) for n, part in parts if part.strip()]
        phonemes = self._kokoro.tokenizer.known(_joined(spelt))
        if phonemes:  # a text in a script that English cannot read has none
            yield self._kokoro.create(phonemes, name, speed, language, is_phonemes=True)[0]


def _joined(spelt: list[str]) -> str:
    """Put parts together, with a space but before the marks that end a clause."""
    return "".join(part if part[:1] in ",.;:!?" else f" {part}" for part in spelt).strip()


def _files() -> tuple[Path, Path] | None:
    """The model, the full one if it is there, and the file of voices beside it."""
    for pack in reversed(voice_packs.of("kokoro")):
        if pack.is_here:
            model, voices = (
                voice_packs.folder("kokoro", pack.voice) / item.name for item in pack.items
            )
            return model, voices
    return None


def _info(name: str, model: str) -> VoiceInfo:
    language, accent = _ACCENTS[name[0]]
    told = f"{name[3:].capitalize()}, {accent}"
    return VoiceInfo(
        id=name,
        name=told,
        language=language,
        gender=_GENDERS[name[1]],
        licence=_LICENCE,
        phonemes=True,
        model=model,
        rates=_rates(name),
    )


def _rates(name: str) -> tuple[int, int]:
    low, high = (round(_PACES[name] * speed) for speed in _SPEEDS)
    return low, high
