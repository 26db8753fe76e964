"""`fullcast voices`."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict

import click

from pipeline.cli.voices_install import install, megabytes
from pipeline.core.messages import count
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.voice import VoiceInfo
from pipeline.tts.engines import registry, voice_packs

_Voices = Sequence[VoiceInfo]


@click.group(invoke_without_command=True)
@click.option("--engine", metavar="NAME", help="Only the voices of this engine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_context
def voices(context: click.Context, engine: str | None, as_json: bool) -> None:
    """List the voices that the engines here offer, or install more."""
    if context.invoked_subcommand is None:
        _list([engine] if engine else registry.names(), as_json, every=engine is None)


voices.add_command(install)


def _list(names: Sequence[str], as_json: bool, every: bool) -> None:
    """Print the voices; of all engines, those that are not installed are only mentioned."""
    with LocalWorkers(1) as workers:
        missing = {
            name
            for name in names
            if every and not result_of(workers.submit(registry.is_installed, name))
        }
        offered = {
            name: result_of(workers.submit(registry.voices, name))
            for name in names
            if name not in missing
        }
    if as_json:
        found = [{"engine": name, **asdict(voice)} for name in offered for voice in offered[name]]
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for name in names:
        if name in missing:
            click.echo(f"{name}: not installed; {registry.install_command(name)}")
        else:
            _table(name, offered[name])


def _table(engine: str, offered: _Voices) -> None:
    click.echo(f"{engine}: {count(len(offered), 'voice')}")
    for voice in offered:
        told = (voice.language, voice.gender or "", voice.name, voice.licence or "")
        click.echo(f"  {voice.id:24} {told[0]:18} {told[1]:6} {told[2]:28} {told[3]}".rstrip())
    for variants in dict.fromkeys(voice.variants for voice in offered if voice.variants):
        named = [voice.id for voice in offered if voice.variants == variants]
        whose = "each of them" if len(named) == len(offered) else ", ".join(named)
        click.echo(f"  {whose} with one of these at its end is a voice of its own:")
        click.echo(click.wrap_text(" ".join(variants), 96, "    ", "    "))
    _to_be_had(engine, {voice.id for voice in offered})


def _to_be_had(engine: str, here: Collection[str]) -> None:
    """Tell of the voices that are not here; a pack need not be named as the voices in it."""
    absent = [
        pack for pack in voice_packs.of(engine) if pack.voice not in here and not pack.is_installed
    ]
    if absent:
        click.echo(f"  to be had with `fullcast voices install {engine} NAME`:")
    for pack in absent:
        licence = pack.licence or "licence unknown"
        click.echo(f"    {pack.voice:26} {megabytes(pack.size):>8}  {pack.about:38} {licence}")
