"""The voices of a server: those that it lists, with what the producer says of them."""

import json
import re
from typing import Any

from pipeline.model.characters import Gender
from pipeline.model.server import DEFAULT_PACE, Server, ServerVoice
from pipeline.model.voice import ANY_STYLE, VoiceInfo
from pipeline.tts.engines.speeds import rate_limits

_MOST = 2_000
_NATURAL_SHIFT = 2.0  # semitones that any natural voice bears (docs/voices.md)
_LONGEST = 100  # characters of an id
_ID_KEYS = ("id", "voice_id", "name")
_GENDERS = {gender.value for gender in Gender}
# The ids of Kokoro, `af_heart`, begin with a language and a gender.
_KOKORO_ID = re.compile(r"([abefhijpz])([fm])_(\w+)")
_KOKORO_LANGUAGES = {
    "a": "en-us", "b": "en-gb", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-br",
    "z": "zh",
}  # fmt: skip
_KOKORO_GENDERS = {"f": "female", "m": "male"}


def parse_list(body: bytes) -> list[ServerVoice] | None:
    """Return the voices in an answer to `/audio/voices`; None if it is no such list."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(content, dict):
        content = content.get("voices", content.get("data"))
    if isinstance(content, dict):  # ids with their descriptions
        content = [{"id": name} | (about if isinstance(about, dict) else {})
                   for name, about in content.items()]  # fmt: skip
    if not isinstance(content, list):
        return None
    return list(filter(None, map(_listed_voice, content[:_MOST])))


def voice_infos(server: Server, listed: list[ServerVoice]) -> list[VoiceInfo]:
    """Return the voices that the producer describes, the default one first, and then the others."""
    by_id = {voice.id: voice for voice in listed}
    written = {voice.id: _joined(voice, by_id.get(voice.id)) for voice in server.voices}
    return [_info(voice, server) for voice in {**written, **_others(by_id, written)}.values()]


def pace_of(server: Server, voice_id: str) -> int:
    """Return the pace of a voice in words per minute at speed 1."""
    paces = (voice.pace for voice in server.voices if voice.id == voice_id)
    return next(paces, None) or server.pace


def _others(
    listed: dict[str, ServerVoice], written: dict[str, ServerVoice]
) -> dict[str, ServerVoice]:
    return {name: voice for name, voice in listed.items() if name not in written}


def _joined(written: ServerVoice, listed: ServerVoice | None) -> ServerVoice:
    """Return a voice with what the producer says of it, else what the server or its id does."""
    other = listed or _by_id(written.id)
    return ServerVoice(
        written.id,
        written.name or other.name,
        written.gender or other.gender,
        written.language or other.language,
        written.pace,
    )


def _info(voice: ServerVoice, server: Server) -> VoiceInfo:
    pace = pace_of(server, voice.id)
    # A server with one speed has one rate, which counts as that of any other voice.
    rates = rate_limits(pace, server.speeds) if server.speeds else (DEFAULT_PACE, DEFAULT_PACE)
    return VoiceInfo(
        voice.id,
        voice.name or voice.id,
        voice.language or server.language,
        voice.gender,
        server.licence,
        model=f"pace {pace} speeds {server.speeds}",
        rates=rates,
        styles=(ANY_STYLE,) if server.instructions else (),
        natural_shift=_NATURAL_SHIFT,
    )


def _listed_voice(entry: Any) -> ServerVoice | None:
    fields = entry if isinstance(entry, dict) else {"id": entry}
    names = [value for key in _ID_KEYS if isinstance(value := fields.get(key), str)]
    if not names or not names[0].strip() or len(names[0]) > _LONGEST or not names[0].isprintable():
        return None
    usual = _by_id(names[0])
    name, gender, language = (_text(fields.get(key)) for key in ("name", "gender", "language"))
    return ServerVoice(
        names[0],
        name if name and name != names[0] else usual.name,
        gender.casefold() if gender and gender.casefold() in _GENDERS else usual.gender,
        language if language and re.fullmatch(r"[A-Za-z]{2,3}([-_]\w+)*", language)
        else usual.language,
    )  # fmt: skip


def _text(value: object) -> str | None:
    usable = isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST
    return str(value) if usable else None


def _by_id(voice_id: str) -> ServerVoice:
    """Return what the id itself says of a voice."""
    match = _KOKORO_ID.fullmatch(voice_id)
    if match is None:
        return ServerVoice(voice_id)
    language, gender, name = match.groups()
    return ServerVoice(
        voice_id,
        name.replace("_", " ").capitalize(),
        _KOKORO_GENDERS[gender],
        _KOKORO_LANGUAGES[language],
    )
