"""`fullcast check`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.core.messages import count
from pipeline.model.delivery_spec import HOUSE, SPECS

if TYPE_CHECKING:
    from pipeline.check import report as checks
    from pipeline.check.file_tags import FileTags
    from pipeline.check.rules import RuleResult

_SPECS = ("acx", "librivox", "podcast")  # named here so that `--help` need not load the meter


@click.command()
@click.argument("files", type=options.FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("--spec", type=click.Choice(_SPECS), help="Default: what a book in one file needs.")
@click.option(
    "--words",
    "by_words",
    is_flag=True,
    help="FILE is a book: are all words in its spoken clips? Speaks doubtful clips again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.voices
@options.cache
def check(
    files: Sequence[Path],
    spec: str | None,
    by_words: bool,
    as_json: bool,
    voices: Path,
    cache: Path,
) -> int:
    """Measure finished files, or folders of them, against a delivery spec.

    Reads tags and chapters again as players do. Exits with 1 if anything falls short. With --words
    it aligns the clips of a book that has been rendered with what they are to say.
    """
    if by_words:
        if spec:
            raise click.UsageError("--words checks a book's clips, and --spec finished files")
        from pipeline.cli.check_words import run_words  # noqa: PLC0415 - as below

        return run_words(files, voices, cache, as_json)
    return _measured(files, spec, as_json)


def _measured(files: Sequence[Path], spec: str | None, as_json: bool) -> int:
    from pipeline.check import report as checks  # noqa: PLC0415 - numpy and mutagen, for this alone

    wanted = SPECS[spec] if spec else HOUSE
    reports = []
    for report in checks.check_files(files, wanted):
        reports.append(report)
        if not as_json:
            _print(_told(report))
    done = checks.summarise(reports, wanted)
    if as_json:
        click.echo(json.dumps(done.to_json(), ensure_ascii=False, indent=1))
        return 1 if done.failed else 0
    if done.together:
        click.echo(f"{len(reports):,} files together")
        _print(_rows(done.together))
    fails = f"{count(done.failed, 'check')} not met" if done.failed else "all met"
    click.echo(f"{wanted.about}: {fails}")
    return 1 if done.failed else 0


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _told(report: "checks.FileReport") -> Iterator[str]:
    yield str(report.path)
    yield from _rows(report.results)
    yield from _players(report.measured.tags)
    for chapter in report.measured.tags.chapters:
        yield f"  {_clock(chapter.start)}  {chapter.title}"
    yield ""


def _rows(findings: Sequence["RuleResult"]) -> Iterator[str]:
    verdicts = {True: "pass", False: "FAIL", None: "-"}
    for each in findings:
        wanted = f"({each.wanted})" if each.wanted not in ("", each.measured) else ""
        row = f"  {verdicts[each.passed]:5} {each.check:18} {each.measured:30} {wanted}"
        yield row.rstrip()
        if each.remedy:
            yield f"        {each.remedy}"


def _players(labels: "FileTags") -> Iterator[str]:
    for player, shown in labels.players.items():
        told = "; ".join(f"{name}: {text}" for name, text in shown.items())
        yield f"  {player} reads {told or 'nothing'}"


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}.{thousandths:03}"
