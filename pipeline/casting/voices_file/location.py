"""Where voices.yaml is when --voices does not name one, and the option that names it."""

import os
import shlex
from pathlib import Path

from pipeline.casting.voices_file.insertion import write_cast
from pipeline.core.data import data_path

LOCAL_CAST = Path("voices.yaml")
"""Where a producer keeps the cast, and where a new one is written."""


def default_path() -> Path:
    """Return the path of the default cast: `./voices.yaml`, or else the one in the package."""
    if os.path.lexists(LOCAL_CAST):  # whatever it is: nobody's cast is passed over in silence
        return LOCAL_CAST
    return _packaged_path()


def own_path(path: Path) -> Path:
    """Return the path of a cast that may be changed: a local copy of the one in the package."""
    if path != _packaged_path() or os.path.lexists(LOCAL_CAST):
        return path
    write_cast(LOCAL_CAST, path.read_text(encoding="utf-8"))
    return LOCAL_CAST


def _packaged_path() -> Path:
    packaged = data_path("voices.yaml")
    # In an editable install the file is beside the package, in the project's root.
    return packaged if packaged.is_file() else packaged.parents[2] / "voices.yaml"


def voices_option(path: Path) -> str:
    """Return ` --voices FILE` for a cast that a command does not take by itself, else nothing."""
    is_default = path in (LOCAL_CAST, default_path())
    return "" if is_default else f" --voices {shlex.quote(str(path))}"


def cast_command(source: str, cast: Path) -> str:
    """Return the command that adds the characters of a book to a cast, as it is typed."""
    return f"fullcast cast {source}{voices_option(cast)}"
