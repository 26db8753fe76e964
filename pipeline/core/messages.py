"""Numbers, lists, durations, sizes and quotations as text for messages."""

from collections.abc import Sequence
from pathlib import Path


def quoted(text: str, max_length: int = 60) -> str:
    """Return `text` in quotes, shortened to `max_length` characters."""
    return repr(text if len(text) <= max_length else f"{text[: max_length - 3]}...")


def printable(path: Path) -> str:
    """Return a path for display: a file name on disk need not be valid Unicode."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 chapter`, `2,000 chapters`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return names as a list in words: `Ann`, `Ann and Bo`, `Ann, Bo and 3 others`."""
    shown, rest = list(names[:most]), len(names) - most
    if rest > 0:
        shown.append(count(rest, "other"))
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def duration(seconds: float) -> str:
    """Return a duration in readable form: `2 h 06 min`, `6 min 05 s`, `12 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"


def size(size_bytes: float) -> str:
    """Return a number of bytes in readable form: `12 kB`, `3.4 MB`, `2.9 GB`."""
    if size_bytes >= 1e9:
        return f"{size_bytes / 1e9:,.1f} GB"
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:,.0f} kB"


def timestamp(milliseconds: int, point: str = ".") -> str:
    """Return a time as captions and tags write it: `HH:MM:SS.mmm`."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
