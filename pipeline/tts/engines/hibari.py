"""The hibari engine: small near-human English voices, from the extra `hibari`.

One voice comes with the package, four are installed with `fullcast voices install hibari`. By
itself hibari would download them in the middle of a render; here it only receives existing files.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import hibari.tts
import hibari.voices
from hibari.g2p import G2P

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import neural, voice_packs
from pipeline.tts.engines.even_durations import even_durations
from pipeline.tts.engines.speeds import rate_limits, setting_for, speeds_of
from pipeline.tts.engines.voice_checks import check_settings, check_voice

_NATURAL_SHIFT = 6.0  # semitones (docs/voices.md)
_LICENCE = "Apache-2.0"
# From the slowest to the fastest that the models were trained for. Fast speech has phonemes of less
# than a frame, which are given one.
_CURVE = (
    (0.5, 0.5), (1.0, 1.0), (1.12, 1.115), (1.2, 1.172), (1.37, 1.3), (1.57, 1.486), (1.68, 1.562),
    (1.79, 1.658), (2.0, 1.774),
)  # fmt: skip
_SPEEDS = speeds_of(_CURVE)
_MISAKI_LETTERS = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q", "tʃ": "ʧ", "dʒ": "ʤ",
    "ɜːr": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "g": "ɡ", "(": "", ")": "", "/": "",
}  # fmt: skip
# Native pace of the bundled voice in words per minute, by `neural.measure_pace`; that of other
# voices is measured when they are loaded.
_PACES = {"heart": 178.61211420126412}
_REVISION = 2  # to raise when the same text begins to sound different


class Hibari:
    """Speaks with hibari at 24,000 Hz. Clips are the same in every process.

    Rates range from half the native pace of the voice to 1.77 times that.
    """

    name = "hibari"

    def __init__(self) -> None:
        self.fingerprint = f"hibari {version('hibari-tts')} revision {_REVISION}"
        self._load = lru_cache(neural.CACHED_MODELS)(_HibariVoice)

    def voices(self) -> Sequence[VoiceInfo]:
        """Return `heart`, the default, and the voices that were installed."""
        return [_info(name, file) for name in hibari.voices.VOICES if (file := _model_file(name))]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Synthesise `text`; raise EngineError for an unknown voice or settings out of range."""
        name = voice.id or hibari.voices.DEFAULT
        installed = (known for known in hibari.voices.VOICES if _model_file(known))
        check_voice(self.name, name, installed, self.voices)
        model = self._load(name)
        check_settings(self.name, voice, rate_limits(model.pace, _SPEEDS))
        speed = setting_for(voice.rate, model.pace, _CURVE)
        return neural.synthesise(
            text, hibari.tts.SAMPLE_RATE, voice.volume, lambda piece: model.infer(piece, speed)
        )


class _HibariVoice:
    """A loaded voice, and its native pace in words per minute."""

    def __init__(self, name: str):
        british = bool(hibari.voices.VOICES[name]["british"])
        # The file must exist: hibari would download a missing one.
        file = str(_model_file(name))
        self._tts = hibari.tts.Hibari(voice=name, model=file, threads=1, g2p=_g2p(british))
        self._tts.sess = neural.session(Path(file), even_durations)
        self.pace = _PACES.get(name) or self.measure_pace()

    def measure_pace(self) -> float:
        """Return the native pace in words per minute, measured on the calibration passage."""
        return neural.measure_pace(lambda text: self.infer(text, 1.0), hibari.tts.SAMPLE_RATE)

    def infer(self, text: str, speed: float) -> Iterator[neural.FloatSamples]:
        # The noise in a voice is drawn again for each text, from the same seed.
        yield from self._tts.stream(_with_phonemes(text), speed, seed=0)


def _with_phonemes(text: str) -> str:
    """Return the text with its words in IPA as hibari expects them: `[word](/phonemes/)`."""
    plain = text.replace("](", "] (")  # so that nothing else looks like such a word
    return neural.IPA_WORD.sub(lambda word: f"[word](/{_to_misaki(word[1])}/)", plain)


def _to_misaki(ipa: str) -> str:
    """Return IPA in the alphabet of the models, which has a single letter for each diphthong."""
    for symbol, letter in _MISAKI_LETTERS.items():
        ipa = ipa.replace(symbol, letter)
    return ipa


@cache
def _g2p(british: bool) -> G2P:
    """Return the grapheme-to-phoneme converter that all voices of one accent share."""
    return G2P(british=british)


def _model_file(name: str) -> Path | None:
    """Return the model of a voice: in the package, in our voice folder or in hibari's cache."""
    properties = hibari.voices.VOICES[name]
    file = str(properties["file"])
    if properties.get("bundled"):
        return Path(hibari.voices.ASSETS) / file
    folders = (voice_packs.folder("hibari", name), Path(hibari.voices.cache_dir()))
    return next((folder / file for folder in folders if (folder / file).is_file()), None)


def _info(name: str, file: Path) -> VoiceInfo:
    properties = hibari.voices.VOICES[name]
    return VoiceInfo(
        id=name,
        name=f"{name.capitalize()}, {properties['accent']}",
        language=properties["language"].lower(),
        gender=properties["gender"],
        licence=_LICENCE,
        phonemes=True,
        model=neural.model_digest(file),
        natural_shift=_NATURAL_SHIFT,
        rates=rate_limits(_PACES[name], _SPEEDS) if name in _PACES else None,
    )
