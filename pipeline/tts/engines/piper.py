"""The piper engine: any Piper voice file, from `pip install 'fullcast[piper]'`.

Voices are fetched by `fullcast voices install piper`, or taken from a folder with `--from`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from piper.config import PhonemeType, PiperConfig, SynthesisConfig
from piper.voice import PiperVoice

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines import neural, voice_packs
from pipeline.tts.engines.fixed_noise import steady
from pipeline.tts.engines.registry import check_range

RATES = (60, 500)
"""Words a minute: the networks go further, but what comes out is no speech."""
_REVISION = 1  # raise it when the same text begins to sound another way
_MARKED = re.compile(neural.PHONEMES.pattern + r"([,;:.!?]+)")
_LICENCE = re.compile(r"^\W*License:\s*(\S.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Files:
    """A voice's files: the model and what its configuration says."""

    model: Path
    config: Mapping[str, Any]

    @property
    def phonemes(self) -> bool:
        """Whether its texts may hold words in IPA, which it takes as we mark them."""
        kind: str = self.config.get("phoneme_type", "espeak")
        return kind == PhonemeType.ESPEAK.value

    @property
    def speakers(self) -> Mapping[str, int]:
        """The speakers of a model that has several, by name."""
        return self.config.get("speaker_id_map") or {}


class Piper:
    """Speaks with Piper, at the rate that a voice's file declares.

    A model of several speakers is one voice with a variant for each: `en_GB-vctk-medium#p226`.
    `pitch` is left alone.
    """

    name = "piper"

    def __init__(self) -> None:
        self.fingerprint = f"piper {version('piper-tts')} revision {_REVISION}"
        self._load = lru_cache(neural.KEPT)(_Model)

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices are installed."""
        return [_info(name, files) for name, files in _installed().items()]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Speak `text`; raise EngineError for an unknown voice or numbers out of range."""
        installed = _installed()
        wanted = voice.id or next(iter(installed), "")
        ids = (f"{n}#{s}" if s else n for n, f in installed.items() for s in ("", *f.speakers))
        neural.check_known(self.name, wanted, ids, self.voices)
        check_range(self.name, "rate", voice.rate, *RATES)
        check_range(self.name, "pitch", 50 if voice.pitch is None else voice.pitch, 0, 100)
        check_range(self.name, "volume", voice.volume, 0, 1)
        name, _, speaker = wanted.partition("#")
        files = installed[name]
        model = self._load(files.model, files.speakers.get(speaker))
        speed = voice.rate / model.pace
        return neural.spoken(text, model.rate, voice.volume, lambda piece: model.say(piece, speed))


class _Model:
    """A voice that is loaded, and its own pace in words a minute."""

    def __init__(self, file: Path, speaker: int | None):
        self._voice = _voice(file)
        self._speaker = speaker
        self.rate = self._voice.config.sample_rate
        self.pace = neural.pace(lambda text: self.say(text, 1.0), self.rate)

    def say(self, text: str, speed: float) -> Iterator[neural.Samples]:
        settings = SynthesisConfig(
            speaker_id=self._speaker,
            length_scale=self._voice.config.length_scale / speed,
            # Else each sentence is raised to full scale, a whisper as well as a shout.
            normalize_audio=False,
        )
        # A mark behind a word in IPA would be lost, and the space after it.
        marked = _MARKED.sub(r"[[\1\2]]", text)
        for chunk in self._voice.synthesize(marked, settings):
            yield chunk.audio_float_array


@lru_cache(neural.KEPT)
def _voice(file: Path) -> PiperVoice:
    """Load a model, once for all its speakers."""
    try:
        config = PiperConfig.from_dict(json.loads(_config(file).read_text(encoding="utf-8")))
        return PiperVoice(session=neural.session(steady(file)), config=config)
    except Exception as error:  # whatever onnxruntime and onnx make of a file that is none
        told = " ".join(str(error).split())[:200]
        remedy = "delete its folder and install it again"
        raise EngineError.of(f"no Piper voice ({told})", file=file, remedy=remedy) from error


def _installed() -> dict[str, _Files]:
    """The voices that are there, by name; a model without its configuration is none."""
    found = {}
    folder = voice_packs.folder("piper")
    for model in sorted([*folder.glob("*.onnx"), *folder.glob("*/*.onnx")]):
        try:
            config = json.loads(_config(model).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(config, dict) and "audio" in config:
            found[model.stem] = _Files(model, config)
    return found


def _config(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _info(name: str, files: _Files) -> VoiceInfo:
    pack = voice_packs.named("piper", name)
    # A published voice is called en_US-joe-medium: the language, the speaker, the quality.
    language, _, rest = name.partition("-")
    speaker = str(files.config.get("dataset") or rest.partition("-")[0] or name)
    code = files.config.get("language", {}).get("code") or language
    return VoiceInfo(
        id=name,
        name=speaker.capitalize(),
        language=str(code).replace("_", "-").lower(),
        gender=pack.gender if pack else None,
        licence=pack.licence if pack else _card(files.model.parent),
        variants=tuple(f"#{speaker}" for speaker in files.speakers),
        phonemes=files.phonemes,
        model=neural.identity(files.model, _config(files.model)),
        rates=RATES,
    )


def _card(folder: Path) -> str | None:
    """The licence that a model card beside a voice names."""
    try:
        found = _LICENCE.search((folder / "MODEL_CARD").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found[1].strip() if found else None
