"""`fullcast lexicon`."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.order import RenderOrder
from pipeline.app.pronunciations import Pronunciation, Pronunciations, pronunciations, record_words
from pipeline.cli import options, path_types
from pipeline.cli.progress import progress
from pipeline.cli.stderr import warn
from pipeline.ingest.source import Source


@click.command()
@options.source
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Only the first N words.")
@click.option(
    "--audio",
    type=path_types.OUTPUT,
    help="Render the words, spoken by the narrator, to this file.",
)
@options.voices
@options.cache
def lexicon(
    source: Source, as_json: bool, most: int | None, audio: Path | None, voices: Path, cache: Path
) -> None:
    """List the unusual words of a book, names first, and how they will be said.

    Correct a word under 'lexicon' in voices.yaml: {Arkham: AR-kum}.
    """
    form = options.format_of(None, audio, "--audio") if audio else None
    words = pronunciations(source, voices, cache).only(most)
    if audio and form:
        order = RenderOrder(source, audio, form, voices, cache, os.cpu_count() or 1)
        with progress(quiet=False) as listener:
            result = record_words(words, order, listener)
        click.echo(result.out)
    elif as_json:
        rows = [asdict(entry) for entry in words.entries]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print_table(words)


def _print_table(words: Pronunciations) -> None:
    engine = words.cast.narrator.voice.engine
    if engine != "pyttsx3":
        warn(f"the phonemes are those of eSpeak NG; use --audio to hear {engine}")
    for title, name in (("names", True), ("other words", False)):
        entries = [entry for entry in words.entries if entry.name is name]
        if entries:
            click.echo(f"{title}: {len(entries):,}")
            for entry in entries:
                click.echo(_row(entry))


def _row(entry: Pronunciation) -> str:
    spelling = f"  said as {entry.lexicon}" if entry.lexicon else ""
    return f"  {entry.word:24} {entry.count:6,}  {entry.phonemes:24}{spelling}".rstrip()
