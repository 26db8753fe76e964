"""Messages about a missing voice: similar voices, and the command that installs it."""

from collections.abc import Sequence

from pipeline.core.messages import quoted
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.model.server import ENGINE as SERVER_ENGINE
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import voice_packs


def explain_missing_voice(engine: str, wanted: str, infos: Sequence[VoiceInfo]) -> tuple[str, str]:
    """Return what is wrong with a voice id that is not among `infos`, and the remedy."""
    ids = [info.id + variant for info in infos for variant in ("", *info.variants)]
    installable = [
        pack.voice for pack in voice_packs.of(engine) if pack.is_voice and pack.voice not in ids
    ]
    if wanted in installable:
        what = f"the voice {quoted(wanted)} of {engine} is not installed yet"
        return what, install_remedy(engine, wanted)
    what = f"the engine {engine} has no voice {quoted(wanted)}"
    if not ids and voice_packs.of(engine):
        return f"{what}: none is installed yet", install_remedy(engine)
    # People try a language code or a plain name first: `en-gb` for `gmw/en`.
    folded = wanted.casefold()
    matches = [i.id for i in infos if folded in (i.language.casefold(), i.name.casefold())]
    similar = matches[:3] or nearest(wanted, [*ids, *installable], limit=3)
    install = next(
        (f"; {install_remedy(engine, name)}" for name in similar if name in installable), ""
    )
    remedy = f"{did_you_mean(similar)} `fullcast voices` lists them all{install}".strip()
    if engine == SERVER_ENGINE and not similar:
        remedy += "; if the server has it, start it, or write the voice under http: voices"
    return what, remedy


def install_remedy(engine: str, voice: str = "") -> str:
    """Return the remedy that installs a voice, or the usual ones of an engine."""
    return f"run `fullcast voices install {engine} {voice}".rstrip() + "`"
