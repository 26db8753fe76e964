"""The protocol of a text-to-speech engine."""

from collections.abc import Sequence
from typing import Protocol

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo


class Engine(Protocol):
    """A text-to-speech engine. One instance lives in each worker process and is used by it alone.

    `fingerprint` names everything that decides how the same text sounds: engine, version, model.
    """

    name: str
    fingerprint: str

    def voices(self) -> Sequence[VoiceInfo]:
        """Say which voices there are."""
        ...

    def speak(self, text: str, voice: Voice) -> Clip:
        """Speak `text`; raise EngineError when the voice is not there or nothing can be spoken."""
        ...
