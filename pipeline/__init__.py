"""From a book to a full-cast audiobook, on one's own machine."""

__version__ = "0.1.0"
