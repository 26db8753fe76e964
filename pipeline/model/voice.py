"""Voice settings that engines take, and descriptions of the voices that they offer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice settings of a role; all fields but `volume` are part of a clip's key.

    `id` is the engine's name of the voice, None for its default voice. `rate` is in words per
    minute. `pitch` runs from 0 to 100, 50 being the voice's natural pitch; None leaves it alone.
    `volume` runs from 0.0 to 1.0. `shift` moves the pitch of the finished clip by so many
    semitones, and needs no support by the engine. `style` is one of the styles that the voice has,
    or any words for one that takes any; None is how it speaks by itself.
    """

    engine: str
    id: str | None = None
    rate: int = 165
    pitch: int | None = None
    volume: float = 1.0
    shift: float = 0.0
    style: str | None = None

    @property
    def label(self) -> str:
        """Engine and voice in readable form: `piper:en_US-joe-medium`."""
        return f"{self.engine}:{self.id or 'default'}"

    @property
    def settings(self) -> str:
        """The label with rate, pitch and shift, in the terms of voices.yaml."""
        changes = [f"pitch {self.pitch}"] if self.pitch is not None else []
        changes += [f"shift {self.shift:+g}"] if self.shift else []
        return ", ".join([self.label, f"rate {self.rate}", *changes])


ANY_STYLE = "*"
"""Among the styles of a voice: it takes a description in words of how to speak."""

RATES = (80, 450)
"""Limits of `rate` in words per minute, outside which nobody reads; a voice may narrow them."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that an engine offers.

    `variants` are suffixes of the id (`+m3`), each of which makes a different voice.
    `phonemes` is whether its texts may contain IPA in double brackets in place of a word, as in
    `She met [[hɜːˈmaɪəni]].`
    `model` identifies the model file if it has a replaceable one; it is part of a clip's key,
    beside the engine's fingerprint.
    `rates` are the lowest and the highest rate in words per minute; None if unknown until it
    speaks.
    `styles` are ways to speak that it has by itself, in the engine's words: `whispering`,
    `cheerfully`; `ANY_STYLE` if it takes any description.
    `natural_shift` is by how many semitones its clips can be shifted and still sound natural, for a
    voice without a pitch setting, whose `pitch` becomes a shift; None for one that has it.
    `formant` is whether it is synthesised from formants or tones, and so sounds like no person.
    `product` is what a listener knows the voice by (`eSpeak NG`), empty if that is the engine.
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
    formant: bool = False
    product: str = ""
    styles: tuple[str, ...] = ()
    natural_shift: float | None = None
