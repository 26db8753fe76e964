"""The piper engine: any Piper voice file, from the extra `piper`.

Voices are installed with `fullcast voices install piper`, from a folder with `--from`.
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
from pipeline.tts.engines.even_durations import even_durations
from pipeline.tts.engines.fixed_noise import fix_noise
from pipeline.tts.engines.voice_checks import check_settings, check_voice

RATES = (60, 500)
"""Words per minute; beyond these limits the output is not intelligible speech."""
_REVISION = 2  # to raise when the same text begins to sound different
_IPA_AND_PUNCTUATION = re.compile(neural.IPA_WORD.pattern + r"([,;:.!?]+)")
_NATURAL_SHIFT = 2.0  # semitones (docs/voices.md)
_LICENCE = re.compile(r"^\W*License:\s*(\S.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _VoiceFiles:
    """The files of a voice: the path of its model, and its configuration."""

    model: Path
    config: Mapping[str, Any]

    @property
    def phonemes(self) -> bool:
        """Whether its texts may contain words in IPA, which Piper marks as we do."""
        kind: str = self.config.get("phoneme_type", "espeak")
        return kind == PhonemeType.ESPEAK.value

    @property
    def speakers(self) -> Mapping[str, int]:
        """The numbers of the speakers of a model that has several, by name."""
        return self.config.get("speaker_id_map") or {}


class Piper:
    """Speaks with Piper, at the sample rate that the voice file declares.

    A model with several speakers is one voice with a variant for each: `en_GB-vctk-medium#p226`.
    """

    name = "piper"

    def __init__(self) -> None:
        self.fingerprint = f"piper {version('piper-tts')} revision {_REVISION}"
        self._load = lru_cache(neural.CACHED_MODELS)(_PiperSpeaker)

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the installed voices."""
        return [_info(name, files) for name, files in _installed().items()]

    def speak(self, text: str, voice: Voice) -> Clip:
        """Synthesise `text`; raise EngineError for an unknown voice or settings out of range."""
        installed = _installed()
        wanted = voice.id or next(iter(installed), "")
        ids = (f"{n}#{s}" if s else n for n, f in installed.items() for s in ("", *f.speakers))
        check_voice(self.name, wanted, ids, self.voices)
        check_settings(self.name, voice, RATES)
        name, _, speaker_name = wanted.partition("#")
        files = installed[name]
        speaker = self._load(files.model, files.speakers.get(speaker_name))
        speed = voice.rate / speaker.pace
        return neural.synthesise(
            text, speaker.rate, voice.volume, lambda piece: speaker.infer(piece, speed)
        )


class _PiperSpeaker:
    """A speaker of a loaded voice, and their native pace in words per minute."""

    def __init__(self, file: Path, speaker: int | None):
        self._voice = _load_voice(file)
        self._speaker = speaker
        self.rate = self._voice.config.sample_rate
        self.pace = neural.measure_pace(lambda text: self.infer(text, 1.0), self.rate)

    def infer(self, text: str, speed: float) -> Iterator[neural.FloatSamples]:
        settings = SynthesisConfig(
            speaker_id=self._speaker,
            length_scale=self._voice.config.length_scale / speed,
            # Otherwise each sentence is raised to full scale, a whisper as well as a shout.
            normalize_audio=False,
        )
        # Piper drops punctuation behind a word in IPA, and the space after it.
        marked = _IPA_AND_PUNCTUATION.sub(r"[[\1\2]]", text)
        for chunk in self._voice.synthesize(marked, settings):
            yield chunk.audio_float_array


@lru_cache(neural.CACHED_MODELS)
def _load_voice(file: Path) -> PiperVoice:
    """Load a model, once for all its speakers."""
    try:
        config = PiperConfig.from_dict(json.loads(_config_file(file).read_text(encoding="utf-8")))
        return PiperVoice(session=neural.session(file, fix_noise, even_durations), config=config)
    except Exception as error:  # onnx and onnxruntime raise many types for an invalid file
        reason = " ".join(str(error).split())[:200]
        remedy = "delete its folder and install it again"
        raise EngineError.of(
            f"not a valid Piper voice ({reason})", file=file, remedy=remedy
        ) from error


def _installed() -> dict[str, _VoiceFiles]:
    """Return the installed voices by name, without models that lack a valid configuration."""
    voices = {}
    folder = voice_packs.folder("piper")
    for model in sorted([*folder.glob("*.onnx"), *folder.glob("*/*.onnx")]):
        try:
            config = json.loads(_config_file(model).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(config, dict) and "audio" in config:
            voices[model.stem] = _VoiceFiles(model, config)
    return voices


def _config_file(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _info(name: str, files: _VoiceFiles) -> VoiceInfo:
    pack = voice_packs.find("piper", name)
    # Published voices are named after language, speaker and quality: en_US-joe-medium.
    language, _, rest = name.partition("-")
    speaker = str(files.config.get("dataset") or rest.partition("-")[0] or name)
    code = files.config.get("language", {}).get("code") or language
    return VoiceInfo(
        id=name,
        name=speaker.capitalize(),
        language=str(code).replace("_", "-").lower(),
        gender=pack.gender if pack else None,
        licence=pack.licence if pack else _model_card_licence(files.model.parent),
        variants=tuple(f"#{speaker}" for speaker in files.speakers),
        phonemes=files.phonemes,
        model=neural.model_digest(files.model, _config_file(files.model)),
        natural_shift=_NATURAL_SHIFT,
        rates=RATES,
    )


def _model_card_licence(folder: Path) -> str | None:
    """Return the licence in the model card beside a voice, if there is one."""
    try:
        match = _LICENCE.search((folder / "MODEL_CARD").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return match[1].strip() if match else None
