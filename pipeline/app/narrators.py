"""The narrator's tag of a book for which nobody is named: the voices, as a person would say them.

Names are joined with " & ", never with commas: Audiobookshelf takes `Heart (hibari), Joe (piper)`
for one person, whose surname comes first, and reads `Heart (hibari) & Joe (piper)` as two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.model.authors import SEPARATOR
from pipeline.model.voice import Voice, VoiceInfo

MOST_NAMES = 3
"""Voices of an engine that are named one by one; more are counted."""

_AFTER_NAME = re.compile(r"\s*(?:[,;&/|(\[]|\s-\s).*", re.DOTALL)
"""What follows the name of a voice in its description: `Heart, American`, `Zira - English`."""
_PERSON = re.compile(r"[^\W\d_]{3,}")
"""The name of a speaker among a model's several: `spike`, but not `p225`, `s1` or `awb2`."""
_NAMELESS = "synthetic voice"

VoiceDescriptions = Mapping[tuple[str, str | None], VoiceInfo | None]


def narrators(voices: Iterable[Voice], descriptions: VoiceDescriptions) -> str:
    """Return the names of voices with their engines, engine by engine, in order of appearance.

    Voices without the name of a person, and those of an engine with many, are a phrase: never an
    id. The engine goes by the name of the product that listeners know.
    """
    by_engine: dict[str, dict[str | None, None]] = {}
    for voice in voices:
        by_engine.setdefault(voice.engine, {})[voice.id] = None
    text = SEPARATOR.join(
        f"{name} ({_product(engine, ids, descriptions)})"
        for engine, ids in by_engine.items()
        for name in _names(engine, list(ids), descriptions)
    )
    return text[:1].upper() + text[1:]


def _product(engine: str, ids: Iterable[str | None], descriptions: VoiceDescriptions) -> str:
    """Return the product of an engine's voices; most engines are named after theirs."""
    infos = (descriptions.get((engine, voice)) for voice in ids)
    return next((info.product for info in infos if info and info.product), engine)


def _names(
    engine: str, ids: Sequence[str | None], descriptions: VoiceDescriptions
) -> Iterator[str]:
    infos = [descriptions.get((engine, voice)) for voice in ids]
    if any(info and info.formant for info in infos):
        yield _NAMELESS if len(ids) == 1 else f"{_NAMELESS}s"
        return
    names = dict.fromkeys(map(_name, ids, infos))
    if len(names) > MOST_NAMES:
        yield f"{len(names)} voices"
    else:
        yield from names


def _name(voice: str | None, info: VoiceInfo | None) -> str:
    """Return the name of a voice, of a model with several that of the speaker if they have one."""
    if info is None:
        return _NAMELESS
    variant = re.sub(r"^\W+", "", (voice or info.id).removeprefix(info.id))
    if _PERSON.fullmatch(variant):
        return variant.capitalize()
    return _AFTER_NAME.sub("", info.name).replace("_", " ").strip() or _NAMELESS
