"""The book's cover: drawn from title and author, or read from the producer's own picture."""

from pipeline.export.cover.drawing import draw
from pipeline.export.cover.image import Cover, from_bytes, read, square

__all__ = ["Cover", "draw", "from_bytes", "read", "square"]
