"""Cached castings: the voices that were chosen automatically for the roles of each voices.yaml.

They keep an edit of the cast from recasting the roles it does not touch: a producer who names a
voice for one role, adds a role or corrects a line would otherwise hear other roles change, and wait
for them to be synthesised again.

Everything else in the cache is computed again exactly as it was; a casting that grew with its book
is not. Pruning therefore spares the casting of any voices.yaml that still exists, whatever its age.
To fix a voice for good, name it in voices.yaml.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache as once
from pathlib import Path
from typing import Any

from pipeline.casting.auto_casting import audible_settings, cast_roles
from pipeline.casting.exchanges import count_exchanges
from pipeline.casting.offered_voices import VoiceLister
from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key
from pipeline.core.paths import resolved
from pipeline.model.cast import Cast, Role, name_key
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.tts.engines.registry import find_voice


class CastingCache(JsonCache):
    """Castings under `root/casts`, one for each voices.yaml, by its path."""

    def __init__(self, root: Path, create: bool = True):
        super().__init__(root, create, folder="casts")

    def voices(self, cast: Cast, voices_of: VoiceLister) -> dict[str, Voice]:
        """Return the cached voices that still fit their roles, by `name_key`.

        A voice fits while the engine offers it, the role's gender and age are the same, and no
        other role names it. Settings in voices.yaml override those in the cache.
        """
        named = {audible_settings(role.voice) for role in _all(cast) if "id" not in role.free}
        entries, fitting = self._entries(cast), {}
        for role in _all(cast):
            entry = entries.get(name_key(role.name))
            voice = _fitting(entry, role) if isinstance(entry, dict) else None
            if voice is None or audible_settings(voice) in named:
                continue
            if find_voice(voices_of(voice.engine), voice.id):
                fitting[name_key(role.name)] = voice
        return fitting

    def save(self, cast: Cast) -> None:
        """Cache the voices of the roles that name none; StoreError if the cache is not writable."""
        known = self._entries(cast)
        chosen = {name_key(r.name): _entry(r) for r in _all(cast) if "id" in r.free}
        if {**known, **chosen} != known:
            casting = {"voices_file": str(resolved(cast.path)), "roles": {**known, **chosen}}
            self.write(_key(cast), casting)

    def outlives_pruning(self, key: str) -> bool:
        """Return whether the voices.yaml of a casting still exists."""
        casting = self.read(key)
        return isinstance(casting, dict) and os.path.isfile(casting.get("voices_file", ""))

    def _entries(self, cast: Cast) -> Mapping[str, Any]:
        """Return the cached entries of a cast's roles; none if there is no valid casting."""
        casting = self.read(_key(cast))
        entries = casting.get("roles") if isinstance(casting, dict) else None
        return entries if isinstance(entries, dict) else {}


def _key(cast: Cast) -> str:
    return cache_key(["casting", str(resolved(cast.path)), *cast.engines])


def with_voices(
    cast: Cast, script: Script, voices_of: VoiceLister, cache: Path, keep: bool = True
) -> Cast:
    """Return the cast with a voice for each role: its own, the cached one, or a new one.

    The casting is saved under `cache` if `keep` is set; StoreError if the cache is not writable.
    """
    castings = CastingCache(cache, create=keep)
    voices_of = once(voices_of)
    exchanges = count_exchanges(script, cast)
    voiced = cast_roles(cast, voices_of, exchanges, castings.voices(cast, voices_of))
    if keep:
        castings.save(voiced)
    return voiced


def _all(cast: Cast) -> tuple[Role, ...]:
    return cast.narrator, *cast.roles.values()


def _entry(role: Role) -> dict[str, Any]:
    voice = {k: v for k, v in asdict(role.voice).items() if k != "volume"}
    return {"gender": role.gender, "age": role.age, "voice": voice}


def _fitting(entry: Mapping[str, Any], role: Role) -> Voice | None:
    """Return the voice of an entry with the role's settings; None if it does not fit the role."""
    cached = entry.get("voice")
    same = entry.get("gender") == role.gender and entry.get("age") == role.age
    if not isinstance(cached, dict) or not same or cached.get("engine") not in role.pool:
        return None
    set_by_hand = {"rate", "pitch", "shift"} - role.free
    with suppress(TypeError):  # written by another version
        settings = {name: getattr(role.voice, name) for name in (*set_by_hand, "volume")}
        return Voice(**{**cached, **settings})
    return None
