"""Where a book's chapters lie in its audio."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter mark: the chapter fills `[start, end)`, counted in frames at the book's rate."""

    title: str
    start: int
    end: int
