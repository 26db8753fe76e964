"""What a delivery does to a voice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.dialogue.delivery import parse_delivery
from pipeline.model.voice import RATES, Voice


@dataclass(frozen=True, slots=True)
class DeliveryEffect:
    """A factor for the rate, steps of pitch (of 100) to add, and dB to add."""

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
    "slowly": DeliveryEffect(0.85, 0, 0.0),
    "quickly": DeliveryEffect(1.13, 2, 0.0),
}
"""Delivery to what it does; any other delivery does nothing."""


def effect(delivery: str | None) -> DeliveryEffect:
    """Give what a delivery does: one of the table, or a person's own words for one of them."""
    if not delivery:
        return DeliveryEffect()
    if known := EFFECTS.get(delivery.casefold()):
        return known
    named = parse_delivery(delivery)
    return EFFECTS[named] if named else DeliveryEffect()


def voiced(voice: Voice, delivery: str | None, rates: tuple[int, int] | None = None) -> Voice:
    """Give the voice as it sounds in that delivery; its volume is left alone.

    `rates` are the lowest and the highest that the voice can do, None where it does not tell.
    """
    does = effect(delivery)
    if does.rate == 1.0 and not does.pitch:
        return voice
    low, high = rates or RATES
    rate = min(max(high, voice.rate), max(min(low, voice.rate), round(voice.rate * does.rate)))
    if not does.pitch:
        return replace(voice, rate=rate)
    pitch = (50 if voice.pitch is None else voice.pitch) + does.pitch
    return replace(voice, rate=rate, pitch=min(100, max(0, pitch)))
