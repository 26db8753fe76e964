"""The program that a worker process runs: it calls functions for its parent.

Calls and answers are pickled, and travel as frames over the worker's stdin and stdout.
"""

import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from pipeline.core.errors import EngineError, PipelineError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_LENGTH = struct.Struct("<Q")

READY = b""
"""The frame that a worker sends when it has started."""


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Write `content` so that `read_frame` knows where it ends."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """Wait for the next frame and return its content; raise EOFError if the other end closes."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(header)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


def main() -> None:
    """Answer calls until the parent closes its end of the pipes, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calls, answers = _take_standard_streams()
    received: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(calls, received), daemon=True).start()
    with suppress(OSError):  # the parent is gone
        write_frame(answers, READY)
        while True:
            write_frame(answers, _answer(received.get()))


def _take_standard_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return stdin and stdout as streams of our own, and leave an empty stdin and stdout.

    Engines and the C libraries in them may read and write those.
    """
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    return streams


def _receive(calls: IO[bytes], received: "SimpleQueue[bytes]") -> None:
    """Queue calls; when the parent is gone, end the process, even during a call that hangs."""
    try:
        while True:
            received.put(read_frame(calls))
    finally:
        os._exit(1)


def _answer(frame: bytes) -> bytes:
    """Do a call; return whether it succeeded, its result or exception, and our peak memory."""
    try:
        function, args, kwargs = pickle.loads(frame)  # noqa: S301 - from our parent
        return pickle.dumps((True, function(*args, **kwargs), _peak_memory()))
    except Exception as error:  # whatever it is, it belongs to the caller
        return pickle.dumps((False, _portable(error), _peak_memory()))


def _peak_memory() -> int:
    """Return the most memory, in bytes, that this process has had; 0 where nobody counts."""
    with suppress(OSError, StopIteration):
        # On Linux, getrusage counts what the parent had when it started this process.
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])
    if resource is None:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _portable(error: Exception) -> Exception:
    """Return the error, or an EngineError in its place if it cannot be unpickled."""
    if not isinstance(error, PipelineError):
        error.add_note("In the worker:\n" + "".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled here
    except Exception:  # anything can go wrong in the __reduce__ of an engine's exception
        return EngineError.of(f"{type(error).__name__}: {error}")
    return error
