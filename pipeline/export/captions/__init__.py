"""Captions of a finished book: what is said, by whom and when, from the cues.

Each line is captioned where it sounds, in the words of the source and not those that the engine
was given. A line that takes more than one caption changes where the voice rests.
"""

from pipeline.export.captions.files import KINDS, write
from pipeline.export.captions.timing import Caption, captions

__all__ = ["KINDS", "Caption", "captions", "write"]
