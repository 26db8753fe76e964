"""The files of a folder that are the chapters of a book, in the natural order of their names."""

import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.core import paths
from pipeline.core.errors import Problem, SourceError
from pipeline.core.messages import listed

MAX_FILES = 5_000
"""More chapters of a serial have more characters than a book may have."""
_DIGITS = re.compile(r"(\d+)")
_MOST_NAMED = 6


def natural_order(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Return the key that sorts `2. Snow.txt` before `10. Rain.txt`."""
    pieces = enumerate(_DIGITS.split(path.stem.casefold()))
    return [(0, int(p), "") if i % 2 else (1, 0, p) for i, p in pieces if p], path.name


def chapter_files(
    folder: Path, is_book: Callable[[Path], bool]
) -> tuple[Sequence[Path], Sequence[Problem]]:
    """Return the files of `folder` that are books, in order, and a notice of what is left out.

    Hidden files, folders, and files that are no books are left out. Raise SourceError if none is
    left.
    """
    try:
        entries = sorted(folder.iterdir(), key=natural_order)
    except OSError as error:
        raise paths.unusable(folder, error, SourceError) from error
    shown = [path for path in entries if not path.name.startswith(".")]
    if len(shown) > MAX_FILES:
        what = f"contains {len(shown):,} files, too many for a book"
        raise SourceError.of(what, file=folder, remedy="name those of one book")
    chapters = [path for path in shown if _has_content(path) and is_book(path)]
    if not chapters:
        what = "is a folder without a file in a known format"
        raise SourceError.of(what, file=folder, remedy="name a book, or a folder of its chapters")
    kept = frozenset(chapters)
    others = [path.name for path in entries if path not in kept]
    if not others:
        return chapters, ()
    what = f"not chapters, so not read: {listed(others, _MOST_NAMED)}"
    return chapters, (Problem(what, folder),)


def _has_content(path: Path) -> bool:
    """Check for a file that is not empty."""
    found = paths.status(path, SourceError)
    return found is not None and stat.S_ISREG(found.st_mode) and found.st_size > 0
