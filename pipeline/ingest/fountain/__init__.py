"""The script as Fountain: written, corrected by a person, read, and written again."""

from pipeline.ingest.fountain.merge import Merged, merged
from pipeline.ingest.fountain.reading import Compared, compared, is_script, read, read_book
from pipeline.ingest.fountain.writing import write

__all__ = [
    "Compared",
    "Merged",
    "compared",
    "is_script",
    "merged",
    "read",
    "read_book",
    "write",
]
