"""The effect of a delivery: a style of the voice or, where it has none, rate, pitch and gain.

`python -m benchmarks.deliveries` measures what each of them does with each engine (docs/voices.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dialogue.delivery import delivery_name
from pipeline.model.voice import ANY_STYLE, RATES, Voice


@dataclass(frozen=True, slots=True)
class DeliveryEffect:
    """A factor for the rate, steps to add to the pitch (0 to 100), and a gain in dB."""

    rate: float = 1.0
    pitch: int = 0
    gain: float = 0.0


EFFECTS: Mapping[str, DeliveryEffect] = {
    "whispering": DeliveryEffect(0.92, -6, -6.0),
    "murmuring": DeliveryEffect(0.95, -5, -3.5),
    "softly": DeliveryEffect(0.95, -4, -3.0),
    "shouting": DeliveryEffect(1.06, 13, 3.5),
    "screaming": DeliveryEffect(1.09, 16, 4.0),
    "crying out": DeliveryEffect(1.03, 8, 2.0),
    "sobbing": DeliveryEffect(0.9, 7, -1.5),
    "laughing": DeliveryEffect(1.05, 7, 0.5),
    "sighing": DeliveryEffect(0.9, -5, -2.5),
    "in a monotone": DeliveryEffect(0.93, -3, -0.5),
    "angrily": DeliveryEffect(1.06, 6, 2.5),
    "sadly": DeliveryEffect(0.9, -6, -2.0),
    "hoarsely": DeliveryEffect(0.94, -9, -1.5),
    "coldly": DeliveryEffect(0.93, -7, -0.5),
    "sharply": DeliveryEffect(1.08, 4, 2.5),
    "gravely": DeliveryEffect(0.9, -8, 0.0),
    "drawling": DeliveryEffect(0.84, -5, -0.5),
    "through clenched teeth": DeliveryEffect(0.93, -9, -1.5),
    "pleading": DeliveryEffect(0.96, 8, -0.5),
    "trembling": DeliveryEffect(1.05, 7, -2.0),
    "hesitantly": DeliveryEffect(0.88, 3, -1.5),
    "cheerfully": DeliveryEffect(1.06, 8, 0.5),
    "scornfully": DeliveryEffect(0.94, -5, 0.5),
    "emphatically": DeliveryEffect(0.93, 5, 1.5),
    "thinking": DeliveryEffect(0.96, -4, -2.0),
    "slowly": DeliveryEffect(0.85, 0, 0.0),
    "quickly": DeliveryEffect(1.14, 3, 0.0),
}
"""Effects by delivery; a delivery that is not listed has none."""


def effect_of(delivery: str | None) -> DeliveryEffect:
    """Return the effect of a delivery, in the words of the table or of a producer."""
    name = delivery_name(delivery) if delivery else None
    return EFFECTS[name] if name else DeliveryEffect()


def style_of(delivery: str | None, styles: Sequence[str]) -> str | None:
    """Return the style of a voice, of all that it has, for a delivery; None if none fits."""
    if not delivery or ANY_STYLE in styles:
        return delivery or None
    name = delivery_name(delivery)
    for style in styles:
        if style.casefold() == delivery.casefold() or (name and delivery_name(style) == name):
            return style
    return None


def apply_delivery(
    voice: Voice,
    delivery: str | None,
    rates: tuple[int, int] | None = None,
    styles: Sequence[str] = (),
) -> Voice:
    """Return the voice in the style of a delivery or, if it has none, with other rate and pitch.

    Its volume is left alone. `rates` are the lowest and the highest rate of the voice, None if
    unknown.
    """
    if style := style_of(delivery, styles):
        return replace(voice, style=style)
    effect = effect_of(delivery)
    if effect.rate == 1.0 and not effect.pitch:
        return voice
    low, high = rates or RATES
    rate = min(max(high, voice.rate), max(min(low, voice.rate), round(voice.rate * effect.rate)))
    if not effect.pitch:
        return replace(voice, rate=rate)
    pitch = (50 if voice.pitch is None else voice.pitch) + effect.pitch
    return replace(voice, rate=rate, pitch=min(100, max(0, pitch)))
