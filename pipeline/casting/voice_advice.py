"""Which voices to install, where main roles of a cast sound alike or roles share a voice."""

from collections.abc import Iterator, Sequence

from pipeline.casting.auto_casting import audible_settings
from pipeline.casting.lookalikes import lookalikes
from pipeline.casting.offered_voices import VoiceLister
from pipeline.casting.similarity import known_voiceprint
from pipeline.core.errors import Problem
from pipeline.core.install_hint import pip_install
from pipeline.core.messages import count, size
from pipeline.model.cast import DEFAULT_ENGINE, Cast
from pipeline.model.script import Script
from pipeline.tts.engines import registry, voice_packs
from pipeline.tts.engines.voice_packs import VoicePack

EXTRA = "cast"
"""The extra with all that `engine: auto` draws on."""
RICHEST = "kokoro"
"""The engine whose voices are the most, and furthest apart (docs/voices.md)."""


def voice_advice(cast: Cast, script: Script, voices_of: VoiceLister) -> Iterator[Problem]:
    """Yield a problem for each engine whose voices do not suffice, with what to install.

    Only voices whose figures are in the tables are compared; nothing is spoken.
    """
    if cast.auto and cast.engine == DEFAULT_ENGINE:
        what = f"no near-human voice is installed: {DEFAULT_ENGINE} speaks"
        steps = f"{pip_install(EXTRA)}, then `fullcast voices install {RICHEST}`"
        yield Problem(what, remedy=f"install some with: {steps}")
    roles = {role.name: role for role in map(cast.role, script.speakers)}
    engines = dict.fromkeys(role.voice.engine for role in roles.values())
    alike = lookalikes(cast, script, known_voiceprint)
    too_alike = {role.voice.engine for _, *pair in alike for role in pair}
    for engine in engines:
        voices = [role.voice for role in roles.values() if role.voice.engine == engine]
        heard = {audible_settings(voice) for voice in voices}
        ids = {voice.id for voice in voices}
        packs = _installable(engine, voices_of)
        if len(heard) > len(ids) and packs:
            shared = f"{count(len(heard), 'role')} share {count(len(ids), 'voice')} of {engine}"
            yield Problem(shared, remedy=_remedy(engine, packs))
        elif engine in too_alike and RICHEST not in engines and not cast.auto:
            yield Problem(f"main roles sound alike in the voices of {engine}", remedy=_richer())


def _installable(engine: str, voices_of: VoiceLister) -> Sequence[VoicePack]:
    """Return the packs that would bring an engine more voices than it has from anywhere."""
    missing = voice_packs.missing(engine)
    ids = {info.id for info in voices_of(engine)} if missing else set()
    return [pack for pack in missing if pack.voice not in ids]


def _remedy(engine: str, packs: Sequence[VoicePack]) -> str:
    total = size(sum(pack.size for pack in packs))
    names = ", ".join(pack.voice for pack in packs)
    return f"`fullcast voices install {engine}` brings {len(packs)} more: {names} ({total})"


def _richer() -> str:
    """Return how to cast with voices that are further apart."""
    steps = []
    if not registry.is_installed(RICHEST):
        steps.append(pip_install(RICHEST))
    if missing := voice_packs.missing(RICHEST):
        about = f"{missing[0].about}, {size(missing[0].size)}"
        steps.append(f"`fullcast voices install {RICHEST}` ({about})")
    return ", then ".join([*steps, f"`--engine {RICHEST}`"])
