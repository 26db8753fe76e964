"""Cleaning and truncating text for tags, captions and file names."""

import unicodedata
from collections.abc import Mapping


def clean_fields(texts: Mapping[str, str]) -> dict[str, str]:
    """Return metadata as tags can hold it: each field on one line, but for the description."""
    return {
        name: paragraphs(text) if name == "description" else one_line(text)
        for name, text in texts.items()
    }


def one_line(text: str) -> str:
    """Return `text` on one line, with each run of white space as one space.

    Control characters are removed, since a NUL truncates a tag or splits it in two, and so are
    byte-order marks. Lone surrogates, which UTF-8 cannot encode, become "?".
    """
    kept = (c for c in " ".join(text.split()) if unicodedata.category(c) != "Cc" and c != "\ufeff")
    return " ".join("".join(kept).encode("utf-8", "replace").decode("utf-8").split())


def paragraphs(text: str) -> str:
    """Return `text` with `one_line` applied to each line, without blank lines at either end."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip("\n")


def truncate(text: str, max_bytes: int) -> str:
    """Return `text` in at most `max_bytes` of UTF-8; if shortened, it ends with "…"."""
    if len(text.encode()) <= max_bytes:
        return text
    return text.encode()[: max_bytes - len("…".encode())].decode("utf-8", "ignore").rstrip() + "…"
