"""Spawned processes as an executor."""

import contextlib
import math
import multiprocessing
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, PipelineError
from pipeline.core.workers import POLL_INTERVAL, Workers

_START_TIMEOUT = 60.0  # seconds; a laptop that swaps may need many to start an interpreter


_ATTEMPTS = 2


_FAREWELL = 0.5  # seconds


_P = ParamSpec("_P")
_T = TypeVar("_T")
_READY = b"ready"


_loads = pickle.loads  # both ends of the pipe are ours: nothing foreign is read


class LocalWorkers(Workers):
    """Up to `jobs` spawned processes, each started when there is work for it.

    A task that runs longer than `timeout` seconds, or whose worker dies, is tried once more in a
    new worker; then its future raises EngineError. What the task itself raises travels as it is.
    Workers ignore ^C, write nothing to stdout, and end with their parent however it ends. Tasks are
    functions of importable modules: a worker does not import the main module again.
    """

    def __init__(self, jobs: int, timeout: float = 120.0):
        self._timeout = timeout
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._slots = [_Slot(self._tasks, timeout) for _ in range(max(1, jobs))]

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a worker call `fn`; arguments and result must pickle.

        The future may be cancelled until its task begins. Raises RuntimeError after `shutdown`.
        """
        task = _Task((fn, args, kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers have been shut down")
            self._tasks.put(task)
        return task.future

    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Have one worker answer: what holds for it holds for all on this machine."""
        return {"this machine": self.submit(question, engine, *args, **kwargs)}

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks and end the workers when those submitted are done.

        `cancel_futures` cancels the tasks that no worker has begun. An exception while waiting
        (^C) stops everything at once.
        """
        if cancel_futures:
            self._cancel_pending()
        self._close()
        if wait:
            try:
                self._join()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Kill the workers; cancel what has not begun."""
        self._close()
        for slot in self._slots:
            slot.stop()
        self._cancel_pending()
        self._close_slots()
        # A ^C inside `concurrent.futures.wait` may leave futures locked for good, and a slot with
        # them. It is a daemon thread, and its process is gone already.
        self._join(limit=_FAREWELL)

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._close_slots()

    def _close_slots(self) -> None:
        for _ in self._slots:
            self._tasks.put(None)

    def _cancel_pending(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None:
                    task.future.cancel()
                    task.future.set_running_or_notify_cancel()

    def _join(self, limit: float = math.inf) -> None:
        """Wait for the slots to finish, `limit` seconds at most."""
        end = time.monotonic() + limit
        for slot in self._slots:
            while slot.thread.is_alive() and time.monotonic() < end:
                slot.thread.join(POLL_INTERVAL)


@dataclass(slots=True)
class _Task:
    """A call (function, arguments, keyword arguments) and the future of its result."""

    call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    future: Future[Any] = field(default_factory=Future)


class _LostError(Exception):
    """The worker is gone, or had to be killed; says how a person would put it."""


class _Slot:
    """A thread that takes tasks from the queue, and the worker process that does them."""

    def __init__(self, tasks: "queue.SimpleQueue[_Task | None]", timeout: float):
        self._tasks = tasks
        self._timeout = timeout
        self._worker: _Worker | None = None
        self._broken: EngineError | None = None
        self._stopping = False
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._serve, name="worker slot", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Kill the worker; the thread then sees its pipe end."""
        with self._lock:
            self._stopping = True
            if self._worker is not None:
                self._worker.kill()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            if task.future.set_running_or_notify_cancel():
                self._do(task)
        if self._worker is not None:
            self._worker.end()

    def _do(self, task: _Task) -> None:
        try:
            ok, value = self._try(pickle.dumps(task.call))
        except Exception as error:  # whatever it is belongs to whoever waits
            ok, value = False, error
        if ok:
            task.future.set_result(value)
        else:
            task.future.set_exception(value)

    def _try(self, call: bytes) -> tuple[bool, Any]:
        """Do the call in a live worker, and once more in a new one if that is lost."""
        for attempt in range(1, _ATTEMPTS + 1):
            worker = self._living_worker()
            try:
                return worker.do(call, self._timeout)
            except _LostError as lost:
                worker.end()
                if attempt == _ATTEMPTS or self._stopping:
                    raise EngineError.of(f"the engine {lost}{self._tries(attempt)}") from None
        raise AssertionError("not reached")

    def _tries(self, attempt: int) -> str:
        return "" if self._stopping else f", {attempt} times in a row"

    def _living_worker(self) -> "_Worker":
        with self._lock:
            if self._stopping:
                raise EngineError.of("the workers were stopped")
            if self._broken is not None:
                raise self._broken
            if self._worker is not None and self._worker.process.is_alive():
                return self._worker
            worker = self._worker = _Worker()
        try:
            worker.start()
        except EngineError as error:
            self._broken = error  # the next would fare no better: do not try for every task
            raise
        return worker


class _Worker:
    """A spawned process at the other end of a pipe."""

    def __init__(self) -> None:
        self._pipe, self._theirs = multiprocessing.Pipe()
        name = "fullcast worker"
        self.process = _Process(target=_work, args=(self._theirs,), name=name, daemon=True)
        self._lock = threading.Lock()
        self._killed = False

    def start(self) -> None:
        """Start the process and wait until it is ready; raise EngineError if it never is."""
        why = "it did not come up"
        try:
            with self._lock:
                if self._killed:  # another thread stopped us before there was a process to kill
                    raise EngineError.of("the workers were stopped")
                self.process.start()
            # Ours must be the only other end: then the pipe ends when the worker does.
            self._theirs.close()
            if self._pipe.poll(_START_TIMEOUT) and self._pipe.recv_bytes() == _READY:
                return
        except EOFError:
            self.process.join(1)
            why = f"exit status {self.process.exitcode}"
        except OSError as error:
            why = str(error)
        self.end()
        raise EngineError.of(
            f"a worker process cannot start: {why}", remedy="run `fullcast doctor`"
        )

    def do(self, call: bytes, timeout: float) -> tuple[bool, Any]:
        """Send the call; give whether it went well, and its result or exception."""
        try:
            self._pipe.send_bytes(call)
            if not self._pipe.poll(timeout):
                raise _LostError(f"hung: no answer in {timeout:g} seconds")
            answer = self._pipe.recv_bytes()
        except (OSError, EOFError):
            self.process.join(1)
            raise _LostError(f"crashed ({_exit_words(self.process.exitcode)})") from None
        ok, value = _loads(answer)
        return ok, value

    def end(self) -> None:
        """Make sure that the process is gone."""
        self._pipe.close()
        self.kill()
        if self.process.pid is not None:
            self.process.join()

    def kill(self) -> None:
        """Kill the process, or see to it that it is never started."""
        with self._lock:
            self._killed = True
            if self.process.pid is not None:
                self.process.kill()


def _exit_words(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit status {code}"


_starting = threading.Lock()


class _Process(SpawnProcess):
    """A spawned process that does not import the main module of its parent again.

    That would cost each worker the whole command line's imports, and would start a script without
    an `if __name__ == "__main__"` over and over.
    """

    def start(self) -> None:
        """Start, even in a daemon: those may have no children, which would outlive them.

        Ours end with their parent. A worker of a dask cluster is such a daemon.
        """
        ours = multiprocessing.current_process()._config  # type: ignore[attr-defined]
        with _starting:
            daemon = ours.get("daemon", False)
            ours["daemon"] = False
            try:
                super().start()
            finally:
                ours["daemon"] = daemon

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _no_main(), _no_interrupt():
            return SpawnProcess._Popen(process_obj)


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Have the new process born deaf to ^C, so that it prints no traceback while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - not there on Windows

    resource_tracker.ensure_running()  # it would unblock SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: "Connection[bytes, bytes]") -> None:
    """The life of a worker: answer calls until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Stdout is for the command's answer: not even a C library may write there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))


def _die_with_parent() -> None:
    """End even in the middle of a task that hangs when the parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _answer(call: bytes) -> bytes:
    try:
        function, args, kwargs = _loads(call)
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # it is the caller's, and travels to them
        return pickle.dumps((False, _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error, or an EngineError in its place if it would not survive the pipe."""
    if not isinstance(error, PipelineError):
        error.add_note("In the worker:\n" + "".join(traceback.format_exception(error)))
    try:
        _loads(pickle.dumps(error))
    except Exception:  # anything can go wrong in another's __reduce__
        return EngineError.of(f"{type(error).__name__}: {error}")
    return error
