"""A book's prose as spans of narration and speech."""

from pipeline.quotes.spans import Span
from pipeline.quotes.split import split

__all__ = ["Span", "split"]
