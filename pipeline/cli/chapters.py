"""`fullcast chapters`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.chapters import SectionEntry, list_sections
from pipeline.casting.voices_file.sections import section_choice
from pipeline.cli import options
from pipeline.cli.reading import read_with_notices
from pipeline.cli.tables import aligned
from pipeline.core.messages import count, duration
from pipeline.ingest.source import Source

_WIDEST = 60  # characters of a title


@click.command()
@options.source
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@options.sections
@options.voices
def chapters(
    source: Source,
    as_json: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    heading: str | None,
    voices: Path,
) -> None:
    """List the sections of a book: title, words, minutes, and whether each is read, or why not."""
    book = read_with_notices(source, section_choice(voices, include, exclude, heading))
    entries = list_sections(book)
    if as_json:
        for entry in entries:
            click.echo(json.dumps(asdict(entry), ensure_ascii=False))
        return
    for row in _table(entries):
        click.echo(row)
    click.echo(_totals(entries), err=True)


def _table(entries: Sequence[SectionEntry]) -> Iterator[str]:
    rows = [("", "title", "words", "time", "read")]
    rows += [
        (str(e.number), _short(e.title), f"{e.words:,}", duration(e.minutes * 60), _read(e))
        for e in entries
    ]
    yield from aligned(rows, "><>><")


def _short(title: str) -> str:
    return title if len(title) <= _WIDEST else f"{title[: _WIDEST - 1]}…"


def _read(entry: SectionEntry) -> str:
    if not entry.read:
        return f"no: {entry.reason}"
    omitted = f", without {count(entry.omitted_words, 'word')} of notes and the like"
    return f"chapter {entry.chapter}{omitted if entry.omitted_words else ''}"


def _totals(entries: Sequence[SectionEntry]) -> str:
    read = [entry for entry in entries if entry.read]
    length = duration(60 * sum(entry.minutes for entry in read))
    words = count(sum(entry.words for entry in read), "word")
    return f"{len(read):,} of {count(len(entries), 'section')} read: {words}, about {length}"
