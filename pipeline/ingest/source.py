"""What a command reads as a book: a file, a folder of chapters, standard input, or several."""

from pathlib import Path

Source = Path | tuple[Path, ...]
"""A file, a folder of chapters, or `STDIN`; or several of these as one book."""

STDIN = Path("-")
_STDIN_STEM = "book"


def paths_of(source: Source) -> tuple[Path, ...]:
    """Return what a source consists of, as it was named."""
    return (source,) if isinstance(source, Path) else source


def is_folder(path: Path) -> bool:
    """Whether there is a folder at `path`."""
    try:
        return path != STDIN and path.is_dir()
    except OSError:  # a name that is too long
        return False


def output_stem(source: Source) -> str:
    """Return the name, without a suffix, of what is made of a source by default."""
    first = paths_of(source)[0]
    if first == STDIN:
        return _STDIN_STEM
    return first.resolve().name if is_folder(first) else first.stem
