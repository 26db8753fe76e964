"""The executor that renders use, whether its workers are on this machine or on a cluster.

`core.process_pool` has the local implementation, `synthesis.cluster` the distributed one.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_EXCEPTION, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, Problem

_P = ParamSpec("_P")
_T = TypeVar("_T")

POLL_INTERVAL = 0.2
"""Seconds that the main thread may wait without a break.

In CPython, a ^C that arrives while the main thread waits for the GIL on its way into a wait without
a timeout is only noticed when that wait ends.
"""


@dataclass(slots=True)
class Task(Generic[_T]):
    """A call that waits in a queue for the thread that makes it, and the future of its result."""

    call: _T
    future: Future[Any] = field(default_factory=Future)


def cancel_pending(tasks: "SimpleQueue[Task[Any] | None]") -> None:
    """Take all tasks out of a queue, and cancel them."""
    with suppress(Empty):
        while True:
            task = tasks.get_nowait()
            if task is not None:
                task.future.cancel()
                task.future.set_running_or_notify_cancel()


def result_of(future: Future[_T]) -> _T:
    """Wait for a future without missing a ^C, and return its result."""
    while not future.done():
        wait_for_futures([future], timeout=POLL_INTERVAL)
    return future.result()


def until_one_fails(futures: Collection[Future[_T]]) -> None:
    """Wait, without missing a ^C, until all futures are done or one has failed."""
    while True:
        done, pending = wait_for_futures(futures, POLL_INTERVAL, FIRST_EXCEPTION)
        if not pending or any(future.cancelled() or future.exception() for future in done):
            return


class Workers(Executor):
    """An executor whose workers may be spread over several machines.

    As a context manager it waits for all tasks; if left by an exception it stops at once: pending
    tasks are cancelled, and running ones raise EngineError.

    The main thread should wait with `result_of` or `until_one_fails`, so that no ^C is missed.
    """

    @abstractmethod
    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Call `question(engine, *args, **kwargs)` once per machine; return futures by machine.

        The future of a machine that goes away before it has answered is cancelled.
        """

    @abstractmethod
    def stop(self) -> None:
        """Abort running tasks and cancel pending ones."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Wait for all tasks, or stop at once on an exception."""
        if exc_type is None:
            self.shutdown(wait=True)
        else:
            self.stop()


def collect_answers(asked: Mapping[str, Future[_T]]) -> dict[str, _T]:
    """Wait for the answers to `Workers.ask` of all machines that are still there.

    Raises EngineError with the problems of all machines, or if no machine is left.
    """
    answers: dict[str, _T] = {}
    problems: list[Problem] = []
    for machine, future in asked.items():
        try:
            answers[machine] = result_of(future)
        except EngineError as error:
            problems += error.problems
        except CancelledError:
            continue
    if not answers and not problems:
        problems.append(Problem("all workers went away before they could answer"))
    EngineError.raise_if(problems)
    return answers


def agreed_answer(asked: Mapping[str, Future[_T]], subject: str) -> _T:
    """Return the answer that all machines give.

    Raises EngineError as `collect_answers` does, and if they disagree: one book would sound like
    two, and the cached clips would depend on chance.
    """
    answers = collect_answers(asked)
    first = next(iter(answers))
    for machine, answer in answers.items():
        if answer != answers[first]:
            raise EngineError.of(
                f"workers disagree about {subject}: "
                f"{first} has {answers[first]!r}, {machine} has {answer!r}",
                remedy="install the same engines and voices on all of them",
            )
    return answers[first]
