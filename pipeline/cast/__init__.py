"""The cast: voices.yaml, read with all its mistakes told at once, and roles without a voice cast.

`load` reads a file; `default_path` finds the one to read when none is named.
"""

from pathlib import Path

from pipeline.cast.load import load
from pipeline.cast.model import Cast, Role

__all__ = ["Cast", "Role", "default_path", "load"]


def default_path() -> Path:
    """Find the cast when none is named: `./voices.yaml`, else the one that the package brings."""
    here = Path("voices.yaml")
    if here.is_file():
        return here
    package = Path(__file__).resolve().parents[1]
    packaged = package / "data" / "voices.yaml"
    # An editable install has no data folder: the file lies beside the package, in the project.
    return packaged if packaged.is_file() else package.parent / "voices.yaml"
