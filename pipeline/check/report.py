"""A finished file or folder measured against a delivery spec, and its tags and chapters read again.

Nothing here knows how a file was made: any audio file will do, by whatever program.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.check.file_facts import facts
from pipeline.check.file_meter import measure
from pipeline.check.labels import FileLabels, labels
from pipeline.check.rules import Measured, RuleResult, judge, together
from pipeline.core.errors import SourceError
from pipeline.model.delivery_spec import DEFAULT_SPEC, SPECS, DeliverySpec

__all__ = [
    "DEFAULT_SPEC",
    "SPECS",
    "CheckReport",
    "DeliverySpec",
    "FileCheck",
    "FileLabels",
    "Measured",
    "RuleResult",
    "check",
    "concluded",
    "examine",
]

ENDINGS = (
    *(".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mka", ".mp3", ".mp4"),
    *(".oga", ".ogg", ".opus", ".wav", ".wma"),
)
"""What an audio file in a folder is known by; a file that is named itself may end as it likes."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found of one file."""

    path: Path
    measured: Measured
    findings: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found of all files, each by itself and `together`."""

    spec: DeliverySpec
    reports: tuple[CheckReport, ...]
    together: tuple[RuleResult, ...]

    @property
    def failed(self) -> int:
        """How many findings fall short."""
        return sum(finding.passed is False for finding in self._findings())

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON has it; what is infinite or not there is null."""
        return {
            "spec": self.spec.name,
            "passed": not self.failed,
            "files": [_file(report) for report in self.reports],
            "together": [asdict(finding) for finding in self.together],
        }

    def _findings(self) -> Iterator[RuleResult]:
        for report in self.reports:
            yield from report.findings
        yield from self.together


def check(paths: Iterable[Path], spec: DeliverySpec) -> Iterator[CheckReport]:
    """Judge files, and the audio files in folders, one after another; raises PipelineError."""
    for path in list(_files(paths)):
        yield examine(path, spec)


def concluded(reports: Iterable[CheckReport], spec: DeliverySpec) -> FileCheck:
    """Judge files together that have been judged by themselves."""
    done = tuple(reports)
    return FileCheck(spec, done, tuple(together([report.measured for report in done], spec)))


def examine(path: Path, spec: DeliverySpec = DEFAULT_SPEC) -> CheckReport:
    """Measure and judge one file; SourceError when it is no audio file that can be read."""
    if not path.is_file():
        raise SourceError.of("there is no such file", file=path, remedy="name a finished file")
    known = facts(path)
    measured = Measured(known, measure(path, known), labels(path))
    return CheckReport(path, measured, tuple(judge(measured, spec)))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files that are meant, those of a folder by name; SourceError for an empty one."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(each for each in path.iterdir() if _is_audio(each))
        if not found:
            raise SourceError.of("has no audio files", file=path, remedy="name another folder")
        yield from found


def _is_audio(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()


def _file(report: CheckReport) -> dict[str, Any]:
    measured = report.measured
    read = measured.labels
    return {
        "file": str(report.path),
        "passed": all(finding.passed is not False for finding in report.findings),
        "measured": _finite(asdict(measured.facts) | asdict(measured.levels)),
        "tags": {player: dict(shown) for player, shown in read.players.items()},
        "cover": read.cover,
        "chapters": [asdict(chapter) for chapter in read.chapters],
        "checks": [asdict(finding) for finding in report.findings],
    }


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    infinite = (float("inf"), -float("inf"))
    return {name: None if value in infinite else value for name, value in values.items()}
