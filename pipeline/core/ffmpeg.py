"""ffmpeg as a child process."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Self

from pipeline.core.errors import EncodeError

VARIABLE = "FULLCAST_FFMPEG"


@cache
def executable() -> str:
    """Return the path of ffmpeg: FULLCAST_FFMPEG, else that of imageio-ffmpeg.

    Raises EncodeError if there is none.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            raise EncodeError.of(
                f"{VARIABLE}: {chosen!r} is not a program",
                remedy=f"correct it, or unset {VARIABLE} to use the bundled ffmpeg",
            )
        return path
    import imageio_ffmpeg  # noqa: PLC0415 - not needed if FULLCAST_FFMPEG is set

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EncodeError.of(
            "there is no bundled ffmpeg for this machine",
            remedy=f"install ffmpeg and set {VARIABLE} to its path",
        ) from error


@cache
def version() -> str:
    """Return what `ffmpeg -version` prints: version, build options, library versions.

    Raises EncodeError if it fails.
    """
    run = subprocess.run([executable(), "-version"], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise EncodeError.of(f"{executable()} is not ffmpeg", remedy=f"correct or unset {VARIABLE}")
    return run.stdout


class Ffmpeg:
    """A run of ffmpeg with a pipe to its stdin and, with `capture_output`, one from its stdout.

    `activity` completes "ffmpeg failed while ..." in errors. As a context manager it waits for
    ffmpeg on success and kills it on an exception. ffmpeg runs in its own session, so that ^C in a
    terminal reaches only this process, which then ends it.
    """

    def __init__(self, arguments: Sequence[str], activity: str, *, capture_output: bool = False):
        self._activity = activity
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._process = subprocess.Popen(
            [executable(), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if capture_output else subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,
        )

    def write(self, data: bytes) -> None:
        """Write to its stdin; raise EncodeError with its own message if it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except (BrokenPipeError, ValueError) as error:
            raise self._failed() from error

    def read(self, size: int) -> bytes:
        """Read `size` bytes from its stdout; fewer at the end."""
        assert self._process.stdout is not None
        return self._process.stdout.read(size)

    def lines(self) -> Iterator[str]:
        """Yield the lines of its stdout, with their line ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.decode(errors="replace")

    def finish(self) -> str:
        """Wait for it to end and return its stderr; raise EncodeError if it failed."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        if self._process.wait() != 0:
            raise self._failed()
        return self._stderr()

    def kill(self) -> None:
        """Kill it, from any thread; does nothing if it has ended."""
        self._process.kill()

    def close(self) -> None:
        """Kill it if it still runs, and close its pipes."""
        self.kill()
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.close()

    def _stderr(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()

    def _failed(self) -> EncodeError:
        self._process.wait()
        stderr = self._stderr() or f"exit status {self._process.returncode}"
        message = re.sub(r"^\[[^]]* @ 0x\w+\] ", "", stderr.splitlines()[-1])
        return EncodeError.of(
            f"ffmpeg failed while {self._activity}: {message}",
            remedy="free some disk space" if "No space left" in stderr else None,
        )
