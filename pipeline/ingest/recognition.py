"""What a file is recognised by: its first bytes, and the names of what a container has in it."""

from pathlib import Path

from pipeline.ingest import files
from pipeline.ingest.archive import entry_names

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_NAMES = 200_000  # bytes
_OLE_ENTRY = 128  # bytes of a stream in the directory
_MAX_STREAMS = 32


def evidence(path: Path) -> bytes:
    """Return the first bytes of the file at `path`, and the names in it, each on its own line.

    Names are those of the entries of a ZIP archive, and of the streams of an OLE file: office
    programs put all their documents into such containers.
    """
    head = files.head(path)
    names = b""
    if head.startswith(_ZIP):
        names = "\n".join(entry_names(path)).encode("utf-8", "replace")[:_MAX_NAMES]
    elif head.startswith(_OLE):
        names = _streams(path, head)
    return b"\n".join((head, names, b""))


def _streams(path: Path, head: bytes) -> bytes:
    """Return the names of the first streams in an OLE file, whose directory is in its sectors."""
    sector_size = 1 << min(head[30], 12)
    first = int.from_bytes(head[48:52], "little")
    with path.open("rb") as file:
        file.seek((first + 1) * sector_size)
        directory = file.read(_MAX_STREAMS * _OLE_ENTRY)
    entries = (directory[i : i + 64] for i in range(0, len(directory), _OLE_ENTRY))
    names = (entry.decode("utf-16-le", "replace").partition("\0")[0] for entry in entries)
    return "\n".join(filter(None, names)).encode("utf-8", "replace")
