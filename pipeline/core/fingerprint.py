"""The keys of what is kept, and what this program is in them: changed, it makes things anew."""

import hashlib
import json
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_NAME = re.compile(r"[\w.-]+")


def cache_key(told: object) -> str:
    """Give the SHA-256, 64 hexadecimal digits, of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@cache
def program() -> str:
    """The SHA-256 of the package's own files and of the versions of the libraries it needs.

    What text is put into, how it is cut, mixed and levelled is told by code; a version number that
    somebody must remember to change would one day let old sounds pass for new ones.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            digest.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    for name in _libraries():
        digest.update(f"\0{name} {_version(name)}".encode())
    return digest.hexdigest()


def _libraries() -> list[str]:
    needed = (line for line in requires("fullcast") or () if "extra ==" not in line)
    return sorted(found[0] for line in needed if (found := _NAME.match(line)))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None  # needed by another Python or system than this
