"""The names that Audiobookshelf makes of the author or narrator of a file."""

import re

_SEPARATORS = ("&", " and ", ";")
_NICKNAME = re.compile(r"\s\([^)]*\)|\s\[[^\]]*\]")


def bookshelf_names(text: str) -> tuple[str, ...]:
    """Return the names in a text as Audiobookshelf splits it (its `parseNameString.js`).

    It splits at the first kind of separator that occurs, and at all commas. Where there are commas
    and the first part is a single word, each two parts are a surname and a given name. It drops
    what is in brackets.
    """
    separator = next((mark for mark in _SEPARATORS if mark in text), ",")
    parts = [part.strip() for group in text.split(separator) for part in group.split(",")]
    bare = [_NICKNAME.sub("", f" {part}").strip() for part in parts]
    if "," in text and " " not in bare[0]:
        pairs = zip(parts[::2], parts[1::2], strict=False)  # the last of an odd number is lost
        return tuple(f"{given} {surname}" for surname, given in pairs)
    return tuple(dict.fromkeys(filter(None, bare)))
