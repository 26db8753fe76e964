"""The measured voices as a table in Markdown, for docs/voices.md.

    python -m training.voice_table

The intervals are those of 95%: of the words wrong by E. B. Wilson's score (1927), as if words were
misheard independently of each other; of the quality by the standard error over sentences.
"""

from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import stdev

from pipeline.core.errors import EngineError
from pipeline.tts.engines import registry
from training.voices import Measurement, measurements

_NORMAL = 1.96  # standard deviations to either side hold 95%


def wilson(wrong: int, total: int) -> tuple[float, float]:
    """Return the limits of a share of which `wrong` of `total` were observed."""
    share, square = wrong / total, _NORMAL**2 / total
    centre = (share + square / 2) / (1 + square)
    half = _NORMAL * sqrt(share * (1 - share) / total + square / total / 4) / (1 + square)
    return max(0.0, centre - half), min(1.0, centre + half)


def rows() -> Iterator[str]:
    """Yield the lines of the table; settings of which only an embedding is known are left out."""
    yield "| engine | voice | shift | words wrong | 95% | quality | pace | licence |"
    yield "|---|---|---|---|---|---|---|---|"
    for measured in sorted(measurements(), key=lambda measured: measured.key):
        if measured.words:
            yield f"| {' | '.join(_cells(measured))} |"


def _cells(measured: Measurement) -> Iterator[str]:
    engine, voice, _, shift = measured.key
    low, high = wilson(measured.wrong, measured.words)
    yield engine
    yield voice
    yield f"{shift:+g}" if shift else ""
    yield f"{measured.wrong} of {measured.words}"
    yield f"{100 * low:.0f} to {100 * high:.0f}%"
    yield f"{measured.quality:.1f}{_error(measured.qualities)}"
    yield f"{measured.pace:.0f}"
    yield _licence(engine, voice)


def _error(qualities: Sequence[float]) -> str:
    if len(qualities) < 2:
        return ""
    return f" ± {_NORMAL * stdev(qualities) / sqrt(len(qualities)):.1f}"


def _licence(engine: str, voice: str) -> str:
    try:
        info = registry.describe_voice(engine, voice)
    except EngineError:
        return ""
    return (info.licence if info else None) or ""


if __name__ == "__main__":
    print("\n".join(rows()))
