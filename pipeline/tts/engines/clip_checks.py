"""Checks of what an engine returns: nonsense is noticed before it is cached and heard."""

from pipeline.core.errors import EngineFaultError
from pipeline.core.messages import duration
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice

RATES = (4_000, 384_000)
"""Limits of a clip's rate in Hz."""
_MOST_PER_CHARACTER = 1.0
"""Seconds. At 80 words a minute, the slowest rate, it is 0.13; a digit may be several words."""
_SILENT = 2
"""Letters and digits: engines leave out a character or two that they do not know."""
_ALLOWANCE = 10.0
"""Seconds that any text may take."""


def check_clip(clip: Clip, text: str, voice: Voice) -> None:
    """Raise EngineFaultError for audio that cannot be the text: without rate, endless, silent.

    Text with hardly a letter or digit may be silent.
    """
    what = _fault(clip, text, voice.volume)
    if what:
        remedy = "try again; if it recurs, change the text or choose another voice"
        raise EngineFaultError.of(f"{voice.label} returned {what}", remedy=remedy)


def _fault(clip: Clip, text: str, volume: float) -> str | None:
    rate = clip.rate
    if not isinstance(rate, int) or not RATES[0] <= rate <= RATES[1]:
        return f"audio at {rate!r} Hz"
    if not isinstance(clip.pcm, bytes | bytearray) or len(clip.pcm) % 2:
        return "what is not 16-bit audio"
    if clip.seconds > _ALLOWANCE + _MOST_PER_CHARACTER * len(text):
        return f"{duration(clip.seconds)} of audio for {len(text):,} characters"
    letters = sum(map(str.isalnum, text))
    audible = letters > _SILENT and text.isascii() and volume > 0
    if audible and not any(clip.pcm):
        return "silence"
    return None
