"""The hibari engine: small English voices, near human, from `pip install 'fullcast[hibari]'`.

One voice is in its wheel, four are fetched by `fullcast voices install hibari`. Left alone, hibari
would fetch them by itself in the middle of a book; here it is only ever given files that are there.
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
from pipeline.tts.engines.registry import check_range

_LICENCE = "Apache-2.0"
_SPEEDS = (0.5, 2.0)  # what the models were trained for
_LETTERS = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q", "tʃ": "ʧ", "dʒ": "ʤ",
    "ɜːr": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "g": "ɡ", "(": "", ")": "", "/": "",
}  # fmt: skip
# Words a minute of the voice that is always here, at a speed of 1, by `neural.pace`; others are
# measured when they are loaded.
_PACES = {"heart": 178.61211420126412}
_REVISION = 1  # raise it when the same text begins to sound another way


class Hibari:
    """Speaks with hibari at 24,000 frames a second. Clips are the same in every process.

    `pitch` is left alone. Rates go from half the voice's own pace to twice that.
    """

    name = "hibari"

    def __init__(self) -> None:
        self.fingerprint = f"hibari {version('hibari-tts')} revision {_REVISION}"
        self._load = lru_cache(neural.KEPT)(_Model)

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices are here: `heart`, the default, and those that were installed."""
        return [_info(name, file) for name in hibari.voices.VOICES if (file := _file(name))]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Speak `text`; raise EngineError for an unknown voice or numbers out of range."""
        name = voice.id or hibari.voices.DEFAULT
        here = (each for each in hibari.voices.VOICES if _file(each))
        neural.check_known(self.name, name, here, self.voices)
        check_range(self.name, "pitch", 50 if voice.pitch is None else voice.pitch, 0, 100)
        check_range(self.name, "volume", voice.volume, 0, 1)
        model = self._load(name)
        check_range(self.name, "rate", voice.rate, *_rates(model.pace))
        speed = min(max(voice.rate / model.pace, _SPEEDS[0]), _SPEEDS[1])
        rate = hibari.tts.SAMPLE_RATE
        return neural.spoken(text, rate, voice.volume, lambda piece: model.say(piece, speed))


class _Model:
    """A voice that is loaded, and its own pace in words a minute."""

    def __init__(self, name: str):
        british = bool(hibari.voices.VOICES[name]["british"])
        # It has no fallback for a file that is not there: then it would go and fetch it.
        file = str(_file(name))
        self._tts = hibari.tts.Hibari(voice=name, model=file, threads=1, g2p=_reader(british))
        self._tts.sess = neural.session(Path(file))
        self.pace = _PACES.get(name) or self.measured()

    def measured(self) -> float:
        """Have it say a passage, and give its pace in words a minute."""
        return neural.pace(lambda text: self.say(text, 1.0), hibari.tts.SAMPLE_RATE)

    def say(self, text: str, speed: float) -> Iterator[neural.Samples]:
        # The noise in a voice is drawn anew for each text, from the same seed.
        yield from self._tts.stream(_marked(text), speed, seed=0)


def _marked(text: str) -> str:
    """Give the text with its words in IPA as hibari takes them: `[word](/phonemes/)`."""
    plain = text.replace("](", "] (")  # nothing else is to be taken for such a word
    return neural.PHONEMES.sub(lambda word: f"[word](/{misaki(word[1])}/)", plain)


def misaki(ipa: str) -> str:
    """Spell IPA in the alphabet of the models, which has one letter for each diphthong."""
    for pair, letter in _LETTERS.items():
        ipa = ipa.replace(pair, letter)
    return ipa


@cache
def _reader(british: bool) -> G2P:
    """What turns text into phonemes, for all voices of one accent."""
    return G2P(british=british)


def _file(name: str) -> Path | None:
    """The model of a voice: in the package, where we install, or where hibari keeps its own."""
    about = hibari.voices.VOICES[name]
    file = str(about["file"])
    if about.get("bundled"):
        return Path(hibari.voices.ASSETS) / file
    ours, theirs = voice_packs.folder("hibari", name) / file, Path(hibari.voices.cache_dir()) / file
    return next((path for path in (ours, theirs) if path.is_file()), None)


def _info(name: str, file: Path) -> VoiceInfo:
    about = hibari.voices.VOICES[name]
    return VoiceInfo(
        id=name,
        name=f"{name.capitalize()}, {about['accent']}",
        language=about["language"].lower(),
        gender=about["gender"],
        licence=_LICENCE,
        phonemes=True,
        model=neural.identity(file),
        rates=_rates(_PACES[name]) if name in _PACES else None,
    )


def _rates(pace: float) -> tuple[int, int]:
    low, high = (round(pace * speed) for speed in _SPEEDS)
    return low, high
