"""ZIP archives whose bytes depend on their contents alone: no times, no permissions of files."""

import shutil
import zipfile
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)


def add_text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Add a compressed text."""
    archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), text.encode("utf-8"))


def add_stored(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add data as they are."""
    archive.writestr(_entry(name, zipfile.ZIP_STORED), data)


def add_file(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Add a file as it is: audio and pictures are compressed already, and players seek in them."""
    with (
        path.open("rb") as source,
        archive.open(
            _entry(name, zipfile.ZIP_STORED), "w", force_zip64=path.stat().st_size >= 1 << 31
        ) as target,
    ):
        shutil.copyfileobj(source, target, 1 << 20)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    return entry
