"""Checks of the voice settings that an engine receives.

Speech libraries clip numbers and replace missing voices silently; the checks raise instead.
"""

from collections.abc import Callable, Iterable, Sequence

from pipeline.core.errors import EngineError
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.missing_voice import explain_missing_voice


def check_voice(
    engine: str, voice_id: str, ids: Iterable[str], voices: Callable[[], Sequence[VoiceInfo]]
) -> None:
    """Raise EngineError unless `voice_id` is one of `ids`.

    The message is made from `voices()`: it suggests similar ids, or the command that installs the
    voice.
    """
    if voice_id not in ids:
        what, remedy = explain_missing_voice(engine, voice_id, voices())
        raise EngineError.of(what, remedy=remedy)


def check_settings(engine: str, voice: Voice, rates: tuple[int, int]) -> None:
    """Raise EngineError if the rate, pitch or volume of `voice` is out of range."""
    check_range(engine, "rate", voice.rate, *rates)
    check_range(engine, "pitch", 50 if voice.pitch is None else voice.pitch, 0, 100)
    check_range(engine, "volume", voice.volume, 0, 1)


def check_range(engine: str, setting: str, value: float, low: float, high: float) -> None:
    """Raise EngineError unless `low <= value <= high`."""
    if not low <= value <= high:
        raise EngineError.of(
            f"{setting} {value:g} is out of range for {engine}", remedy=f"use {low:g} to {high:g}"
        )
