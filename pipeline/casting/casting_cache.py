"""What roles were cast with, kept beside the clips: an edit of the cast recasts nobody else.

A producer who names a voice for one role, adds a role or corrects a line would otherwise hear the
others with new voices, and wait for them to be spoken anew. It lies where the clips lie: where it
is lost, they are spoken anew anyway. To have a voice for good, name it in voices.yaml.
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

from pipeline.casting.auto_casting import Offered, cast_roles, sound
from pipeline.casting.exchanges import meetings
from pipeline.core.errors import StoreError
from pipeline.model.cast import Cast, Role, name_key
from pipeline.model.script import Script
from pipeline.model.voice import Voice
from pipeline.tts.engines.registry import find_voice


class CastingCache:
    """The voices that were chosen for the roles of one voices.yaml, in a file under `root`."""

    def __init__(self, root: Path, voices: Path):
        place = hashlib.sha256(str(voices.resolve()).encode()).hexdigest()
        self._file = root / "casts" / f"{place[:32]}.json"

    def kept(self, cast: Cast, offered: Offered) -> dict[str, Voice]:
        """Give the voices that roles keep, by the key of the name: those that still fit them.

        A voice fits while the engine has it, the gender and the age are the same, and nobody else
        was given it by hand. What the producer has set since goes before what was kept.
        """
        named = {sound(role.voice) for role in _all(cast) if "id" not in role.free}
        entries, kept = self._read(), {}
        for role in _all(cast):
            entry = entries.get(name_key(role.name))
            voice = _fitting(entry, role) if isinstance(entry, dict) else None
            if voice and sound(voice) not in named and find_voice(offered(voice.engine), voice.id):
                kept[name_key(role.name)] = voice
        return kept

    def keep(self, cast: Cast) -> None:
        """Keep the voices of the roles that name none; StoreError when that cannot be written."""
        known = self._read()
        chosen = {name_key(r.name): _entry(r) for r in _all(cast) if "id" in r.free}
        if {**known, **chosen} != known:
            self._write({**known, **chosen})

    def _read(self) -> Mapping[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}  # nothing kept, or nothing that can be read: all are cast as the first time

    def _write(self, entries: Mapping[str, Any]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, ensure_ascii=False, indent=1)
            os.replace(temporary, self._file)
        except OSError as error:
            what = f"who has which voice cannot be kept: {error.strerror or error}"
            remedy = "choose another folder with --cache"
            raise StoreError.of(what, file=self._file, remedy=remedy) from error


def with_voices(
    cast: Cast, script: Script, offered: Offered, cache: Path, keep: bool = True
) -> Cast:
    """Give the cast with a voice for each role: its own, the one it was cast with, or a new one.

    What is chosen is kept under `cache` when it is to be. Raises StoreError when it cannot be.
    """
    casts = CastingCache(cache, cast.path)
    asked = once(offered)
    voiced = cast_roles(cast, asked, meetings(script, cast), casts.kept(cast, asked))
    if keep:
        casts.keep(voiced)
    return voiced


def _all(cast: Cast) -> tuple[Role, ...]:
    return cast.narrator, *cast.roles.values()


def _entry(role: Role) -> dict[str, Any]:
    voice = {k: v for k, v in asdict(role.voice).items() if k != "volume"}
    return {"gender": role.gender, "age": role.age, "voice": voice}


def _fitting(entry: Mapping[str, Any], role: Role) -> Voice | None:
    """Give the voice of an entry as the role has it now; None for one that does not fit."""
    given = entry.get("voice")
    same = entry.get("gender") == role.gender and entry.get("age") == role.age
    if not isinstance(given, dict) or not same or given.get("engine") != role.voice.engine:
        return None
    set_by_hand = {"rate", "pitch", "shift"} - role.free
    with suppress(TypeError):  # written by another version
        own = {name: getattr(role.voice, name) for name in (*set_by_hand, "volume")}
        return Voice(**{**given, **own})
    return None
