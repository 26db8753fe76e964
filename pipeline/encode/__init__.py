"""From PCM to one audio file."""

from pathlib import Path

from pipeline.encode.base import Encoder
from pipeline.encode.formats import FORMATS, Format
from pipeline.encode.kept import Parts
from pipeline.encode.parallel import PartsEncoder
from pipeline.encode.stream import StreamEncoder

__all__ = ["FORMATS", "Encoder", "Format", "Parts", "encoder"]


def encoder(form: Format, rate: int, out: Path, cache: Path) -> Encoder:
    """Give the encoder of a format; what can be used again it keeps in the folder `cache`."""
    if form.grain is None:
        return StreamEncoder(form, rate, out)
    return PartsEncoder(form, rate, out, cache)
