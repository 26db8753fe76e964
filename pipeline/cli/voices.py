"""`fullcast voices`."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.workers import local_workers
from pipeline.cli import options
from pipeline.cli.stderr import warn
from pipeline.cli.voices_install import install, megabytes
from pipeline.core.errors import EngineError
from pipeline.core.messages import count
from pipeline.core.workers import result_of
from pipeline.model.server import ENGINE as SERVER_ENGINE
from pipeline.model.voice import ANY_STYLE, VoiceInfo
from pipeline.tts.engines import registry, voice_packs

_Voices = Sequence[VoiceInfo]


@click.group(invoke_without_command=True)
@click.option("--engine", metavar="NAME", help="Only the voices of this engine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@options.voices
@click.pass_context
def voices(context: click.Context, engine: str | None, as_json: bool, voices: Path) -> None:
    """List the voices of the installed engines, or install more."""
    if context.invoked_subcommand is None:
        names = [engine] if engine else registry.names()
        _list(names, voices, as_json, list_all=engine is None)


voices.add_command(install)


def _list(names: Sequence[str], cast: Path, as_json: bool, list_all: bool) -> None:
    """Print the voices; with `list_all`, engines that are not installed are only mentioned."""
    with local_workers(1, cast) as workers:
        missing = {
            name
            for name in names
            if list_all and not result_of(workers.submit(registry.is_installed, name))
        }
        offered: dict[str, _Voices] = {}
        for name in names:
            if name not in missing:
                try:
                    offered[name] = result_of(workers.submit(registry.voices, name))
                except EngineError as error:
                    if not list_all:
                        raise
                    warn(error.problems[0])
    if as_json:
        rows = [{"engine": name, **asdict(voice)} for name in offered for voice in offered[name]]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name in names:
        if name in missing:
            click.echo(f"{name}: not installed; {registry.install_command(name)}")
        elif name == SERVER_ENGINE and name in offered and not offered[name]:
            click.echo(f"{name}: no server is named in voices.yaml")
        elif name in offered:
            _print_voices(name, offered[name])


def _styles(voice: VoiceInfo) -> str:
    """Return what a voice can do besides speaking plainly."""
    if ANY_STYLE in voice.styles:
        return "  styles: any description"
    return f"  styles: {', '.join(voice.styles)}" if voice.styles else ""


def _print_voices(engine: str, offered: _Voices) -> None:
    click.echo(f"{engine}: {count(len(offered), 'voice')}")
    for voice in offered:
        row = (
            f"  {voice.id:24} {voice.language:18} {voice.gender or '':6} {voice.name:28} "
            f"{voice.licence or ''}{_styles(voice)}"
        )
        click.echo(row.rstrip())
    for variants in dict.fromkeys(voice.variants for voice in offered if voice.variants):
        ids = [voice.id for voice in offered if voice.variants == variants]
        bases = "each of them" if len(ids) == len(offered) else ", ".join(ids)
        click.echo(f"  {bases} with one of these suffixes is another voice:")
        click.echo(click.wrap_text(" ".join(variants), 96, "    ", "    "))
    _print_available(engine, {voice.id for voice in offered})


def _print_available(engine: str, installed: Collection[str]) -> None:
    """Print the voices that can be installed; a pack need not be named like the voices in it."""
    absent = [
        pack
        for pack in voice_packs.of(engine)
        if pack.voice not in installed and not pack.is_installed
    ]
    if absent:
        click.echo(f"  available via `fullcast voices install {engine} NAME`:")
    for pack in absent:
        licence = pack.licence or "licence unknown"
        click.echo(f"    {pack.voice:26} {megabytes(pack.size):>8}  {pack.about:38} {licence}")
