"""Fountain scripts: read, written, and written again without losing corrections.

A script is plain Fountain (https://fountain.io/syntax), so any screenplay editor opens it. Ours
ends with a record of what was written (`record`): a line that differs from it was corrected by
hand, whatever has happened to the book and the program since, and the correction is carried over
(`merge`) when the script is written again. Two blank lines separate the book's paragraphs, one
blank line what is in one paragraph, so a script renders with the pauses of its book.
"""

from pipeline.ingest.fountain.merge import MergedScript, merge, with_speaker_pauses
from pipeline.ingest.fountain.reading import (
    BY_HAND,
    EditedScript,
    is_generated,
    line_rows,
    read,
    read_edits,
)
from pipeline.ingest.fountain.writing import write

__all__ = [
    "BY_HAND",
    "EditedScript",
    "MergedScript",
    "is_generated",
    "line_rows",
    "merge",
    "read",
    "read_edits",
    "with_speaker_pauses",
    "write",
]
