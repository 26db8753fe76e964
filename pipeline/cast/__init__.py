"""The cast: voices.yaml, read with all its mistakes told at once, and roles without a voice cast.

`load` reads a file; `default_path` finds the one to read when none is named.
"""

from pathlib import Path

from pipeline.cast.load import load
from pipeline.cast.model import Cast, Role

__all__ = ["HERE", "Cast", "Role", "default_path", "load"]

HERE = Path("voices.yaml")
"""Where a producer keeps the cast, and where the first one is written."""


def default_path() -> Path:
    """Find the cast when none is named: `./voices.yaml`, else the one that the package brings."""
    if HERE.is_file():
        return HERE
    package = Path(__file__).resolve().parents[1]
    packaged = package / "data" / "voices.yaml"
    # An editable install has no data folder: the file lies beside the package, in the project.
    return packaged if packaged.is_file() else package.parent / "voices.yaml"
