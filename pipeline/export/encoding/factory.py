"""From PCM to one audio file."""

from pathlib import Path

from pipeline.export.encoding.cache import FileCache, PartCache
from pipeline.export.encoding.encoder import Encoder
from pipeline.export.encoding.file_encoder import FileEncoder
from pipeline.export.encoding.formats import FORMATS, Format
from pipeline.export.encoding.parts_encoder import PartsEncoder

__all__ = ["FORMATS", "Encoder", "FileCache", "Format", "PartCache", "encoder"]


def encoder(form: Format, rate: int, out: Path, cache: Path) -> Encoder:
    """Give the encoder of a format; what can be used again it keeps in the folder `cache`."""
    if form.grain is None:
        return FileEncoder(form, rate, out, cache)
    return PartsEncoder(form, rate, out, cache)
