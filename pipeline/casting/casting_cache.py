"""Cached casting, so that editing the cast changes no other role's voice.

A producer who names a voice for one role, adds a role or corrects a line would otherwise hear the
other roles with new voices, and wait for their clips. It is stored with the clips: without them,
all is synthesised again anyway. To fix a voice for good, name it in voices.yaml.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache as once
from pathlib import Path
from typing import Any

from pipeline.casting.auto_casting import audible_settings, cast_roles
from pipeline.casting.exchanges import count_exchanges
from pipeline.casting.offered_voices import VoiceLister
from pipeline.core.errors import StoreError
from pipeline.model.cast import Cast, Role, name_key
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.tts.engines.registry import described


class CastingCache:
    """The voices chosen for the roles of one voices.yaml, in a file under `root`."""

    def __init__(self, root: Path, voices: Path):
        place = hashlib.sha256(str(voices.resolve()).encode()).hexdigest()
        self._file = root / "casts" / f"{place[:32]}.json"

    def kept(self, cast: Cast, offered: VoiceLister) -> dict[str, Voice]:
        """Return the cached voices that still fit their roles, by the key of the role's name.

        A voice fits while the engine offers it, the gender and the age are the same, and no role
        names it. What the producer has set since overrides the cached settings.
        """
        named = {audible_settings(role.voice) for role in _all(cast) if "id" not in role.free}
        entries, kept = self._read(), {}
        for role in _all(cast):
            entry = entries.get(name_key(role.name))
            voice = _fitting(entry, role) if isinstance(entry, dict) else None
            if voice is None or audible_settings(voice) in named:
                continue
            if described(offered(voice.engine), voice.id):
                kept[name_key(role.name)] = voice
        return kept

    def keep(self, cast: Cast) -> None:
        """Cache the voices of the roles that name none; raise StoreError if that fails."""
        known = self._read()
        chosen = {name_key(r.name): _entry(r) for r in _all(cast) if "id" in r.free}
        if {**known, **chosen} != known:
            self._write({**known, **chosen})

    def _read(self) -> Mapping[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}  # missing or damaged: all roles are cast as the first time

    def _write(self, entries: Mapping[str, Any]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, ensure_ascii=False, indent=1)
            os.replace(temporary, self._file)
        except OSError as error:
            what = f"cannot save the casting: {error.strerror or error}"
            remedy = "choose another folder with --cache"
            raise StoreError.of(what, file=self._file, remedy=remedy) from error


def with_voices(
    cast: Cast, script: Script, offered: VoiceLister, cache: Path, keep: bool = True
) -> Cast:
    """Return the cast with a voice for each role: its own, the cached one, or a new one.

    The choice is cached under `cache` if `keep` is set; StoreError is raised if it cannot be.
    """
    casts = CastingCache(cache, cast.path)
    asked = once(offered)
    voiced = cast_roles(cast, asked, count_exchanges(script, cast), casts.kept(cast, asked))
    if keep:
        casts.keep(voiced)
    return voiced


def _all(cast: Cast) -> tuple[Role, ...]:
    return cast.narrator, *cast.roles.values()


def _entry(role: Role) -> dict[str, Any]:
    voice = {k: v for k, v in asdict(role.voice).items() if k != "volume"}
    return {"gender": role.gender, "age": role.age, "voice": voice}


def _fitting(entry: Mapping[str, Any], role: Role) -> Voice | None:
    """Return the voice of an entry with the role's settings; None if it does not fit the role."""
    given = entry.get("voice")
    same = entry.get("gender") == role.gender and entry.get("age") == role.age
    if not isinstance(given, dict) or not same or given.get("engine") != role.voice.engine:
        return None
    set_by_hand = {"rate", "pitch", "shift"} - role.free
    with suppress(TypeError):  # written by another version
        own = {name: getattr(role.voice, name) for name in (*set_by_hand, "volume")}
        return Voice(**{**given, **own})
    return None
