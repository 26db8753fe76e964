"""ffmpeg as a child process."""

import math
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Self

from pipeline.core.errors import EncodeError

VARIABLE = "FULLCAST_FFMPEG"
_VERSION_LIMIT = 20.0
"""Seconds in which ffmpeg has said its version, on a machine that is busy otherwise."""
_STEP_LIMIT = 120.0
"""Seconds in which ffmpeg takes or hands over the next few kilobytes."""
_END_LIMIT = 600.0
"""Seconds in which it writes the end of a file, once it has everything."""
_POLL_INTERVAL = 0.5  # seconds


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
    program = executable()
    try:
        run = subprocess.run(
            [program, "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _no_ffmpeg(f"does not answer within {_VERSION_LIMIT:g} seconds") from error
    except OSError as error:
        raise _no_ffmpeg(f"cannot be run ({error.strerror or error})") from error
    text = run.stdout.decode(errors="replace")
    if run.returncode != 0 or not text.startswith("ffmpeg version"):
        raise _no_ffmpeg("is not ffmpeg")
    return text


def _no_ffmpeg(what: str) -> EncodeError:
    return EncodeError.of(f"{executable()} {what}", remedy=f"correct or unset {VARIABLE}")


class Ffmpeg:
    """A run of ffmpeg with a pipe to its stdin and, with `capture_output`, one from its stdout.

    `activity` completes "ffmpeg failed while ..." in errors. As a context manager it waits for
    ffmpeg on success and kills it on an exception. ffmpeg runs in its own session, so that ^C in a
    terminal reaches only this process, which then ends it. An ffmpeg that neither takes nor hands
    over anything for two minutes is killed, and the step that waited for it raises EncodeError.
    """

    def __init__(self, arguments: Sequence[str], activity: str, *, capture_output: bool = False):
        version()  # raises an error in words for a program that is no ffmpeg
        self._activity = activity
        self._deadline = math.inf
        self._hung = False
        self._ended = threading.Event()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._process = subprocess.Popen(
            [executable(), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if capture_output else subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,
        )
        threading.Thread(target=self._watch, name="ffmpeg watch", daemon=True).start()

    def write(self, data: bytes) -> None:
        """Write to its stdin; raise EncodeError with its own message if it has ended."""
        assert self._process.stdin is not None
        try:
            with self._within(_STEP_LIMIT):
                self._process.stdin.write(data)
        except (BrokenPipeError, ValueError) as error:
            raise self._failed() from error

    def read(self, size: int) -> bytes:
        """Read `size` bytes from its stdout; fewer at the end."""
        assert self._process.stdout is not None
        with self._within(_STEP_LIMIT):
            return self._process.stdout.read(size)

    def lines(self) -> Iterator[str]:
        """Yield the lines of its stdout, with their line ends."""
        assert self._process.stdout is not None
        while True:
            with self._within(_STEP_LIMIT):
                line = self._process.stdout.readline()
            if not line:
                return
            yield line.decode(errors="replace")

    def finish(self) -> str:
        """Wait for it to end and return its stderr; raise EncodeError if it failed."""
        assert self._process.stdin is not None
        with self._within(_END_LIMIT):
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            status = self._process.wait()
        if status != 0:
            raise self._failed()
        return self._stderr()

    def kill(self) -> None:
        """Kill it, from any thread; does nothing if it has ended."""
        self._process.kill()

    def close(self) -> None:
        """Kill it if it still runs, and close its pipes."""
        self._ended.set()
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

    @contextmanager
    def _within(self, limit: float) -> Iterator[None]:
        """Have ffmpeg killed if what is done here takes longer than `limit` seconds."""
        self._deadline = time.monotonic() + limit
        try:
            yield
        finally:
            self._deadline = math.inf

    def _watch(self) -> None:
        while not self._ended.wait(_POLL_INTERVAL):
            if time.monotonic() > self._deadline:
                self._hung = True
                self.kill()

    def _stderr(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()

    def _failed(self) -> EncodeError:
        self._process.wait()
        if self._hung:
            what = f"ffmpeg stopped answering while {self._activity}"
            return EncodeError.of(what, remedy="try again; if it recurs, try another ffmpeg")
        stderr = self._stderr() or f"exit status {self._process.returncode}"
        message = re.sub(r"^\[[^]]* @ 0x\w+\] ", "", stderr.splitlines()[-1])
        return EncodeError.of(
            f"ffmpeg failed while {self._activity}: {message}",
            remedy="free some disk space" if "No space left" in stderr else None,
        )
