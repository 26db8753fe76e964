"""Measuring finished files against a delivery spec, and reporting the results.

Nothing here depends on how a file was made: any audio file by any program will do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.check import packages
from pipeline.check.file_meter import measure_levels
from pipeline.check.file_tags import read_tags
from pipeline.check.rules import FileMeasurements, RuleResult, apply_joint_rules, apply_rules
from pipeline.check.stream_info import read_stream_info
from pipeline.core import paths
from pipeline.core.errors import SourceError
from pipeline.model.delivery_spec import DEFAULT_SPEC, DeliverySpec

SUFFIXES = (
    *(".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mka", ".mp3", ".mp4"),
    *(".oga", ".ogg", ".opus", ".wav", ".wma"),
)
"""Suffixes of the audio files in a folder; a file named by itself may have any."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """The results for one file; nothing is measured of a package (EPUB, LPF) as a whole."""

    path: Path
    measured: FileMeasurements | None
    results: tuple[RuleResult, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; what is infinite or missing is null."""
        checked: dict[str, Any] = {
            "file": str(self.path),
            "passed": all(result.passed is not False for result in self.results),
            "checks": [asdict(result) for result in self.results],
        }
        if self.measured is None:
            return checked
        tags = self.measured.tags
        return checked | {
            "measured": _finite(asdict(self.measured.stream) | asdict(self.measured.levels)),
            "tags": {player: dict(shown) for player, shown in tags.players.items()},
            "cover": tags.cover,
            "chapters": [asdict(chapter) for chapter in tags.chapters],
        }


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The results for all files of a delivery, one by one and `together`."""

    spec: DeliverySpec
    files: tuple[FileReport, ...]
    together: tuple[RuleResult, ...]

    @property
    def failed(self) -> int:
        """The number of failed rules."""
        return sum(result.passed is False for result in self._results())

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "spec": self.spec.name,
            "passed": not self.failed,
            "files": [file.to_json() for file in self.files],
            "together": [asdict(result) for result in self.together],
        }

    def _results(self) -> Iterator[RuleResult]:
        for file in self.files:
            yield from file.results
        yield from self.together


def check_files(paths: Iterable[Path], spec: DeliverySpec) -> Iterator[FileReport]:
    """Check files, and the audio files in folders, one after another; raise PipelineError."""
    for path in list(_audio_files(paths)):
        yield check_file(path, spec)


def check_file(path: Path, spec: DeliverySpec = DEFAULT_SPEC) -> FileReport:
    """Measure a file and apply the rules; raise SourceError if it cannot be read."""
    paths.refuse_special(path, SourceError)
    if not paths.exists(path, SourceError):
        raise SourceError.of("no such file", file=path, remedy="name a finished file")
    if path.suffix.lower() in packages.SUFFIXES:
        return FileReport(path, None, packages.check_package(path))
    stream = read_stream_info(path)
    measured = FileMeasurements(stream, measure_levels(path, stream), read_tags(path))
    return FileReport(path, measured, tuple(apply_rules(measured, spec)))


def summarise(files: Iterable[FileReport], spec: DeliverySpec) -> DeliveryReport:
    """Return the report on a delivery, given those on its files."""
    reports = tuple(files)
    measured = [report.measured for report in reports if report.measured is not None]
    together = apply_joint_rules(measured, spec)
    return DeliveryReport(spec, reports, tuple(together))


def _audio_files(named: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, those of a folder sorted by name; raise SourceError for an empty folder."""
    for path in named:
        if not paths.is_folder(path, SourceError):
            yield path
            continue
        try:
            files = sorted(file for file in path.iterdir() if _is_audio(file))
        except OSError as error:
            raise paths.unusable(path, error, SourceError) from error
        if not files:
            raise SourceError.of("no audio files in this folder", file=path, remedy="name another")
        yield from files


def _is_audio(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    infinite = (float("inf"), -float("inf"))
    return {name: None if value in infinite else value for name, value in values.items()}
