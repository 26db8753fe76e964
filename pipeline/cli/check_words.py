"""`fullcast check --words`."""

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.verification import WordReport, check_words
from pipeline.check import recognition
from pipeline.check.word_coverage import most_frequent
from pipeline.cli.stderr import warn
from pipeline.core.install_hint import pip_install
from pipeline.core.messages import count, quoted

EVERY = 10.0
"""Seconds between two lines of progress."""


def run_words(
    sources: Sequence[Path], voices: Path, cache: Path, as_json: bool, engine: str | None
) -> int:
    """Check the words of books and print the results; the exit status is 1 for open doubts."""
    jobs = os.cpu_count() or 1
    reports = []
    for source in sources:
        report = check_words(source, voices, cache, jobs, _ClipCounter().update, engine)
        reports.append(report)
        if not as_json:
            _print(source, report)
        if any(doubt.settled for doubt in report.doubts):
            warn(f"clips were replaced; render {source} again to put them into the book")
    if as_json:
        rows = [
            {"source": str(source), **asdict(report)}
            for source, report in zip(sources, reports, strict=True)
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    return 0 if all(report.settled for report in reports) else 1


def _print(source: Path, report: WordReport) -> None:
    for doubt in report.doubts:
        click.echo(f"{doubt.place}: {doubt.speaker}: {quoted(doubt.text)}")
        click.echo(f"  {doubt.wrong}; spoken again, it {doubt.outcome}")
    for voice, (clips, misfits) in report.lost.items():
        click.echo(
            f"{voice}: {misfits:,} of {count(clips, 'clip')} do not match their text: either the "
            "aligner cannot follow this voice, or it is broken; listen to it"
        )
    if report.lost and not recognition.is_installed():
        warn(f"other voices can be checked after: {pip_install('recogniser')}")
    unsettled = sum(not doubt.settled for doubt in report.doubts)
    summary = f"{count(report.clips, 'clip')} checked, {count(len(report.doubts), 'doubt')}"
    click.echo(f"{source}: {summary}, {unsettled:,} of them open")
    if report.unspoken:
        warn(f"{count(report.unspoken, 'clip')} not spoken yet and therefore not checked")
    if report.unknown:
        examples = ", ".join(most_frequent(report.unknown))
        words = count(len(report.unknown), "word")
        warn(f"{words} not in the dictionary could not be checked, such as {examples}")


class _ClipCounter:
    """Prints a line of progress on stderr now and then."""

    def __init__(self) -> None:
        self._next = time.monotonic() + EVERY

    def update(self, clips: int) -> None:
        """Handle the number of clips checked so far."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            click.echo(f"{count(clips, 'clip')} checked", err=True)
