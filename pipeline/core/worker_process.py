"""One worker process, as its parent sees it."""

import math
import signal
import subprocess
import sys
import time
from contextlib import suppress

from pipeline.core.worker_main import read_frame, write_frame


class WorkerLostError(Exception):
    """A worker has died, or was killed because it hung; as text, what happened to it."""

    def __init__(self, what: str, *, killed: bool = False):
        super().__init__(what)
        self.killed = killed  # from outside


class WorkerProcess:
    """A process that runs `worker_main`, and the pipes to it; raises OSError if it cannot start.

    It has a session of its own: ^C in a terminal reaches only this process, which then ends it. An
    interpreter that is still starting would print a traceback.
    """

    def __init__(self) -> None:
        self._deadline = math.inf
        self._hung = False
        self._process = subprocess.Popen(
            _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )

    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self, timeout: float) -> None:
        """Wait until the process has started; raise WorkerLostError as `call` does."""
        self._exchange(None, timeout)

    def call(self, frame: bytes, timeout: float) -> bytes:
        """Send a frame and return the answer.

        Raises WorkerLostError, and ends the process, if it dies or if `kill_if_hung` finds that it
        takes longer than `timeout` seconds.
        """
        return self._exchange(frame, timeout)

    def _exchange(self, frame: bytes | None, timeout: float) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._deadline = time.monotonic() + timeout
        try:
            if frame is not None:
                write_frame(self._process.stdin, frame)
            return read_frame(self._process.stdout)
        except (OSError, EOFError):
            raise self._lost(timeout) from None
        except BaseException:
            self.kill()  # the rest of this answer must not pass for the next one
            raise
        finally:
            self._deadline = math.inf

    def _lost(self, timeout: float) -> WorkerLostError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        status = self._process.returncode
        self.end()
        if self._hung:
            return WorkerLostError(f"hung: no answer in {timeout:g} seconds")
        killed = status is not None and status < 0
        return WorkerLostError(f"crashed ({_status_text(status)})", killed=killed)

    def kill_if_hung(self) -> None:
        """Kill the process, from any thread, if its answer is overdue."""
        if time.monotonic() > self._deadline:
            self._hung = True
            self.kill()

    def kill(self) -> None:
        """Kill the process, from any thread."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process, wait for it, and close the pipes."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # it cannot be flushed
                    pipe.close()


def _command() -> list[str]:
    """Return the command line of a worker that imports modules from where this process does.

    Unlike a process of `multiprocessing` it does not import the main module of its parent, which
    would cost each worker the imports of the whole command line.
    """
    path = list(map(str, sys.path))
    program = "from pipeline.core.worker_main import main; main()"
    return [sys.executable, "-c", f"import sys; sys.path[:] = {path!r}; {program}"]


def _status_text(status: int | None) -> str:
    if status is not None and status < 0:
        with suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit status {status}"
