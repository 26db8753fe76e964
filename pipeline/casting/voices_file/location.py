"""Where the cast lies when none is named."""

from pathlib import Path

from pipeline.core.data import data_path

HERE = Path("voices.yaml")
"""Where a producer keeps the cast, and where the first one is written."""


def default_path() -> Path:
    """Find the cast when none is named: `./voices.yaml`, else the one that the package brings."""
    if HERE.is_file():
        return HERE
    packaged = data_path("voices.yaml")
    # An editable install has no data folder: the file lies beside the package, in the project.
    return packaged if packaged.is_file() else packaged.parents[2] / "voices.yaml"
