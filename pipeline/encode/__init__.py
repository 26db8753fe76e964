"""From PCM to one audio file."""

from pathlib import Path

from pipeline.encode.base import Encoder
from pipeline.encode.formats import FORMATS, Format
from pipeline.encode.kept import Files, Parts
from pipeline.encode.parallel import PartsEncoder
from pipeline.encode.whole import FileEncoder

__all__ = ["FORMATS", "Encoder", "Files", "Format", "Parts", "encoder"]


def encoder(form: Format, rate: int, out: Path, cache: Path) -> Encoder:
    """Give the encoder of a format; what can be used again it keeps in the folder `cache`."""
    if form.grain is None:
        return FileEncoder(form, rate, out, cache)
    return PartsEncoder(form, rate, out, cache)
