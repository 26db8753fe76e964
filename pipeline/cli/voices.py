"""`fullcast voices`."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.workers import local_workers
from pipeline.casting.voice_figures import VoiceFigures, is_known, voice_figures
from pipeline.cli import options
from pipeline.cli.stderr import warn
from pipeline.cli.voices_install import install, megabytes
from pipeline.core.errors import EngineError
from pipeline.core.messages import count
from pipeline.core.workers import result_of
from pipeline.model.server import ENGINE as SERVER_ENGINE
from pipeline.model.voice import Voice, VoiceInfo
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
        rows = [_as_row(name, voice) for name in offered for voice in offered[name]]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name in names:
        if name in missing:
            click.echo(f"{name}: not installed; {registry.install_command(name)}")
        elif name == SERVER_ENGINE and name in offered and not offered[name]:
            click.echo(f"{name}: no server is named in voices.yaml")
        elif name in offered:
            _print_voices(name, offered[name])


def _figures(engine: str, voice: VoiceInfo) -> VoiceFigures | None:
    """Return the figures of a voice; None for another language's, of which nothing is known."""
    settings = Voice(engine, voice.id)
    is_english = voice.language.startswith("en")
    return voice_figures(settings, voice.formant) if is_english or is_known(settings) else None


def _as_row(engine: str, voice: VoiceInfo) -> dict[str, object]:
    figures = _figures(engine, voice)
    return {
        "engine": engine,
        **asdict(voice),
        "words_wrong": figures and round(figures.wrong_words, 1),
        "quality": figures and round(figures.quality, 2),
        "measured": figures is not None and figures.is_measured,
    }


def _print_voices(engine: str, offered: _Voices) -> None:
    click.echo(f"{engine}: {count(len(offered), 'voice')}")
    click.echo(f"  {'voice':24} {'language':18} {'gender':6} unclear quality {'name':28} licence")
    for voice in offered:
        figures = _figures(engine, voice)
        wrong, quality = (figures.wrong_label, figures.quality_label) if figures else ("", "")
        row = (
            f"  {voice.id:24} {voice.language:18} {voice.gender or '':6} {wrong:>7} {quality:>7} "
            f"{voice.name:28} {voice.licence or ''}"
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
