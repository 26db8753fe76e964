"""The protocol of a text-to-speech engine.

An engine is any class with these members; it needs no base class and no registration but an entry
point. A complete one, which hums for half a second:

    from pipeline.tts.engines import Clip, EngineError, VoiceInfo

    class Hum:
        name = "hum"
        fingerprint = "hum 1.0"

        def voices(self):
            return [VoiceInfo("plain", "Plain", "en", licence="CC0-1.0")]

        def speak(self, text, voice):
            if voice.id not in (None, "plain"):
                raise EngineError.of(f"hum has no voice {voice.id!r}", remedy="use 'plain'")
            return Clip(bytes([0, 16, 0, 240]) * 6_000, rate=24_000)

`tests/tts/test_engine_contract.py` checks every installed engine against this description.
"""

from collections.abc import Sequence
from typing import Protocol

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo


class Engine(Protocol):
    """A text-to-speech engine.

    The class is called without arguments, once in each worker process, and its methods by one
    thread at a time. It may raise ImportError or EngineError when it cannot start. It prints
    nothing on stdout and uses a single thread: there is a worker process for each CPU.

    `name` is the name of its entry point, by which voices.yaml refers to it. `fingerprint` begins
    with the name and a space, and identifies everything that affects the audio: versions of the
    engine and its libraries, and a revision to raise when the same text begins to sound different.
    It is part of a clip's key; the model file of a voice belongs in `VoiceInfo.model` instead.
    """

    name: str
    fingerprint: str

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices that are ready to speak, the default one first.

        Ids are unique within the engine. The sequence is empty if voices have to be installed
        before the engine can speak.
        """
        ...

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the audio of `text`, mono signed 16-bit PCM at any rate from 16,000 Hz.

        `text` is one utterance, usually a sentence, in words; it may be of any length and contain
        any character. It is plain text, never markup; if the voice's `VoiceInfo.phonemes` is set,
        `[[...]]` contains IPA. Text without a letter or digit is a short silence.

        The same text and voice give a clip of the same length, and wherever possible the same
        samples, in every process and after any other text: chapter marks depend on it.

        `voice.id` is None for the default voice, and `voice.shift` is always 0 here. A voice
        without pitch control has a `VoiceInfo.natural_shift`, and `voice.pitch` is None here.
        `voice.style` is one of `VoiceInfo.styles`, or None.

        Raises EngineError if the voice is missing, if rate, pitch or volume is out of range, or if
        nothing can be synthesised.
        """
        ...
