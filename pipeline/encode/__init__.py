"""From PCM to one audio file."""

from pathlib import Path

from pipeline.encode.base import Encoder
from pipeline.encode.formats import FORMATS, Format
from pipeline.encode.parallel import PartsEncoder
from pipeline.encode.stream import StreamEncoder

__all__ = ["FORMATS", "Encoder", "Format", "encoder"]


def encoder(form: Format, rate: int, out: Path) -> Encoder:
    """Give the encoder of a format; it may use the folder of `out` for what it writes meanwhile."""
    if form.grain is None:
        return StreamEncoder(form, rate, out)
    return PartsEncoder(form, rate, out)
