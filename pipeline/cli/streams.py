"""stdin, stdout and stderr as a shell or another program leaves them: closed, full, or not Unicode.

A closed one is opened on the null device: otherwise the first file that a command opens would take
its number, and what is printed would end up in that file.
"""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.cli.stderr import warn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_HANDLER = "fullcast"


def open_standard_streams() -> None:
    """Make sure that all three are open, and that nothing fails because stderr cannot be written.

    A worker or ffmpeg inherits them as they are then.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - to the end
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    sys.stderr = _lenient(sys.stderr)


def _lenient(stderr: TextIO | None) -> TextIO:
    """Return stderr as a stream to which writing never fails."""
    encoding = "utf-8" if stderr is None else stderr.encoding
    buffer: io.BufferedWriter[io.RawIOBase] = io.BufferedWriter(_Lenient(2))
    return io.TextIOWrapper(buffer, encoding, "backslashreplace", line_buffering=True)


class _Lenient(io.RawIOBase):
    """A file descriptor that takes what it cannot write (disk full, reader gone) as written."""

    def __init__(self, number: int):
        self._number = number

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """Return the number of the file descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._number)

    def write(self, data: "ReadableBuffer") -> int:
        """Write what can be written."""
        content = bytes(data)
        try:
            return os.write(self._number, content)
        except OSError:
            return len(content)


@contextmanager
def escaped_stdout() -> Iterator[None]:
    """Print characters that the encoding of stdout lacks as JSON escapes them; warn in the end.

    JSON stays what it was so. The bytes of a file name that is
    no Unicode are printed as they are.
    """
    escapes = _Escapes()
    codecs.register_error(_HANDLER, escapes.handle)
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=_HANDLER)
    try:
        yield
    finally:
        if escapes.count:
            warn(
                f"stdout is in {sys.stdout.encoding}, which lacks {escapes.count:,} of the "
                "characters; they are printed as \\uXXXX (set PYTHONIOENCODING=utf-8)"
            )


class _Escapes:
    """An error handler of codecs that counts what it escapes."""

    def __init__(self) -> None:
        self.count = 0

    def handle(self, error: UnicodeError) -> tuple[str | bytes, int]:
        """Return what is written in place of characters that cannot be encoded."""
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lacking = error.object[error.start : error.end]
        if all("\udc80" <= char <= "\udcff" for char in lacking):
            return bytes(ord(char) - 0xDC00 for char in lacking), error.end
        self.count += len(lacking)
        units = lacking.encode("utf-16-be", "surrogatepass")
        pairs = zip(units[::2], units[1::2], strict=True)
        return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs), error.end


def discard_stdout_if_broken() -> None:
    """Send what is left for stdout to the null device, if it can no longer be written."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
