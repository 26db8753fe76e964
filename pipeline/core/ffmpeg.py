"""ffmpeg as a child process: found, fed and heard out in one place."""

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
def program() -> str:
    """The ffmpeg to run: the one that FULLCAST_FFMPEG names, else the one of imageio-ffmpeg."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise EncodeError.of(
                f"{VARIABLE} names {chosen!r}, which is no program",
                remedy=f"correct it, or unset {VARIABLE} to use the ffmpeg that came along",
            )
        return found
    import imageio_ffmpeg  # noqa: PLC0415 - not needed where an ffmpeg was chosen

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EncodeError.of(
            "no ffmpeg came along for this machine",
            remedy=f"install ffmpeg and set {VARIABLE} to it",
        ) from error


@cache
def version() -> str:
    """What the program says of itself: its version, how it was built, its libraries."""
    said = subprocess.run([program(), "-version"], capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise EncodeError.of(
            f"{program()} does not run as ffmpeg", remedy=f"correct or unset {VARIABLE}"
        )
    return said.stdout


class Ffmpeg:
    """One run of ffmpeg that reads from a pipe, and with `heard` writes to another.

    As a context manager it is waited for on success and killed on an exception, so none is left
    behind. It lives in a session of its own: ^C in a terminal reaches us, and we end it.
    """

    def __init__(self, arguments: Sequence[str], doing: str, *, heard: bool = False):
        self._doing = doing
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the run
        self._process = subprocess.Popen(
            [program(), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if heard else subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,
        )

    def write(self, data: bytes) -> None:
        """Feed it; EncodeError in ffmpeg's own words when it has died."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except (BrokenPipeError, ValueError) as error:
            raise self._failed() from error

    def read(self, size: int) -> bytes:
        """Give the next `size` bytes of what it writes to its stdout; fewer at the end."""
        assert self._process.stdout is not None
        return self._process.stdout.read(size)

    def lines(self) -> Iterator[str]:
        """Give what it writes to its stdout line by line, each with its end."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.decode(errors="replace")

    def finish(self) -> str:
        """Wait until it has written everything; give what it said on stderr."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        if self._process.wait() != 0:
            raise self._failed()
        return self._said()

    def kill(self) -> None:
        """End it at once, from any thread; harmless when it has ended."""
        self._process.kill()

    def close(self) -> None:
        """End it if it still runs, and free what it held."""
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

    def _said(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()

    def _failed(self) -> EncodeError:
        self._process.wait()
        said = self._said() or f"it ended with status {self._process.returncode}"
        full = "No space left" in said
        words = re.sub(r"^\[[^]]* @ 0x\w+\] ", "", said.splitlines()[-1])
        return EncodeError.of(
            f"ffmpeg failed while {self._doing}: {words}",
            remedy="make room on the disk" if full else None,
        )
