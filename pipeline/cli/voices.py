"""`fullcast voices`."""

import json
from dataclasses import asdict

import click

from pipeline import engines
from pipeline.engines.base import VoiceInfo
from pipeline.wording import count
from pipeline.workers import LocalWorkers, outcome


@click.command()
@click.option("--engine", metavar="NAME", help="Only the voices of this engine.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def voices(engine: str | None, as_json: bool) -> None:
    """List the voices that the engines here offer."""
    names = [engine] if engine else engines.names()
    with LocalWorkers(1) as workers:
        offered = {name: outcome(workers.submit(engines.voices, name)) for name in names}
    if as_json:
        every = [{"engine": name, **asdict(voice)} for name in names for voice in offered[name]]
        click.echo(json.dumps(every, ensure_ascii=False, indent=1))
        return
    for name in names:
        _table(name, offered[name])


def _table(engine: str, offered: tuple[VoiceInfo, ...]) -> None:
    click.echo(f"{engine}: {count(len(offered), 'voice')}")
    for voice in offered:
        told = (voice.language, voice.gender or "", voice.name, voice.licence or "")
        click.echo(f"  {voice.id:24} {told[0]:12} {told[1]:8} {told[2]:28} {told[3]}".rstrip())
    variants = dict.fromkeys(variant for voice in offered for variant in voice.variants)
    if variants:
        click.echo("  each of them with one of these at its end is a voice of its own:")
        click.echo(click.wrap_text(" ".join(variants), 96, "    ", "    "))
