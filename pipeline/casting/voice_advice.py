"""Which voices to install, where roles of a cast have to share one."""

from collections.abc import Iterator, Sequence

from pipeline.casting.auto_casting import audible_settings
from pipeline.casting.offered_voices import VoiceLister
from pipeline.core.errors import Problem
from pipeline.core.install_hint import pip_install
from pipeline.core.messages import count, size
from pipeline.model.cast import DEFAULT_ENGINE, Cast
from pipeline.model.script import Script
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.voice_packs import VoicePack

EXTRA = "cast"
"""The extra with all that `engine: auto` draws on."""


def voice_advice(cast: Cast, script: Script, voices_of: VoiceLister) -> Iterator[Problem]:
    """Yield a problem for each engine whose voices are shared although more can be installed."""
    if cast.auto and cast.engine == DEFAULT_ENGINE:
        remedy = f"install some with: {pip_install(EXTRA)}, then `fullcast voices install kokoro`"
        yield Problem(f"no near-human voice is installed: {DEFAULT_ENGINE} speaks", remedy=remedy)
    roles = {role.name: role for role in map(cast.role, script.speakers)}
    for engine in dict.fromkeys(role.voice.engine for role in roles.values()):
        voices = [role.voice for role in roles.values() if role.voice.engine == engine]
        heard = {audible_settings(voice) for voice in voices}
        ids = {voice.id for voice in voices}
        packs = _installable(engine, voices_of)
        if len(heard) > len(ids) and packs:
            shared = f"{count(len(heard), 'role')} share {count(len(ids), 'voice')} of {engine}"
            yield Problem(shared, remedy=_remedy(engine, packs))


def _installable(engine: str, voices_of: VoiceLister) -> Sequence[VoicePack]:
    """Return the packs that would bring an engine more voices than it has from anywhere."""
    missing = voice_packs.missing(engine)
    ids = {info.id for info in voices_of(engine)} if missing else set()
    return [pack for pack in missing if pack.voice not in ids]


def _remedy(engine: str, packs: Sequence[VoicePack]) -> str:
    total = size(sum(pack.size for pack in packs))
    names = ", ".join(pack.voice for pack in packs)
    return f"`fullcast voices install {engine}` brings {len(packs)} more: {names} ({total})"
