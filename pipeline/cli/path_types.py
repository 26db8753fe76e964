"""The types of the paths that options and arguments name.

Each path is asked about as the command line is read, so that no command waits for a pipe, reads a
device without end, or meets a path that the system refuses. `tests/cli/test_hostile_paths.py` holds
every command to these types.
"""

import os
from pathlib import Path

import click

from pipeline.core import paths
from pipeline.core.errors import (
    EncodeError,
    FetchError,
    PathError,
    PipelineError,
    SourceError,
    StoreError,
)


class CheckedPath(click.Path):
    """A path that leads to a file, to a folder, or to nothing; else an `error` is raised.

    Nothing else is asked: whether a file has to exist, and what to do if not, each command says.
    """

    def __init__(self, error: type[PipelineError] = PathError, metavar: str = "FILE"):
        super().__init__(path_type=Path)
        self._error = error
        self.name = metavar.lower()

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path; raise the error of this type if it is of no use."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        self.check(path)
        return path

    def check(self, path: Path) -> None:
        """Raise the error of this type unless the path may be used."""
        paths.refuse_special(path, self._error)
        paths.resolved(path, self._error)


class AudioPath(CheckedPath):
    """A finished audio file, or a folder of them."""

    def check(self, path: Path) -> None:
        """Refuse an empty file, too."""
        super().check(path)
        found = paths.status(path, self._error)
        if paths.is_file(path, self._error) and found and not found.st_size:
            raise self._error.of("is empty", file=path, remedy="name a finished audio file")


class FolderPath(CheckedPath):
    """A folder, or the place for a new one."""

    def check(self, path: Path) -> None:
        """Refuse a file, too."""
        super().check(path)
        if paths.is_file(path, self._error):
            raise self._error.of("is a file", file=path, remedy="name a folder")


class FolderOrAddress(FolderPath):
    """A folder, or the address of one on the web; both remain texts."""

    def convert(  # type: ignore[override]
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text; raise the error of this type if it is a path of no use."""
        is_address = value.startswith(("http://", "https://"))
        return value if is_address else str(super().convert(value, param, ctx))


SOURCE = CheckedPath(SourceError)
CAST = CheckedPath(PathError)
COVER = CheckedPath(EncodeError)
OUTPUT = CheckedPath(EncodeError)
AUDIO = AudioPath(SourceError)
DOWNLOADS = FolderOrAddress(FetchError, "FOLDER")
CACHE = CheckedPath(StoreError, "FOLDER")  # a script needs none
