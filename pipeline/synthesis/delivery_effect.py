"""The effect of a delivery on rate, pitch and gain of a voice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.dialogue.delivery import parse_delivery
from pipeline.model.voice import RATES, Voice


@dataclass(frozen=True, slots=True)
class DeliveryEffect:
    """A factor for the rate, steps to add to the pitch (0 to 100), and a gain in dB."""

    rate: float = 1.0
    pitch: int = 0
    gain: float = 0.0


EFFECTS: Mapping[str, DeliveryEffect] = {
    "whispering": DeliveryEffect(0.93, -3, -6.0),
    "murmuring": DeliveryEffect(0.96, -2, -3.0),
    "softly": DeliveryEffect(0.96, -1, -2.5),
    "shouting": DeliveryEffect(1.05, 6, 3.0),
    "screaming": DeliveryEffect(1.08, 10, 3.5),
    "crying out": DeliveryEffect(1.03, 4, 1.5),
    "sobbing": DeliveryEffect(0.92, 4, -1.5),
    "laughing": DeliveryEffect(1.04, 3, 0.5),
    "sighing": DeliveryEffect(0.92, -2, -2.0),
    "in a monotone": DeliveryEffect(0.95, -1, 0.0),
    "angrily": DeliveryEffect(1.05, 2, 2.0),
    "sadly": DeliveryEffect(0.93, -3, -1.5),
    "hoarsely": DeliveryEffect(0.95, -6, -1.5),
    "emphatically": DeliveryEffect(0.95, 2, 1.5),
    "thinking": DeliveryEffect(0.97, -1, -1.5),
    "slowly": DeliveryEffect(0.85, 0, 0.0),
    "quickly": DeliveryEffect(1.13, 2, 0.0),
}
"""Effects by delivery; a delivery that is not listed has none."""


def effect_of(delivery: str | None) -> DeliveryEffect:
    """Return the effect of a delivery, in the words of the table or of a producer."""
    if not delivery:
        return DeliveryEffect()
    if effect := EFFECTS.get(delivery.casefold()):
        return effect
    name = parse_delivery(delivery)
    return EFFECTS[name] if name else DeliveryEffect()


def apply_delivery(
    voice: Voice, delivery: str | None, rates: tuple[int, int] | None = None
) -> Voice:
    """Return the voice with rate and pitch changed by a delivery; its volume is left alone.

    `rates` are the lowest and the highest rate of the voice, None if unknown.
    """
    effect = effect_of(delivery)
    if effect.rate == 1.0 and not effect.pitch:
        return voice
    low, high = rates or RATES
    rate = min(max(high, voice.rate), max(min(low, voice.rate), round(voice.rate * effect.rate)))
    if not effect.pitch:
        return replace(voice, rate=rate)
    pitch = (50 if voice.pitch is None else voice.pitch) + effect.pitch
    return replace(voice, rate=rate, pitch=min(100, max(0, pitch)))
