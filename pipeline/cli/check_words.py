"""`fullcast check --words`."""

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.app.verification import WordReport, check_words
from pipeline.check.word_coverage import most_frequent
from pipeline.cli.stderr import tell
from pipeline.core.messages import count, quoted

EVERY = 10.0
"""Seconds between two lines of progress."""


def run_words(sources: Sequence[Path], voices: Path, cache: Path, as_json: bool) -> int:
    """Check the words of books and tell what was found; the exit status is 1 for open doubts."""
    jobs = os.cpu_count() or 1
    done = []
    for source in sources:
        found = check_words(source, voices, cache, jobs, _Progress().told)
        done.append(found)
        if not as_json:
            _print(source, found)
        if any(doubt.settled for doubt in found.doubts):
            tell(f"render {source} again: the book then holds what was spoken again")
    if as_json:
        told = [
            {"source": str(source), **asdict(found)}
            for source, found in zip(sources, done, strict=True)
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    return 0 if all(found.settled for found in done) else 1


def _print(source: Path, found: WordReport) -> None:
    for doubt in found.doubts:
        click.echo(f"{doubt.place}: {doubt.speaker}: {quoted(doubt.text)}")
        click.echo(f"  {doubt.wrong}; spoken again, it {doubt.outcome}")
    for voice, (clips, ill) in found.lost.items():
        click.echo(
            f"{voice}: {ill:,} of {count(clips, 'clip')} do not fit their text: either the aligner "
            "cannot follow this voice, or it is broken; listen to it"
        )
    open_ = sum(not doubt.settled for doubt in found.doubts)
    told = f"{count(found.clips, 'clip')} checked, {count(len(found.doubts), 'doubt')}"
    click.echo(f"{source}: {told}, {open_:,} of them open")
    if found.unspoken:
        tell(f"{count(found.unspoken, 'clip')} not spoken yet, and so not checked")
    if found.unknown:
        named = ", ".join(most_frequent(found.unknown))
        words = count(len(found.unknown), "word")
        tell(f"{words} could not be checked, being in no dictionary, such as {named}")


class _Progress:
    """A line on stderr now and then."""

    def __init__(self) -> None:
        self._next = time.monotonic() + EVERY

    def told(self, clips: int) -> None:
        """Hear how many clips have been checked."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            click.echo(f"{count(clips, 'clip')} checked", err=True)
