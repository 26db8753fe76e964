"""Text put on one line, and truncated to a length in bytes."""

import unicodedata

FILLER = "\u200b"
"""What stands in a text for a character that is not read, so that offsets stay those of the file.

A zero-width space: it separates no words, and nobody reads it.
"""


def collapse(text: str) -> str:
    """Return the words of `text` with single spaces between them, without what is not read."""
    return " ".join(text.replace(FILLER, "").split())


def one_line(text: str) -> str:
    """Return `text` on one line, with each run of white space as one space.

    Control characters are removed, since a NUL would cut a
    tag short or split it in two, and so are byte-order marks. An unpaired surrogate, which UTF-8
    cannot encode, becomes "?".
    """
    visible = (
        char
        for char in " ".join(text.split())
        if unicodedata.category(char) != "Cc" and char != "\ufeff"
    )
    return " ".join("".join(visible).encode("utf-8", "replace").decode("utf-8").split())


def truncate(text: str, max_bytes: int) -> str:
    """Return `text` in at most `max_bytes` bytes of UTF-8, ending in "…" if it was cut."""
    if len(text.encode()) <= max_bytes:
        return text
    available = max_bytes - len("…".encode())
    return text.encode()[:available].decode("utf-8", "ignore").rstrip() + "…"
