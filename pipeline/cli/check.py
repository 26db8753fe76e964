"""`fullcast check`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options, path_types
from pipeline.core.messages import count
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS

if TYPE_CHECKING:
    from pipeline.check import report as checks
    from pipeline.check.file_tags import FileTags
    from pipeline.check.rules import RuleResult

_SPECS = ("acx", "librivox", "podcast")


@click.command()
@click.argument("files", type=path_types.AUDIO, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--spec", type=click.Choice(_SPECS), help="Default: what players expect of a book in one file."
)
@click.option(
    "--words",
    "by_words",
    is_flag=True,
    help="FILE is a book that was rendered: check that its clips hold all their words, and speak "
    "doubtful ones again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.voices
@options.engine
@options.cache
def check(
    files: Sequence[Path],
    spec: str | None,
    by_words: bool,
    as_json: bool,
    voices: Path,
    engine: str | None,
    cache: Path,
) -> int:
    """Measure finished files, or folders of them, against a delivery spec.

    Tags and chapters are read back as players read them. Of an EPUB or LPF file the times are
    compared with its audio. The exit status is 1 if anything falls
    short. With --words the clips of a rendered book are aligned with their text.
    """
    if by_words:
        if spec:
            raise click.UsageError("--words checks the clips of a book, --spec finished files")
        from pipeline.cli.check_words import run_words  # noqa: PLC0415 - slow to import

        return run_words(files, voices, cache, as_json, engine)
    return _measure(files, spec, as_json)


def _measure(files: Sequence[Path], spec: str | None, as_json: bool) -> int:
    from pipeline.check import report as checks  # noqa: PLC0415 - numpy and mutagen, for this alone

    wanted = SPECS[spec] if spec else DEFAULT_SPEC
    reports = []
    for report in checks.check_files(files, wanted):
        reports.append(report)
        if not as_json:
            _print(_report_lines(report))
    result = checks.summarise(reports, wanted)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
        return 1 if result.failed else 0
    if result.together:
        click.echo(f"{len(reports):,} files together")
        _print(_rule_lines(result.together))
    verdict = f"{count(result.failed, 'check')} failed" if result.failed else "all checks passed"
    click.echo(f"{wanted.about}: {verdict}")
    return 1 if result.failed else 0


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _report_lines(report: "checks.FileReport") -> Iterator[str]:
    yield str(report.path)
    yield from _rule_lines(report.results)
    if report.measured is not None:
        yield from _player_lines(report.measured.tags)
        for chapter in report.measured.tags.chapters:
            yield f"  {_clock(chapter.start)}  {chapter.title}"
    yield ""


def _rule_lines(results: Sequence["RuleResult"]) -> Iterator[str]:
    verdicts = {True: "pass", False: "FAIL", None: "-"}
    for result in results:
        wanted = f"({result.wanted})" if result.wanted not in ("", result.measured) else ""
        row = f"  {verdicts[result.passed]:5} {result.check:18} {result.measured:30} {wanted}"
        yield row.rstrip()
        if result.remedy:
            yield f"        {result.remedy}"


def _player_lines(tags: "FileTags") -> Iterator[str]:
    for player, shown in tags.players.items():
        fields = "; ".join(f"{name}: {text}" for name, text in shown.items())
        yield f"  {player} reads {fields or 'nothing'}"


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}.{thousandths:03}"
