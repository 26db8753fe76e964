"""What an engine is, and what passes between it and the rest: voices in, clips out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """How a role sounds; every field takes part in a clip's key but `volume`.

    `id` is the engine's own name of the voice, None its default. `rate` is in words per minute,
    `pitch` 0 to 100 with 50 as the voice's own (None: leave it alone), `volume` 0.0 to 1.0, `shift`
    in semitones by which the clip is moved when it has been spoken: no engine needs to know of it.
    """

    engine: str
    id: str | None = None
    rate: int = 165
    pitch: int | None = None
    volume: float = 1.0
    shift: float = 0.0

    @property
    def label(self) -> str:
        """The engine and the voice, as a person reads them: `piper:en_US-joe-medium`."""
        return f"{self.engine}:{self.id or 'default'}"

    @property
    def settings(self) -> str:
        """The label, and what was set of rate, pitch and shift, as voices.yaml names them."""
        bent = [f"pitch {self.pitch}"] if self.pitch is not None else []
        bent += [f"shift {self.shift:+g}"] if self.shift else []
        return ", ".join([self.label, f"rate {self.rate}", *bent])


RATES = (80, 450)
"""Words a minute: no reader's pace lies outside. Voices have bounds of their own within these."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that an engine offers.

    `variants` are endings that may follow the id (`+m3`), each making it a voice of its own.
    `phonemes` says that its texts may hold IPA between double brackets, in place of a word:
    `She met [[hɜːˈmaɪəni]].` The others are never given any.
    `model` tells the file apart that it speaks from, if it has one that may be replaced: it is part
    of a clip's key, beside the engine's fingerprint.
    `rates` are the lowest and the highest rate that it speaks at, in words a minute; None where
    that is not known before it speaks.
    """

    id: str
    name: str
    language: str
    gender: str | None = None
    licence: str | None = None
    variants: tuple[str, ...] = ()
    phonemes: bool = False
    model: str = ""
    rates: tuple[int, int] | None = None
