"""The log: a record of each command, beside the cache, to be sent along with a report.

It has versions, settings and timings, and where the program was when it failed; no text of the
book, no names of files, and no messages, which may quote them.
"""

import os
import platform
import re
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline import __version__
from pipeline.core.cache import default_cache_folder
from pipeline.core.errors import PipelineError
from pipeline.core.paths import refuse_special

NAME = "fullcast.log"
MAX_BYTES = 500_000
"""The size from which a log is put aside as `fullcast.log.1`, and that one as `.2`."""
_KEPT = 3
_MAX_CAUSES = 5
_OPTION = re.compile("--?[a-z]+(?:-[a-z]+)*")
_CACHE = "--cache"
_TELLING = frozenset(
    ("--format", "--jobs", "--spec", "--captions", "--engine", "--chapters", "--lines", "--most")
)
"""Options whose values are settings. Those of others may be names, titles or words."""
_LIBRARIES = ("numpy", "soxr", "pedalboard", "pydub", "mutagen", "pyttsx3", "imageio-ffmpeg")


class CommandLog:
    """The record of one command; `arguments` begin with its name."""

    def __init__(self, arguments: Sequence[str]):
        self._arguments = list(arguments)
        self._began = time.monotonic()
        self._notes: list[str] = []

    def note(self, what: str) -> None:
        """Add something to the record, with the seconds since the command began."""
        self._notes.append(f"{what} at {time.monotonic() - self._began:.1f} s")

    def write(self, status: int, error: BaseException | None = None) -> Path | None:
        """Append the record to the log and return its path; None if it cannot be written."""
        return self._append(self._record(status, error))

    def write_bug(self, status: int, error: BaseException) -> Path:
        """Write the record, and where the bug showed, to the log or else to a temporary file."""
        record = self._record(status, error) + _trace(error)
        path = self._append(record)
        if path is not None:
            return path
        handle, name = tempfile.mkstemp(prefix="fullcast-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(record)
        return Path(name)

    def _append(self, record: str) -> Path | None:
        with suppress(OSError, PipelineError):
            path = log_path(_cache_of(self._arguments))
            path.parent.mkdir(parents=True, exist_ok=True)
            _rotate(path)
            refuse_special(path)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(record)
            return path
        return None

    def _record(self, status: int, error: BaseException | None) -> str:
        fields = [
            time.strftime("%Y-%m-%d %H:%M:%S"),
            f"fullcast {__version__}, Python {platform.python_version()}, {platform.platform()}",
            " ".join(_settings(self._arguments)),
            *self._notes,
            f"exit {status} after {time.monotonic() - self._began:.1f} s",
            *([] if error is None else [_kind(error)]),
        ]
        return "; ".join(fields) + "\n"


_current: CommandLog | None = None


@contextmanager
def command_log(arguments: Sequence[str]) -> Iterator[CommandLog]:
    """Yield the record of the command that runs, to which `note` adds."""
    global _current  # noqa: PLW0603 - a process runs one command
    _current = CommandLog(arguments)
    try:
        yield _current
    finally:
        _current = None


def note(what: str) -> None:
    """Add something to the record of the command that runs."""
    if _current is not None:
        _current.note(what)


def log_path(cache: Path) -> Path:
    """Return the path of the log that belongs to a cache."""
    return cache / "log" / NAME


def _cache_of(arguments: Sequence[str]) -> Path:
    """Return the cache folder that the command uses."""
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == _CACHE and (equals or number + 1 < len(arguments)):
            return Path(value if equals else arguments[number + 1])
    return default_cache_folder()


def _settings(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the command and its options, with the values of those that are settings."""
    yield from (name for name in arguments[:1] if name.isalpha())
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if _OPTION.fullmatch(name):
            values = [value] if equals else arguments[number + 1 : number + 2]
            yield " ".join([name, *(values if name in _TELLING else ())])


def _rotate(path: Path) -> None:
    """Put a log aside that has grown large; the oldest one is overwritten."""
    if not path.exists() or path.stat().st_size < MAX_BYTES:
        return
    for number in range(_KEPT - 1, 0, -1):
        older = path.with_name(f"{NAME}.{number}")
        if older.exists():
            os.replace(older, path.with_name(f"{NAME}.{number + 1}"))
    os.replace(path, path.with_name(f"{NAME}.1"))


def _kind(error: BaseException) -> str:
    """Return the class of an error, and the number that the system gave it."""
    number = getattr(error, "errno", None)
    return f"{type(error).__name__}{'' if number is None else f' {number}'}"


def _trace(error: BaseException) -> str:
    """Return where a bug showed, without the messages of errors, and the libraries in use."""
    frames: list[str] = []
    reason: BaseException | None = error
    while reason is not None and len(frames) < _MAX_CAUSES:
        frames.append(f"{_kind(reason)}\n{''.join(traceback.format_tb(reason.__traceback__))}")
        reason = reason.__cause__ or reason.__context__
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return f"{'from '.join(frames)}{libraries}\n"


def _version(library: str) -> str:
    with suppress(PackageNotFoundError):
        return version(library)
    return "missing"
