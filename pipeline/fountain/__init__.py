"""The script as Fountain: written, corrected by a person, read, and written again."""

from pipeline.fountain.merge import Merged, merged
from pipeline.fountain.names import strangers, with_cast_names
from pipeline.fountain.read import Compared, compared, is_script, read, read_book
from pipeline.fountain.write import write

__all__ = [
    "Compared",
    "Merged",
    "compared",
    "is_script",
    "merged",
    "read",
    "read_book",
    "strangers",
    "with_cast_names",
    "write",
]
