"""The kokoro engine: 28 English voices in one model, from the extra `kokoro`.

The model is installed with `fullcast voices install kokoro`.
"""

import logging
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

import kokoro_onnx

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import neural, voice_packs
from pipeline.tts.engines.even_durations import even_durations
from pipeline.tts.engines.missing_voice import install_remedy
from pipeline.tts.engines.speeds import Curve, adapted, rate_limits, setting_for, speeds_of
from pipeline.tts.engines.voice_checks import check_settings, check_voice

_SAMPLE_RATE = 24_000
_NATURAL_SHIFT = 4.0  # semitones (docs/voices.md)
_LICENCE = "Apache-2.0"
# Of the default voice, over the range that the library accepts. Short sounds have a frame even in
# fast speech; `_curve` has that of any voice.
_CURVE = (
    (0.5, 0.478), (0.538, 0.515), (0.74, 0.721), (1.0, 0.985), (1.237, 1.187), (1.398, 1.308),
    (1.613, 1.492), (2.0, 1.74),
)  # fmt: skip
_REVISION = 3  # to raise when the same text begins to sound different
_DEFAULT = "af_heart"
_ACCENTS = {"a": ("en-us", "American"), "b": ("en-gb", "British")}
_GENDERS = {"f": "female", "m": "male"}
# Native pace of each voice in words per minute, by `neural.measure_pace`, which takes seconds each.
_PACES = {
    "af_alloy": 185, "af_aoede": 187, "af_bella": 178, "af_heart": 186, "af_jessica": 213,
    "af_kore": 178, "af_nicole": 116, "af_nova": 194, "af_river": 207, "af_sarah": 185,
    "af_sky": 190, "am_adam": 193, "am_echo": 185, "am_eric": 213, "am_fenrir": 178,
    "am_liam": 201, "am_michael": 162, "am_onyx": 191, "am_puck": 189, "am_santa": 159,
    "bf_alice": 185, "bf_emma": 197, "bf_isabella": 193, "bf_lily": 189, "bm_daniel": 193,
    "bm_fable": 172, "bm_george": 160, "bm_lewis": 164,
}  # fmt: skip


class Kokoro:
    """Speaks with Kokoro at 24,000 Hz.

    Rates range from half the native pace of the voice to about 1.74 times that.
    """

    name = "kokoro"

    def __init__(self) -> None:
        self.fingerprint = f"kokoro {version('kokoro-onnx')} revision {_REVISION}"

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices; none before the model is installed."""
        files = _model_files()
        if files is None:
            return ()
        digest = neural.model_digest(*files)
        return [_info(name, digest) for name in sorted(_PACES, key=lambda n: (n != _DEFAULT, n))]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Synthesise `text`; raise EngineError for an unknown voice or settings out of range."""
        name = voice.id or _DEFAULT
        check_voice(self.name, name, _PACES if _model_files() else (), self.voices)
        pace, curve = _PACES[name], _curve(_PACES[name])
        check_settings(self.name, voice, rate_limits(pace, speeds_of(curve)))
        speed = setting_for(voice.rate, pace, curve)
        infer = self._model.infer
        return neural.synthesise(
            text, _SAMPLE_RATE, voice.volume, lambda piece: infer(piece, name, speed)
        )

    @cached_property
    def _model(self) -> "_KokoroModel":
        return _KokoroModel()


class _KokoroModel:
    """The loaded model with its voices."""

    def __init__(self) -> None:
        files = _model_files()
        if files is None:
            raise EngineError.of(
                "the model of kokoro has been removed", remedy=install_remedy("kokoro")
            )
        # It warns about words that change their number of phonemes: of no use to a producer.
        logging.getLogger("phonemizer").setLevel(logging.ERROR)
        model, voices = files
        session = neural.session(model, even_durations)
        session._model_path = str(model)  # which the library asks of it, and checks
        self._kokoro = kokoro_onnx.Kokoro.from_session(session, str(voices))

    def infer(self, text: str, name: str, speed: float) -> Iterator[neural.FloatSamples]:
        language, _ = _ACCENTS[name[0]]
        # Every second part is a word in IPA.
        parts = enumerate(neural.IPA_WORD.split(text))
        to_phonemes = self._kokoro.tokenizer.phonemize
        converted = [
            part if number % 2 else to_phonemes(part, language)
            for number, part in parts
            if part.strip()
        ]
        phonemes = self._kokoro.tokenizer.known(_join(converted))
        if phonemes:  # there are none for a text in a script that English cannot read
            yield self._kokoro.create(phonemes, name, speed, language, is_phonemes=True)[0]


@cache
def _curve(pace: float) -> Curve:
    """Return the curve of a voice with that native pace in words per minute."""
    return adapted(_CURVE, _PACES[_DEFAULT] / pace)


def _join(parts: list[str]) -> str:
    """Join parts with a space, except before punctuation that ends a clause."""
    return "".join(part if part[:1] in ",.;:!?" else f" {part}" for part in parts).strip()


def _model_files() -> tuple[Path, Path] | None:
    """Return the model, preferably the full one, and its file of voices, if they are installed."""
    for pack in reversed(voice_packs.of("kokoro")):
        if pack.is_installed:
            model, voices = (
                voice_packs.folder("kokoro", pack.voice) / item.name for item in pack.items
            )
            return model, voices
    return None


def _info(name: str, digest: str) -> VoiceInfo:
    language, accent = _ACCENTS[name[0]]
    return VoiceInfo(
        id=name,
        name=f"{name[3:].capitalize()}, {accent}",
        language=language,
        gender=_GENDERS[name[1]],
        licence=_LICENCE,
        phonemes=True,
        model=digest,
        natural_shift=_NATURAL_SHIFT,
        rates=rate_limits(_PACES[name], speeds_of(_curve(_PACES[name]))),
    )
