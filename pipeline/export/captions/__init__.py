"""Captions of a finished book: who says what and when, from the cues.

Each line is captioned while it sounds, in the words of the source and not in those given to the
engine. A line of several captions changes from one to the next in a silence of its voice.
"""

from pipeline.export.captions.files import KINDS, paths, write
from pipeline.export.captions.timing import Caption, captions

__all__ = ["KINDS", "Caption", "captions", "paths", "write"]
