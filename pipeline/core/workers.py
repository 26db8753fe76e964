"""Workers as a `concurrent.futures.Executor`, and those that are processes on this machine.

One thread serves one worker over a pipe of its own, so a worker that dies or is killed at any
moment takes nothing with it but its task: no lock, queue or pipe is shared between workers.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_EXCEPTION, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for_futures
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, Problem

_P = ParamSpec("_P")
_T = TypeVar("_T")

NAP = 0.2  # seconds; see `outcome`


def result_of(future: Future[_T]) -> _T:
    """Wait for a future, and give its result.

    In naps: in CPython a ^C that comes while the main thread waits for the GIL, on its way into a
    wait without a limit, is seen only when that wait ends.
    """
    while not future.done():
        wait_for_futures([future], timeout=NAP)
    return future.result()


def until_one_fails(futures: Collection[Future[_T]]) -> None:
    """Wait until all are done, or one has failed; in naps, as `outcome`."""
    while True:
        done, left = wait_for_futures(futures, NAP, FIRST_EXCEPTION)
        if not left or any(future.cancelled() or future.exception() for future in done):
            return


class Workers(Executor):
    """An executor whose workers may be on several machines.

    As a context manager it waits for all tasks, or, left by an exception, stops at once: tasks not
    begun are cancelled, those under way raise EngineError.

    The main thread should wait for futures with `outcome`, so that no ^C is missed.
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
        """Have each machine call `question` about an engine; by the machine's name.

        The future of a machine that goes away before it has answered is cancelled.
        """

    @abstractmethod
    def stop(self) -> None:
        """Give up what is under way; cancel what has not begun."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Wait for all tasks, or stop at once when an exception passes."""
        if exc_type is None:
            self.shutdown(wait=True)
        else:
            self.stop()


def answers(asked: Mapping[str, Future[_T]]) -> dict[str, _T]:
    """Wait for what all machines say that are still there.

    Raises EngineError with the problems of all of them, or if none is there any more.
    """
    given: dict[str, _T] = {}
    problems: list[Problem] = []
    for machine, future in asked.items():
        try:
            given[machine] = result_of(future)
        except EngineError as error:
            problems += error.problems
        except CancelledError:
            continue
    if not given and not problems:
        problems.append(Problem("the workers went away before they could be asked"))
    EngineError.raise_if(problems)
    return given


def agreed(asked: Mapping[str, Future[_T]], about: str) -> _T:
    """Give what all machines say; raises EngineError as `answers`, and if they do not agree.

    One book would sound as two, and which clips are kept would be chance.
    """
    given = answers(asked)
    first = next(iter(given))
    for machine, answer in given.items():
        if answer != given[first]:
            raise EngineError.of(
                f"the workers are not the same about {about}: "
                f"{first} has {given[first]!r}, {machine} has {answer!r}",
                remedy="install the same engines and voices on all of them",
            )
    return given[first]
