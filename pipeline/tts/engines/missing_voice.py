"""A voice that is not there, in words: what may have been meant, and the command that brings it."""

from collections.abc import Sequence

from pipeline.core.messages import quoted
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import voice_packs


def absent(engine: str, wanted: str, infos: Sequence[VoiceInfo]) -> tuple[str, str]:
    """Say what is wrong with a voice that is not among those that an engine has, and what to do."""
    ids = [info.id + variant for info in infos for variant in ("", *info.variants)]
    fetched = [
        pack.voice for pack in voice_packs.of(engine) if pack.is_voice and pack.voice not in ids
    ]
    if wanted in fetched:
        return f"the voice {quoted(wanted)} of {engine} is not installed yet", how_to_bring(
            engine, wanted
        )
    what = f"the engine {engine} has no voice {quoted(wanted)}"
    if not ids and voice_packs.of(engine):
        return f"{what}: none is installed yet", how_to_bring(engine)
    # A language code or a plain name is what people try first: `en-gb` for `gmw/en`.
    asked = wanted.casefold()
    alike = [i.id for i in infos if asked in (i.language.casefold(), i.name.casefold())]
    near = alike[:3] or nearest(wanted, [*ids, *fetched], limit=3)
    bring = next((f"; {how_to_bring(engine, name)}" for name in near if name in fetched), "")
    return what, f"{did_you_mean(near)} 'fullcast voices' lists them all{bring}".strip()


def how_to_bring(engine: str, voice: str = "") -> str:
    """Give the remedy that brings a voice, or the usual ones of an engine."""
    return f"run `fullcast voices install {engine} {voice}".rstrip() + "`"
