"""`fullcast voices install`: the only command that ever downloads."""

import sys
from pathlib import Path

import click

from pipeline.core import suggestions
from pipeline.core.errors import FetchError
from pipeline.core.messages import count
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.tts.engines import registry, voice_packs
from pipeline.tts.engines.voice_packs import VoicePack


@click.command()
@click.argument("engine")
@click.argument("voice", required=False)
@click.option(
    "--from",
    "source",
    metavar="DIR",
    help="Take the files from this folder, or from the URL of one, and not from their makers.",
)
def install(engine: str, voice: str | None, source: str | None) -> None:
    """Fetch a voice of an engine, check it, and put it where the engine looks for it.

    Without VOICE: the usual ones, or with --from all that the folder has.
    """
    # It brings urllib and ssl, which no other command wants.
    from pipeline.tts import download  # noqa: PLC0415

    chosen = _chosen(engine, voice, source)
    if not chosen:
        click.echo(f"the voice {voice} of {engine} is here: nothing is to be fetched", err=True)
        return
    for pack in chosen:
        licence = pack.licence or "licence unknown: see where you have it from"
        told = f"{engine} {pack.voice}: {pack.about}, {megabytes(pack.size)}, {licence}"
        click.echo(told, err=True)
        if not all(item.sha256 for item in pack.items):
            click.echo(
                "  no checksum is known for these files: they are taken as they are", err=True
            )
        progress = _Progress(pack)
        place = download.install(pack, source, progress.told)
        progress.clear()
        click.echo(place)
    total = megabytes(sum(pack.size for pack in chosen))
    click.echo(f"{count(len(chosen), 'voice')}, {total}; `fullcast voices` lists them", err=True)
    if not registry.is_installed(engine):
        told = f"the engine itself is not installed yet; {registry.install_command(engine)}"
        click.echo(told, err=True)


def megabytes(size: int) -> str:
    """Tell a size in megabytes of 10^6 bytes."""
    return f"{size / 1e6:,.1f} MB"


def _chosen(engine: str, voice: str | None, source: str | None) -> list[VoicePack]:
    """Give the packs that are meant, none for a voice that is here; FetchError otherwise."""
    known = voice_packs.of(engine)
    if engine not in registry.names():
        remedy = registry.suggest(engine, registry.names())
        raise FetchError.of(f"there is no engine {engine!r}", remedy=remedy)
    if not known:
        raise FetchError.of(f"{engine} has no voices to be fetched", remedy="it has its own")
    folder = _folder(source)
    if folder is None and voice is None:
        return [pack for pack in known if pack.usual]
    if voice is not None:
        pack = voice_packs.find(engine, voice)
        if pack is not None:
            return [pack]
    found = _found(engine, folder, voice) if folder else []
    if not found and not (voice and _is_here(engine, voice)):
        what, where = (f"the voice {voice!r}" if voice else "voices"), source or "the table"
        remedy = suggestions.suggestion(voice or "", [pack.voice for pack in known])
        raise FetchError.of(f"{what} of {engine} cannot be found in {where}", remedy=remedy)
    return found


def _is_here(engine: str, voice: str) -> bool:
    """Say whether an engine that is installed has the voice, which no table need know."""
    with LocalWorkers(1) as workers:
        return result_of(workers.submit(registry.is_installed, engine)) and (
            registry.find_voice(result_of(workers.submit(registry.voices, engine)), voice)
            is not None
        )


def _folder(source: str | None) -> Path | None:
    if source is None or source.startswith(("http://", "https://")):
        return None
    if not Path(source).is_dir():
        raise FetchError.of("this is no folder", file=source, remedy="name one with --from")
    return Path(source)


def _found(engine: str, folder: Path, voice: str | None) -> list[VoicePack]:
    """Give the packs in a folder: those of the table, and Piper voices of whatever name."""
    from pipeline.tts import download  # noqa: PLC0415

    found = [pack for pack in voice_packs.of(engine) if download.is_in_folder(pack, folder)]
    if engine == "piper":
        names = {pack.voice for pack in voice_packs.of(engine)}
        found += [
            pack for pack in download.packs_in_folder(engine, folder) if pack.voice not in names
        ]
    return [pack for pack in found if voice is None or pack.voice == voice]


class _Progress:
    """How much is here, on a terminal; nothing where nobody watches."""

    def __init__(self, pack: VoicePack):
        self._total = pack.size
        self._watched = sys.stderr.isatty()
        self._last = -1

    def told(self, size: int) -> None:
        """Show a percentage when it has changed."""
        share = 100 * size // max(1, self._total)
        if self._watched and share != self._last:
            self._last = share
            click.echo(f"\r  {share}% of {megabytes(self._total)}", nl=False, err=True)

    def clear(self) -> None:
        """Take it away again."""
        if self._watched:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
