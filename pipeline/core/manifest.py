"""The list, in an output folder, of the files that a render wrote there, each by its content.

A file that stands under a listed name but has other content is the producer's: it is kept.
"""

import hashlib
import json
from pathlib import Path

from pipeline.core import paths
from pipeline.core.errors import EncodeError

MANIFEST = ".fullcast.json"
"""Its name. It is JSON: the SHA-256 of each file by its name; once it was a list of names."""
_MAX_BYTES = 10_000_000
_NOT_OURS = "name another with -o, or empty it"

Digests = dict[str, str | None]
"""The SHA-256 of files by name; None for those of a list of names alone."""


def write(folder: Path) -> None:
    """List all files in a folder. Raises OSError."""
    _save(folder, {path.name: digest(path) for path in sorted(folder.iterdir())})


def read(folder: Path) -> Digests:
    """Return the files that a render wrote to a folder; none if it is missing or empty.

    Raises EncodeError if it is a file, or has files but no list that can be read.
    """
    if paths.exists(folder, EncodeError) and not paths.is_folder(folder, EncodeError):
        raise EncodeError.of("this is a file", file=folder, remedy="name a folder with -o")
    try:
        return _loaded(folder)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        if folder.is_dir() and any(folder.iterdir()):
            what = "this folder has files in it and was not written by a render"
            raise EncodeError.of(what, file=folder, remedy=_NOT_OURS) from error
        return {}


def is_ours(path: Path, listed: Digests) -> bool:
    """Return whether a file is as a render wrote it. Raises OSError."""
    if path.name == MANIFEST:
        return True
    if path.name not in listed or path.is_symlink() or not path.is_file():
        return False
    return listed[path.name] in (None, digest(path))


def update(path: Path, former: str) -> None:
    """List the present content of a file in place of its `former` SHA-256, if that is listed."""
    try:
        listed = _loaded(path.parent)
        if listed.get(path.name) == former:
            _save(path.parent, {**listed, path.name: digest(path)})
    except (OSError, ValueError, TypeError, RecursionError, EncodeError):
        return  # then the file counts as the producer's, and is kept


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _loaded(folder: Path) -> Digests:
    content = json.loads(paths.read_bytes(folder / MANIFEST, _MAX_BYTES, EncodeError))
    if isinstance(content, dict):
        return {str(name): str(listed) for name, listed in content.items()}
    if not isinstance(content, list):
        raise TypeError("neither a list nor a mapping")
    return dict.fromkeys(map(str, content))


def _save(folder: Path, digests: Digests) -> None:
    text = json.dumps(digests, ensure_ascii=False, indent=0)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
