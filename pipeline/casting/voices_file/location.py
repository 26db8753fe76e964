"""Where voices.yaml is when --voices does not name one."""

from pathlib import Path

from pipeline.core.data import data_path

LOCAL_CAST = Path("voices.yaml")
"""Where a producer keeps the cast, and where a new one is written."""


def default_path() -> Path:
    """Return the path of the default cast: `./voices.yaml`, or else the one in the package."""
    if LOCAL_CAST.is_file():
        return LOCAL_CAST
    packaged = data_path("voices.yaml")
    # In an editable install the file is beside the package, in the project's root.
    return packaged if packaged.is_file() else packaged.parents[2] / "voices.yaml"
