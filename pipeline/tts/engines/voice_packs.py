"""Voices that can be fetched: files with their sizes, checksums and licences.

The table is `pipeline/data/packs.json`. Where the files lie once they are here is told by `folder`:
an engine looks for its models there, and nothing but `fullcast voices install` writes there.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.core.data import data_path

_TABLE = data_path("packs.json")
# CC BY-NC, "non-commercial use only" and their like.
_RESTRICTED = re.compile(r"\bNC\b|non-?\s?commercial", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackItem:
    """A file to be had: its name, its size in bytes, and the SHA-256 that it must have.

    `url` and `sha256` are empty for a file of somebody's own, whose checksum nobody knows.
    """

    name: str
    size: int
    sha256: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class VoicePack:
    """What one `fullcast voices install ENGINE VOICE` brings; `usual` when no voice is named.

    `is_voice` where it is one voice of that name, and not a model with others in it.
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
        """Bytes of all its files."""
        return sum(item.size for item in self.items)

    @property
    def is_here(self) -> bool:
        """Whether all its files are installed."""
        place = folder(self.engine, self.voice)
        return all((place / item.name).is_file() for item in self.items)


def of(engine: str) -> tuple[VoicePack, ...]:
    """The packs of an engine, in the order of the table; none for one that needs no files."""
    return tuple(pack for pack in _packs() if pack.engine == engine)


def named(engine: str, voice: str) -> VoicePack | None:
    """The pack of that voice, if the table has it."""
    return next((pack for pack in of(engine) if pack.voice == voice), None)


def root() -> Path:
    """The folder for voices: below what FULLCAST_DATA names, else the user's data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415 - most commands want no voices

    chosen = os.environ.get("FULLCAST_DATA")
    return (Path(chosen) if chosen else user_data_path("fullcast", appauthor=False)) / "voices"


def folder(engine: str, voice: str | None = None) -> Path:
    """Where the files of an engine lie, or of one of its packs."""
    return root() / engine / voice if voice else root() / engine


def is_restricted(licence: str | None) -> bool:
    """Say whether a licence forbids commercial use."""
    return licence is not None and _RESTRICTED.search(licence) is not None


@cache
def _packs() -> tuple[VoicePack, ...]:
    return tuple(map(_pack, json.loads(_TABLE.read_text(encoding="utf-8"))))


def _pack(entry: Mapping[str, Any]) -> VoicePack:
    fields = {key: value for key, value in entry.items() if key not in {"base", "items"}}
    items = [PackItem(**item, url=entry["base"] + item["name"]) for item in entry["items"]]
    return VoicePack(**fields, items=tuple(items))
