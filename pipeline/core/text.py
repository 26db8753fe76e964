"""Text as one line or a few, cut to a length in bytes."""

import unicodedata
from collections.abc import Mapping


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of fields as tags can hold them: on one line, but for the description."""
    return {
        name: paragraphs(text) if name == "description" else one_line(text)
        for name, text in texts.items()
    }


def one_line(text: str) -> str:
    """Return `text` on one line, as a list in a player shows it.

    Runs of white space become one space. Control characters go: a NUL cuts a tag short or splits
    it in two. So do byte-order marks; half a surrogate pair, which UTF-8 cannot hold, becomes "?".
    """
    kept = (c for c in " ".join(text.split()) if unicodedata.category(c) != "Cc" and c != "\ufeff")
    return " ".join("".join(kept).encode("utf-8", "replace").decode("utf-8").split())


def paragraphs(text: str) -> str:
    """Return `text` with each line cleaned by itself; blank lines at its ends go."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip("\n")


def cut(text: str, most: int) -> str:
    """Return `text` in at most `most` bytes of UTF-8, ended with "…" at a whole letter if cut."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len("…".encode())].decode("utf-8", "ignore").rstrip() + "…"
